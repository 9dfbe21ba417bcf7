"""Text files: small, in UTF-8, and read where they are wanted, since nothing is decoded."""

from __future__ import annotations

from pathlib import Path

from inference import MediaError, Text

LONGEST_TEXT_BYTES = 400_000


def read_text(path: Path) -> Text:
    """The words of a text file. Raises MediaError, OSError."""
    if path.stat().st_size > LONGEST_TEXT_BYTES:
        raise MediaError(
            f"The text is longer than {LONGEST_TEXT_BYTES // 1000} kB.", "Attach a part of it."
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError("The file is no text in UTF-8.", "Save it as UTF-8 text.") from error
    if "\0" in text:
        raise MediaError(
            "Facet cannot read files of this kind yet.",
            "Attach a picture, a clip, a recording or a text.",
        )
    if not text.strip():
        raise MediaError("The file holds no text.", "Choose another file.")
    return Text(text)
