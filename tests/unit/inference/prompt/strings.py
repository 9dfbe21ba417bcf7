"""Prompts as strings, the way a chat template would give them."""

from __future__ import annotations

from inference.prompt.render import Rendered
from inference.prompt.segments import Control, MediaSlot
from inference.prompt.tokenizer import CONTENTS, Tokenizer


def template_string(rendered: Rendered, tokenizer: Tokenizer) -> str:
    """Control ids spelled out, media as single placeholders."""
    names = {getattr(tokenizer.control, name): text for name, text in CONTENTS.items()}
    pieces = []
    for segment in rendered.segments:
        if isinstance(segment, Control):
            pieces.append(names[segment.id])
        elif isinstance(segment, MediaSlot):
            pieces.append(CONTENTS[segment.kind])
        else:
            pieces.append(segment.text)
    return "".join(pieces)
