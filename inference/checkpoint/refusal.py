"""How a model folder is turned down: one sentence, foreign text cut short and made harmless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inference.errors import CheckpointError

DOWNLOAD_AGAIN = "Download the model again or choose another folder."
CHOOSE_ANOTHER = "Choose another model."
_SHOWN_CHARS = 100
_LISTED_CHARS = 300


def refusal(what: str, action: str = DOWNLOAD_AGAIN) -> CheckpointError:
    """The error for `what`, a sentence without its full stop."""
    return CheckpointError(f"{what}.", action)


def shown(value: object) -> str:
    """`value` as short printable text on one line."""
    text = value if isinstance(value, str) else _described(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Up to `most` names, fewer when they are long, and how many there are beyond them."""
    everything: Sequence[str] = sorted(names)
    parts: list[str] = []
    for name in everything[:most]:
        part = shown(name)
        if parts and sum(map(len, parts)) + len(part) > _LISTED_CHARS:
            break
        parts.append(part)
    rest = len(everything) - len(parts)
    return ", ".join(parts) + (f" and {rest} more" if rest else "")


def _described(value: object) -> str:
    """Numbers and short values as JSON would spell them, containers by kind."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else "a huge number"
    if isinstance(value, float):
        return str(value)
    return "a list" if isinstance(value, list | tuple) else "an object"
