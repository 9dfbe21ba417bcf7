"""Picture files to RGB pixels, the right way up."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from app.intake.source import open_source
from app.intake.wording import Notes, quoted
from inference import Image, MediaError

FORMATS = (  # JPEG includes MPO, the JPEG of phones with depth or brightness maps
    *("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"),
    *("TIFF", "BMP", "PPM", "ICO", "JPEG2000"),
)

LARGER_JPEGS = 2.5  # times `max_pixels`: their decoder can leave out every other pixel


def read_picture(
    path: Path, *, max_bytes: int = 100_000_000, max_pixels: int = 100_000_000
) -> tuple[Image, Notes]:
    """Read a picture file and say what was changed.

    The stored orientation is applied, transparency is laid on white, and every kind of colour
    becomes 8-bit RGB. `max_pixels` is checked before anything is decoded; a JPEG somewhat larger is
    read at half its size. Raises MediaError.
    """
    source = open_source(path, max_bytes)
    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            # Pillow warns about sizes, which are checked here, and about harmless odd metadata.
            warnings.simplefilter("ignore")
            with Pillow.open(source.path, formats=FORMATS) as picture:
                notes = _reduced(picture, path, max_pixels)
                _check_size(picture, path, max_pixels)
                notes += _note_of_further_pictures(picture, path)
                upright = ImageOps.exif_transpose(picture)
                rgb, changes = _to_rgb(upright, path)
    except MediaError:
        raise
    except UnidentifiedImageError as error:
        raise MediaError(
            f"{quoted(path)} is not a picture of a kind that Facet reads.",
            "Save it as PNG or JPEG.",
        ) from error
    except Pillow.DecompressionBombError as error:
        raise _too_large(path, max_pixels) from error
    except Exception as error:  # Pillow's decoders fail on damage with nearly every built-in type
        raise MediaError(
            f"{quoted(path)} cannot be read: the picture is damaged or of a rare kind.",
            "Open it elsewhere and save it anew as PNG or JPEG.",
        ) from error
    return Image(np.asarray(rgb), name=path.name), notes + changes


def _reduced(picture: Pillow.Image, path: Path, max_pixels: int) -> Notes:
    """A JPEG that is not far too large is decoded at half its size, which costs no more memory."""
    width, height = picture.size
    is_jpeg = picture.format in {"JPEG", "MPO"}
    if not is_jpeg or not max_pixels < width * height <= LARGER_JPEGS * max_pixels:
        return ()
    picture.draft(None, ((width + 1) // 2, (height + 1) // 2))
    return (
        f"{quoted(path)} has {width} x {height} pixels, more than Facet holds; "
        f"it was read as {picture.width} x {picture.height}.",
    )


def _check_size(picture: Pillow.Image, path: Path, max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise _too_large(path, max_pixels, f" ({picture.width} x {picture.height})")


def _too_large(path: Path, max_pixels: int, size: str = "") -> MediaError:
    return MediaError(
        f"{quoted(path)} is too large{size}: the limit is {max_pixels / 1e6:g} megapixels.",
        "Make it smaller first.",
    )


def _note_of_further_pictures(picture: Pillow.Image, path: Path) -> Notes:
    # The further pictures of an MPO file are maps of the first.
    if picture.format == "MPO" or not getattr(picture, "is_animated", False):
        return ()
    return (f"{quoted(path)} holds several pictures; only the first was read.",)


def _to_rgb(picture: Pillow.Image, path: Path) -> tuple[Pillow.Image, Notes]:
    if picture.mode.startswith("I;16"):
        return _grey(np.asarray(picture) / 257.0), ()
    if picture.mode in {"I", "F"}:
        note = f"{quoted(path)} has no fixed white; its values were stretched from black to white."
        return _grey(_stretched(np.asarray(picture, dtype=np.float64))), (note,)
    if not picture.has_transparency_data:
        return picture.convert("RGB"), ()
    layer = picture.convert("RGBA")
    white = Pillow.new("RGBA", layer.size, "white")
    flat = Pillow.alpha_composite(white, layer).convert("RGB")
    if layer.getchannel("A").getextrema() == (255, 255):
        return flat, ()
    return flat, (f"The transparent parts of {quoted(path)} were laid on white.",)


def _grey(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Pillow.Image:
    return Pillow.fromarray(np.rint(values).astype(np.uint8)).convert("RGB")


def _stretched(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """`values` mapped so that the smallest finite one is 0 and the largest is 255."""
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    spread = high - low or 1.0
    return np.nan_to_num((np.clip(values, low, high) - low) / spread * 255)
