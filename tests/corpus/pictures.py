"""Pictures that can be read: every format, kind of colour, orientation and odd size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image as Pillow

from app.intake.read_file import ReadFile
from inference import Image
from tests.corpus.case import Case, Check, Write

Pixels = NDArray[np.uint8]
HEIGHT, WIDTH = 64, 96
ORIENTATION = 0x0112
EXACT, LOSSY, COARSE = 1, 12, 70  # levels that a colour may be away from what was painted

# Format, ending, how far colours may go, options.
FORMATS: tuple[tuple[str, str, int, dict[str, object]], ...] = (
    ("PNG", "png", EXACT, {}),
    ("JPEG", "jpg", LOSSY, {"quality": 92}),
    ("WEBP", "webp", LOSSY, {"quality": 92}),
    ("TIFF", "tif", EXACT, {"compression": "tiff_lzw"}),
    ("AVIF", "avif", LOSSY, {"quality": 90}),
    ("HEIF", "heic", LOSSY, {"quality": 90}),
)
COLOURS: dict[str, tuple[str, ...]] = {
    "PNG": ("1", "L", "LA", "P", "RGBA", "I;16"),
    "JPEG": ("L", "CMYK"),
    "TIFF": ("1", "L", "LA", "P", "RGBA", "CMYK", "LAB", "YCbCr", "I;16", "I", "F"),
    "WEBP": ("L", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "PPM": ("1", "L", "RGB"),
    "JPEG2000": ("L", "LA", "RGB", "RGBA"),
    "ICO": ("RGB", "RGBA"),
    "GIF": ("L", "P", "RGB"),
    "AVIF": ("RGBA",),
    "HEIF": ("L", "RGBA"),
}
# What the file stores so that a viewer that turns by the tag shows the original.
UNTURNED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, -1),
}


def corners(height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    """Red, green, blue and grey quarters, so that every turn and mirror looks different."""
    pixels = np.zeros((height, width, 3), np.uint8)
    h, w = height // 2, width // 2
    pixels[:h, :w], pixels[:h, w:] = (230, 30, 30), (30, 230, 30)
    pixels[h:, :w], pixels[h:, w:] = (30, 30, 230), (128, 128, 128)
    return pixels


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _turned()
    yield from _coloured()
    yield from _of_odd_sizes()
    yield from _with_more_than_one()
    yield from _misnamed()


def shows(expected: Pixels, within: int, notes: int = 0) -> Check:
    """Checks size, the colour in the middle of each quarter, and how many notes there are."""

    def check(read: ReadFile) -> None:
        (picture,) = read.parts
        assert isinstance(picture, Image)
        pixels = picture.pixels
        assert pixels.dtype == np.uint8
        assert pixels.shape == expected.shape
        height, width, _ = expected.shape
        for row in (height // 4, height * 3 // 4):
            for column in (width // 4, width * 3 // 4):
                got, wanted = pixels[row, column].astype(int), expected[row, column].astype(int)
                assert np.abs(got - wanted).max() <= within, (row, column, got, wanted)
        assert len(read.notes) == notes, read.notes
        assert read.thumbnail.startswith(b"\xff\xd8")
        assert (read.facts.height, read.facts.width) == (height, width)

    return check


def saved(picture: Pillow.Image, kind: str, **options: object) -> Write:
    """Writes the picture in a format, whatever the file is called."""

    def write(path: Path) -> None:
        pillow_heif.register_heif_opener(thumbnails=False)
        picture.save(path, format=kind, **options)

    return write


def _saved_heic(picture: Pillow.Image, exif: Pillow.Exif) -> Write:
    """As a telephone does, with the turn as a property of the picture; Pillow's way undoes it."""

    def write(path: Path) -> None:
        pillow_heif.from_pillow(picture).save(path, exif=exif.tobytes(), quality=90)

    return write


def _turned() -> Iterator[Case]:
    for kind, ending, within, options in FORMATS:
        for orientation, unturn in UNTURNED.items():
            exif = Pillow.Exif()
            exif[ORIENTATION] = orientation
            stored = Pillow.fromarray(np.ascontiguousarray(unturn(corners())))
            write = saved(stored, kind, exif=exif, **options)
            if kind == "HEIF":
                write = _saved_heic(stored, exif)
            name = f"turned-{orientation}.{ending}"
            yield Case(name, "image", write, shows(corners(), within))


def _coloured() -> Iterator[Case]:
    endings = {"JPEG": "jpg", "TIFF": "tif", "HEIF": "heic", "JPEG2000": "jp2"}
    for kind, modes in COLOURS.items():
        for mode in modes:
            picture, expected, within, notes = _in_mode(mode)
            options: dict[str, object] = {"quality": 92} if kind in ("AVIF", "HEIF") else {}
            if kind == "WEBP":
                options = {"lossless": True}
            if kind == "GIF" and mode == "RGB":
                within = COARSE
            if kind in ("JPEG", "AVIF", "HEIF", "JPEG2000"):
                within = max(within, LOSSY)
            name = f"{mode.replace(';', '-')}-{kind.lower()}.{endings.get(kind, kind.lower())}"
            size = {"sizes": [(WIDTH, HEIGHT)]} if kind == "ICO" else {}
            write = saved(picture, kind, **options, **size)
            yield Case(name, "image", write, shows(expected, within, notes))


def _in_mode(mode: str) -> tuple[Pillow.Image, Pixels, int, int]:
    """A picture in a mode, what must be seen of it, how far colours may go, notes."""
    whole = Pillow.fromarray(corners())
    grey = np.asarray(whole.convert("L"))
    as_seen = np.repeat(grey[..., None], 3, axis=2)
    if mode == "RGB":
        return whole, corners(), EXACT, 0
    if mode == "L":
        return whole.convert("L"), as_seen, EXACT, 0
    if mode == "1":
        halves = np.where(grey > 100, 255, 0).astype(np.uint8)
        seen = np.repeat(halves[..., None], 3, axis=2)
        return Pillow.fromarray(halves).convert("1"), seen, EXACT, 0
    if mode in ("RGBA", "LA"):
        return _half_clear(whole.convert(mode), corners() if mode == "RGBA" else as_seen)
    if mode == "I;16":
        return Pillow.fromarray(grey.astype(np.uint16) * 257), as_seen, EXACT, 0
    if mode in ("I", "F"):
        values = grey.astype(np.float32 if mode == "F" else np.int32) * 3 - 100
        low, high = int(grey.min()), int(grey.max())
        seen = ((as_seen.astype(int) - low) * 255 // (high - low)).astype(np.uint8)
        return Pillow.fromarray(values), seen, 2, 1
    if mode == "P":
        return whole.quantize(8), corners(), EXACT, 0
    if mode == "LAB":
        lab = Pillow.merge("LAB", [whole.convert("L"), *[Pillow.new("L", whole.size, 128)] * 2])
        return lab, as_seen, 45, 0  # lightness is no grey value, but grows with it
    return whole.convert(mode), corners(), 3, 0


def _half_clear(picture: Pillow.Image, seen: Pixels) -> tuple[Pillow.Image, Pixels, int, int]:
    """The right half is clear, so white shows there."""
    alpha = Pillow.new("L", picture.size, 255)
    alpha.paste(0, (WIDTH // 2, 0, WIDTH, HEIGHT))
    picture.putalpha(alpha)
    on_white = seen.copy()
    on_white[:, WIDTH // 2 :] = 255
    return picture, on_white, EXACT, 1


def _of_odd_sizes() -> Iterator[Case]:
    for height, width in ((1, 1), (1, 700), (700, 1), (2, 3), (333, 517), (1200, 1600)):
        expected = corners(height, width)
        write = saved(Pillow.fromarray(expected), "PNG")
        yield Case(f"size-{width}x{height}.png", "image", write, shows(expected, EXACT))
    expected = corners(3000, 4000)  # as a telephone takes them
    write = saved(Pillow.fromarray(expected), "JPEG", quality=80)
    yield Case("twelve-megapixels.jpg", "image", write, shows(expected, LOSSY))


def _with_more_than_one() -> Iterator[Case]:
    first = Pillow.fromarray(corners())
    others = [Pillow.new("RGB", first.size, colour) for colour in ("white", "black")]
    kinds = (("GIF", "gif", COARSE), ("PNG", "png", EXACT), ("WEBP", "webp", LOSSY))
    for kind, ending, within in (*kinds, ("TIFF", "tif", EXACT), ("AVIF", "avif", LOSSY)):
        write = saved(first, kind, save_all=True, append_images=others)
        yield Case(f"several.{ending}", "image", write, shows(corners(), within, notes=1))


def _misnamed() -> Iterator[Case]:
    picture = Pillow.fromarray(corners())
    for kind, name in (
        ("PNG", "really-png.jpg"),
        ("JPEG", "really-jpeg.png"),
        ("WEBP", "really-webp.gif"),
        ("TIFF", "without-ending"),
        ("PNG", "Sommer – Übersicht (3).PNG"),
        ("PNG", "写真 📷.png"),
    ):
        options: dict[str, object] = {"lossless": True} if kind == "WEBP" else {}
        yield Case(name, "image", saved(picture, kind, **options), shows(corners(), LOSSY))
