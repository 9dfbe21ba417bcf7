"""Code in four colours: words of the language, texts, numbers, comments."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 50_000  # characters; longer code stays plain, so that no lexer can take minutes


def highlighted(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Pieces of `text` in order with "k", "s", "m", "c" or "" for plain."""
    if not language or len(text) > LONGEST:
        yield "", text
        return
    # Imported here: a report without code does not wait for it.
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Keyword, Name, Number, String
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        yield "", text
        return
    classes = ((Comment, "c"), (Keyword, "k"), (Name.Builtin, "k"), (String, "s"), (Number, "m"))
    for token, piece in lexer.get_tokens(text):
        # `in` asks whether a kind of token contains another; the stubs take it for a tuple.
        yield (
            next((name for kind, name in classes if token in kind), ""),  # type: ignore[comparison-overlap]
            piece,
        )
