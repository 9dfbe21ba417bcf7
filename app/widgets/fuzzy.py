"""How well a few typed letters stand for a name. No Qt."""

from __future__ import annotations

WORD_START, RUN, WHOLE_START, GAP = 8.0, 5.0, 6.0, 0.15


def match(typed: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """A score, higher for a better fit, and the places of the letters; None if they do not fit.

    Letters have to occur in order. Beginnings of words and runs of letters count most, so
    "np" finds "New paragraph" before "snapshot". Spaces in `typed` only separate.
    """
    wanted = [letter for letter in typed.casefold() if not letter.isspace()]
    if not wanted:
        return 0.0, ()
    lower = "".join(letter.casefold()[:1] or letter for letter in text)
    best: tuple[float, tuple[int, ...]] | None = None
    for start in _places(lower, wanted[0], 0):
        found = _follow(lower, wanted, start)
        if found is not None and (best is None or _score(lower, found) > best[0]):
            best = (_score(lower, found), found)
    return best


def _follow(lower: str, wanted: list[str], start: int) -> tuple[int, ...] | None:
    """The letters from `start` on: in a run where possible, else at a word, else anywhere."""
    places = [start]
    for letter in wanted[1:]:
        after = places[-1] + 1
        choices = _places(lower, letter, after)
        if not choices:
            return None
        in_run = choices[0] == after
        at_word = next((place for place in choices if _begins_word(lower, place)), None)
        places.append(after if in_run or at_word is None else at_word)
        if not in_run and at_word is None:
            places[-1] = choices[0]
    return tuple(places)


def _places(lower: str, letter: str, start: int) -> list[int]:
    return [place for place in range(start, len(lower)) if lower[place] == letter]


def _begins_word(lower: str, place: int) -> bool:
    return place == 0 or not lower[place - 1].isalnum()


def _score(lower: str, places: tuple[int, ...]) -> float:
    score = WHOLE_START if places[0] == 0 else 0.0
    for number, place in enumerate(places):
        score += WORD_START if _begins_word(lower, place) else 0.0
        if number and place == places[number - 1] + 1:
            score += RUN
    return score - GAP * (places[-1] - places[0] + 1 - len(places)) - 0.01 * len(lower)
