"""Pygments' lexers by the name in a fence. The first of a language is made on a thread.

Importing one and compiling its expressions takes up to a tenth of a second, which nobody should see
as a stutter: code stays in one colour for that moment. No Qt.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.util import ClassNotFound


class Lexers:
    """Which lexers are there, and which are being made, one after the other."""

    def __init__(self) -> None:
        self._ready: set[str] = set()
        self._asked: list[str] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def is_ready(self, language: str) -> bool:
        """Whether `lexer_of` answers at once; if not, it will soon."""
        name = language.lower()
        if name not in _known():
            return True
        with self._lock:
            if name in self._ready:
                return True
            if name not in self._asked:
                self._asked.append(name)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lexers", daemon=True)
                self._thread.start()
        return False

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._thread = None
                    return
                name = self._asked[0]
            lexer = lexer_of(name)
            if lexer is not None:
                next(iter(lexer.get_tokens_unprocessed("a")), None)  # expressions are compiled now
            with self._lock:
                self._asked.remove(name)
                self._ready.add(name)


LEXERS = Lexers()


def lexer_of(language: str) -> Lexer | None:
    """The lexer for a fence's language, None for none or an unknown one."""
    name = language.lower()
    return _made(name) if name in _known() else None


@lru_cache(maxsize=128)
def _made(name: str) -> Lexer | None:
    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except (ClassNotFound, TypeError, ValueError):
        return None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """All names of languages, without importing one of them."""
    return frozenset(name for _, names, _, _ in get_all_lexers(plugins=False) for name in names)
