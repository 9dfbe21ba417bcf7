"""Pictures that cannot be read: cut off, overwritten, too large, or none at all."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image as Pillow

from app.intake.read_file import ReadFile
from inference import Image
from tests.corpus.case import Case, Write, cut, flipped, written
from tests.corpus.pictures import FORMATS, saved

NO_PICTURE = "not a picture of a kind that Facet reads"
DAMAGED = "damaged or of a rare kind"
LARGE = "is too large"


def cases() -> Iterator[Case]:
    """All of them."""
    noise = Pillow.fromarray(np.random.default_rng(1).integers(0, 256, (90, 90, 3), np.uint8))
    more = (("BMP", "bmp"), ("GIF", "gif"), ("JPEG2000", "jp2"), ("PPM", "ppm"))
    for kind, ending in (*((kind, ending) for kind, ending, _, _ in FORMATS), *more):
        whole = saved(noise, kind)
        yield Case(f"half.{ending}", "image", cut(whole, 0.5), refusal=f"half.{ending}")
        yield Case(f"start.{ending}", "image", cut(whole, 0.004), refusal=f"start.{ending}")
        yield Case(f"flipped.{ending}", "image", flipped(whole, 40), some_picture, "flipped")
    yield from _no_pictures()
    yield from _bombs()


def some_picture(read: ReadFile) -> None:
    """Whatever it shows, it is a picture."""
    (picture,) = read.parts
    assert isinstance(picture, Image)
    assert picture.pixels.ndim == 3


def _no_pictures() -> Iterator[Case]:
    noise = random.Random(5).randbytes(5000)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
    yield Case("empty.png", "image", written(b""), refusal="is empty")
    for name, data in (
        ("noise.png", noise),
        ("noise.jpg", noise),
        ("zeros.tif", bytes(5000)),
        ("text.jpg", b"not a picture at all\n" * 20),
        ("page.png", b"<!doctype html><img src=x onerror=alert(1)>"),
        ("drawing.svg.png", svg),
        ("pages.png", b"%PDF-1.7\n1 0 obj<<>>endobj"),
        ("program.png", b"\x7fELF" + noise),
        ("archive.png", b"PK\x03\x04" + noise),
        ("script.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
    ):
        yield Case(name, "image", written(data), refusal=NO_PICTURE)
    for name, head in (
        ("head.png", b"\x89PNG\r\n\x1a\n"),
        ("head.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("head.webp", b"RIFF\x00\x10\x00\x00WEBPVP8 "),
        ("head.gif", b"GIF89a"),
        ("head.bmp", b"BM"),
        ("head.avif", b"\x00\x00\x00\x1cftypavif"),
        ("head.heic", b"\x00\x00\x00\x1cftypheic"),
    ):
        yield Case(f"noise-after-{name}", "image", written(head + noise), refusal=name)


def _bombs() -> Iterator[Case]:
    yield Case("144-megapixels.png", "image", _black(12_000, 12_000), refusal=LARGE)
    for width, height in ((13_000, 13_001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)):
        data = png(width, height, zlib.compress(bytes(100)))
        yield Case(f"claims-{width}x{height}.png", "image", written(data), refusal=LARGE)
    huge = b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\x00\x00" + bytes(6)
    picture = b"," + struct.pack("<HHHH", 0, 0, 65_535, 65_535) + b"\x00\x02\x02\x4c\x01\x00;"
    yield Case("claims-65535.gif", "image", written(huge + picture), refusal=LARGE)
    words = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(300_000_000), 9))
    yield Case("text-bomb.png", "image", written(png(2, 2, _rows(2, 2), words)), some_picture, "b")
    profile = chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(300_000_000), 9))
    data = png(2, 2, _rows(2, 2), profile)
    yield Case("profile-bomb.png", "image", written(data), some_picture, "b")
    yield Case("nothing-wide.png", "image", written(png(0, 5, _rows(0, 5))), refusal="png")
    wrong = bytearray(png(4, 4, _rows(4, 4)))
    wrong[40] ^= 1
    yield Case("wrong-sum.png", "image", written(bytes(wrong)), refusal="wrong-sum.png")


def png(width: int, height: int, data: bytes, extra: bytes = b"") -> bytes:
    """A PNG of 8-bit RGB that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def chunk(name: bytes, data: bytes) -> bytes:
    """A piece of a PNG."""
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def _rows(width: int, height: int) -> bytes:
    return zlib.compress(bytes((1 + 3 * width) * height))


def _black(width: int, height: int) -> Write:
    return saved(Pillow.new("1", (width, height)), "PNG", compress_level=1)
