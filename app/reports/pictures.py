"""Pictures of a report: made anew from pixels, so that no metadata of a file travels along."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from app.core.conversation import Attachment
from app.intake.selected import read_selected
from app.reports.options import Pictures
from app.reports.values import Picture
from inference import Audio, FacetError, Image, Video

WIDEST: dict[Pictures, int] = {"small": 480, "full": 1600}
MOST_COLOURS = 4096  # a drawing up to here stays a PNG; a photograph becomes a JPEG
JPEG_QUALITY = 88

SHEET_COLUMNS, SHEET_FRAMES = 4, 12
SHEET_GAP, SHEET_LABEL = 8, 22
SHEET_GROUND, SHEET_INK = (255, 255, 255), (85, 89, 99)

WAVE_WIDTH, WAVE_HEIGHT, WAVE_STEP = 1200, 160, 4
WAVE_INK = (66, 80, 208)

Pixels = NDArray[np.uint8]


def picture_of(
    attachment: Attachment, blob: Callable[[str], Path], size: Pictures
) -> tuple[Picture | None, str]:
    """A picture of the file, or None and a sentence that says why there is none."""
    if size == "none" or attachment.kind in ("text", "document"):
        return None, ""
    path = blob(attachment.sha256)
    if not path.is_file():
        return None, (
            f"{attachment.name} is no longer in Facet's store, so it cannot be shown. "
            "The answer was given while it was there."
        )
    try:
        (part, *_), _notes = read_selected(path, attachment.kind, attachment.selection)
    except (FacetError, OSError):
        return None, f"{attachment.name} could not be read again, so it is not shown."
    return encoded(_drawn(part), WIDEST[size]), ""


def encoded(picture: Pillow.Image, widest: int) -> Picture:
    """At most `widest` pixels wide; drawings as PNG, photographs as JPEG."""
    if picture.width > widest:
        height = max(round(picture.height * widest / picture.width), 1)
        picture = picture.resize((widest, height), Pillow.Resampling.LANCZOS)
    is_drawing = picture.getcolors(MOST_COLOURS) is not None
    held = io.BytesIO()
    if is_drawing:
        picture.save(held, "PNG")
    else:
        picture.save(held, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    media_type = "image/png" if is_drawing else "image/jpeg"
    return Picture(held.getvalue(), media_type, picture.width, picture.height)


def contact_sheet(frames: list[Pixels], times_s: list[float]) -> Pillow.Image:
    """Up to twelve frames spread over the clip, each with its true time."""
    chosen = np.linspace(0, len(frames) - 1, min(len(frames), SHEET_FRAMES)).round().astype(int)
    columns = min(SHEET_COLUMNS, len(chosen))
    width = (WIDEST["full"] - SHEET_GAP * (SHEET_COLUMNS - 1)) // SHEET_COLUMNS
    first = Pillow.fromarray(frames[0])
    height = max(round(first.height * width / first.width), 1)
    rows = -(-len(chosen) // columns)
    sheet = Pillow.new(
        "RGB",
        (columns * (width + SHEET_GAP) - SHEET_GAP, rows * (height + SHEET_LABEL)),
        SHEET_GROUND,
    )
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(16)
    for place, index in enumerate(chosen):
        left = place % columns * (width + SHEET_GAP)
        top = place // columns * (height + SHEET_LABEL)
        frame = Pillow.fromarray(frames[index]).resize((width, height), Pillow.Resampling.LANCZOS)
        sheet.paste(frame, (left, top))
        pen.text((left, top + height + 1), clock(times_s[index]), SHEET_INK, font)
    return sheet


def wave(samples: NDArray[np.float32]) -> Pillow.Image:
    """The loudness of a recording along time, as bars around a middle line."""
    picture = Pillow.new("RGB", (WAVE_WIDTH, WAVE_HEIGHT), SHEET_GROUND)
    pen = ImageDraw.Draw(picture)
    pieces = np.array_split(np.abs(samples), WAVE_WIDTH // WAVE_STEP)
    peaks = [float(piece.max()) if piece.size else 0.0 for piece in pieces]
    middle = WAVE_HEIGHT // 2
    for place, peak in enumerate(peaks):
        half = max(round(min(peak, 1.0) * (middle - 2)), 1)
        left = place * WAVE_STEP
        pen.rectangle((left, middle - half, left + 1, middle + half), WAVE_INK)
    return picture


def clock(time_s: float) -> str:
    """0:07, 1:20."""
    return f"{int(time_s // 60)}:{int(time_s % 60):02d}"


def _drawn(part: Image | Video | Audio) -> Pillow.Image:
    match part:
        case Image(pixels=pixels):
            return Pillow.fromarray(pixels)
        case Video(frames=frames, times_s=times):
            return contact_sheet(list(frames), list(times))
        case Audio(samples=samples):
            return wave(samples)
