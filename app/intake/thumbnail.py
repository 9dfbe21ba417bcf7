"""A small JPEG of a picture or clip."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image as Pillow

from inference import Image, Video

LONGEST_SIDE = 320  # shown at up to 152 points, on screens with two pixels for each
_QUALITY = 86


def thumbnail_of(part: Image | Video, longest_side: int = LONGEST_SIDE) -> bytes:
    """JPEG of a picture or of the middle frame of a clip, never larger than the original."""
    frames = part.frames if isinstance(part, Video) else (part.pixels,)
    pixels = np.ascontiguousarray(frames[len(frames) // 2])
    picture = Pillow.fromarray(pixels)
    picture.thumbnail((longest_side, longest_side), Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
