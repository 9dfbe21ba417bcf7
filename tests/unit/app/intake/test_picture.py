"""Picture files of every kind: right colours, upright, limits before decoding, one sentence."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as Pillow

from app.intake.picture import read_picture
from inference import MediaError

Pixels = NDArray[np.uint8]


def _corners(height: int = 32, width: int = 48) -> Pixels:
    """Red, green, blue and grey quarters, so that every turn and mirror looks different."""
    pixels = np.zeros((height, width, 3), np.uint8)
    h, w = height // 2, width // 2
    pixels[:h, :w], pixels[:h, w:] = (250, 10, 10), (10, 250, 10)
    pixels[h:, :w], pixels[h:, w:] = (10, 10, 250), (128, 128, 128)
    return pixels


def _save(path: Path, picture: Pillow.Image, kind: str, **options: object) -> Path:
    picture.save(path, format=kind, **options)
    return path


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "WEBP", "JPEG2000"])
def test_lossless_kinds_arrive_exactly(tmp_path: Path, kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    path = _save(tmp_path / "picture.bin", Pillow.fromarray(_corners()), kind, **options)

    picture, notes = read_picture(path)

    np.testing.assert_array_equal(picture.pixels, _corners())
    assert picture.pixels.dtype == np.uint8
    assert (picture.name, notes) == ("picture.bin", ())


@pytest.mark.parametrize("kind", ["JPEG", "AVIF", "GIF"])
def test_lossy_kinds_arrive_nearly(tmp_path: Path, kind: str) -> None:
    path = _save(tmp_path / "picture", Pillow.fromarray(_corners()), kind)

    picture, _ = read_picture(path)

    difference = np.abs(picture.pixels.astype(int) - _corners())
    assert np.median(difference) <= 4
    assert difference.mean() < 8


@pytest.mark.parametrize("orientation", [1, 6])
def test_heic(tmp_path: Path, orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    heif = pillow_heif.from_pillow(Pillow.fromarray(_corners(128, 192)))
    heif.save(tmp_path / "photo.heic", exif=exif.tobytes(), quality=90)

    picture, notes = read_picture(tmp_path / "photo.heic")

    upright = _corners(128, 192) if orientation == 1 else np.rot90(_corners(128, 192), -1)
    assert picture.pixels.shape == upright.shape
    assert np.abs(picture.pixels.astype(int) - upright).mean() < 8
    assert notes == ()


# What has to be done to the stored rows to see the picture upright, by EXIF orientation.
UPRIGHT = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, 1),
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_stored_orientation_is_applied(tmp_path: Path, kind: str, orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    path = _save(tmp_path / "picture", Pillow.fromarray(_corners()), kind, exif=exif)

    picture, _ = read_picture(path)

    np.testing.assert_array_equal(picture.pixels, UPRIGHT[orientation](_corners()))


def test_orientation_of_a_photograph(tmp_path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    path = _save(tmp_path / "a.jpg", Pillow.fromarray(_corners()), "JPEG", exif=exif, quality=95)

    picture, _ = read_picture(path)

    assert np.abs(picture.pixels.astype(int) - np.rot90(_corners(), -1)).mean() < 6


@pytest.mark.parametrize(
    "exif", [b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"x" * 50]
)
def test_broken_metadata_does_not_matter(tmp_path: Path, exif: bytes) -> None:
    path = _save(tmp_path / "a.jpg", Pillow.fromarray(_corners()), "JPEG", exif=exif)

    picture, _ = read_picture(path)

    assert picture.pixels.shape == (32, 48, 3)


def test_transparency_shows_white(tmp_path: Path) -> None:
    layer = np.zeros((2, 3, 4), np.uint8)
    layer[..., 0] = 200
    layer[..., 3] = [[0, 128, 255], [0, 128, 255]]
    path = _save(tmp_path / "a.png", Pillow.fromarray(layer), "PNG")

    picture, notes = read_picture(path)

    # 128/255 of (200, 0, 0) on white; fully transparent red leaves nothing of itself
    expected = [[255, 255, 255], [227, 127, 127], [200, 0, 0]]
    np.testing.assert_allclose(picture.pixels, [expected, expected], atol=1)
    assert notes == ("The transparent parts of “a.png” were laid on white.",)


def test_an_opaque_alpha_channel_needs_no_note(tmp_path: Path) -> None:
    picture = Pillow.fromarray(_corners())
    picture.putalpha(255)

    read, notes = read_picture(_save(tmp_path / "a.png", picture, "PNG"))

    np.testing.assert_array_equal(read.pixels, _corners())
    assert notes == ()


def test_transparent_colour_of_a_palette(tmp_path: Path) -> None:
    picture = Pillow.fromarray(np.array([[0, 1]], np.uint8), mode="L").convert("P")
    picture.putpalette([10, 20, 30, 40, 50, 60])
    path = _save(tmp_path / "a.png", picture, "PNG", transparency=1)

    read, _ = read_picture(path)

    np.testing.assert_array_equal(read.pixels, [[[10, 20, 30], [255, 255, 255]]])


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA"])
def test_grey_and_palette_become_rgb(tmp_path: Path, mode: str) -> None:
    grey = np.array([[0, 255], [255, 0]], np.uint8)
    path = _save(tmp_path / "a.png", Pillow.fromarray(grey).convert(mode), "PNG")

    read, _ = read_picture(path)

    np.testing.assert_array_equal(read.pixels, np.repeat(grey[..., None], 3, axis=2))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_range(tmp_path: Path, kind: str) -> None:
    grey = np.array([[0, 257, 32_768, 65_535]], np.uint16)
    path = _save(tmp_path / "a", Pillow.fromarray(grey), kind)

    read, notes = read_picture(path)

    assert read.pixels[0].tolist() == [[0] * 3, [1] * 3, [128] * 3, [255] * 3]
    assert notes == ()


@pytest.mark.parametrize("values", [[[-5.0, 0.0, 5.0]], [[7.0, 7.0, 7.0]], [[0.0, np.nan, 1e6]]])
def test_measured_values_are_stretched(tmp_path: Path, values: list[list[float]]) -> None:
    path = _save(tmp_path / "a", Pillow.fromarray(np.array(values, np.float32)), "TIFF")

    read, notes = read_picture(path)

    expected = {-5.0: [0, 128, 255], 7.0: [0, 0, 0], 0.0: [0, 0, 255]}[values[0][0]]
    assert read.pixels[0, :, 0].tolist() == expected
    assert "stretched" in notes[0]


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    inks = Pillow.new("CMYK", (8, 8), (0, 255, 255, 0))  # magenta and yellow make red
    path = _save(tmp_path / "a.jpg", inks, "JPEG", quality=95)

    read, _ = read_picture(path)

    np.testing.assert_allclose(read.pixels[4, 4], [255, 0, 0], atol=5)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_pictures_the_first_is_read(tmp_path: Path, kind: str) -> None:
    first, second = Pillow.new("RGB", (8, 8), "red"), Pillow.new("RGB", (8, 8), "blue")
    options = {"lossless": True} if kind == "WEBP" else {}
    path = tmp_path / "a"
    first.save(path, format=kind, save_all=True, append_images=[second], **options)

    read, notes = read_picture(path)

    np.testing.assert_array_equal(read.pixels[0, 0], [255, 0, 0])
    assert notes == ("“a” holds several pictures; only the first was read.",)


def test_the_maps_of_a_phone_picture_need_no_note(tmp_path: Path) -> None:
    depth = Pillow.new("RGB", (48, 32), "grey")
    path = tmp_path / "a.jpg"
    Pillow.fromarray(_corners()).save(path, format="MPO", save_all=True, append_images=[depth])

    read, notes = read_picture(path)

    assert np.abs(read.pixels.astype(int) - _corners()).mean() < 8
    assert notes == ()


@pytest.mark.parametrize(
    ("width", "height"), [(10_001, 10_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)]
)
def test_size_is_checked_before_decoding(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_claiming(width, height))

    with pytest.raises(MediaError, match="the limit is 100 megapixels"):
        read_picture(path)


def test_the_size_limit_is_the_callers(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.png", Pillow.new("RGB", (100, 100)), "PNG")

    assert read_picture(path, max_pixels=10_000)[0].pixels.shape == (100, 100, 3)
    with pytest.raises(MediaError, match="100 x 100"):
        read_picture(path, max_pixels=9_999)


def test_a_jpeg_that_is_too_large_is_read_at_half_its_size(tmp_path: Path) -> None:
    path = tmp_path / "wall.jpg"
    half = np.zeros((150, 201, 3), np.uint8)
    half[:75, :, 0] = half[75:, :, 2] = 200  # red above blue
    Pillow.fromarray(np.kron(half, np.ones((2, 2, 1), np.uint8))).save(path, quality=95)
    picture, notes = read_picture(path, max_pixels=50_000)
    assert picture.pixels.shape == (150, 201, 3)
    np.testing.assert_allclose(picture.pixels[[20, 130]], half[[20, 130]], atol=12)
    assert notes == (
        "“wall.jpg” has 402 x 300 pixels, more than Facet holds; it was read as 201 x 150.",
    )
    with pytest.raises(MediaError, match="is too large"):
        read_picture(path, max_pixels=48_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated_files_are_refused(tmp_path: Path, kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = _save(tmp_path / "cut.bin", Pillow.fromarray(noise), kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    with pytest.raises(MediaError, match=r"“cut\.bin”"):
        read_picture(path)


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"%!PS-Adobe-3.0"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)

    with pytest.raises(MediaError, match=r"“a\.png”"):
        read_picture(path)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "JPEG2000", "PPM"]),
    st.lists(st.tuples(st.integers(0, 2**12), st.integers(0, 255)), min_size=1, max_size=10),
)
def test_damage_gives_pixels_or_one_sentence(
    tmp_path: Path, kind: str, damage: list[tuple[int, int]]
) -> None:
    buffer = BytesIO()
    Pillow.fromarray(_corners()).save(buffer, format=kind)
    data = bytearray(buffer.getvalue())
    for place, value in damage:
        data[place % len(data)] = value
    path = tmp_path / "damaged"
    path.write_bytes(data)

    try:
        picture, _ = read_picture(path, max_pixels=1_000_000)
    except MediaError:
        return
    assert picture.pixels.ndim == 3
    assert picture.pixels.shape[2] == 3
    assert picture.pixels.dtype == np.uint8
