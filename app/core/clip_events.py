"""What happens in a clip, written by the person: pieces of the clip's time with a text each.

The pieces of a clip never overlap and are kept in order. All functions give back new tuples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class ClipEvent:
    """Seconds `[start_s, end_s)` of the clip with the attachment id `clip_id`."""

    clip_id: str
    start_s: float
    end_s: float
    text: str = ""


Events = tuple[ClipEvent, ...]


def of_clip(events: Iterable[ClipEvent], clip_id: str) -> Events:
    """The pieces of one clip, in order."""
    return tuple(sorted((e for e in events if e.clip_id == clip_id), key=lambda e: e.start_s))


def split(events: Events, clip_id: str, at_s: float, start_s: float, end_s: float) -> Events:
    """Begin a new piece at `at_s`; without pieces there, `[start_s, end_s)` becomes two.

    Nothing changes where a piece begins already, or at an end.
    """
    own = of_clip(events, clip_id)
    around = next((e for e in own if e.start_s <= at_s < e.end_s), None)
    if around is None:
        before = max((e.end_s for e in own if e.end_s <= at_s), default=start_s)
        after = min((e.start_s for e in own if e.start_s > at_s), default=end_s)
        around = ClipEvent(clip_id, max(start_s, before), min(end_s, after))
    if not around.start_s < at_s < around.end_s:
        return events
    first, second = replace(around, end_s=at_s), ClipEvent(clip_id, at_s, around.end_s)
    return (*(e for e in events if e != around), first, second)


def renamed(events: Events, which: ClipEvent, text: str) -> Events:
    """Another text for one piece."""
    text = " ".join(text.split())[:LONGEST_TEXT]
    return tuple(replace(e, text=text) if e == which else e for e in events)


def removed(events: Events, which: ClipEvent) -> Events:
    """Without one piece; the one before it grows into its place, else the one after."""
    own = [e for e in of_clip(events, which.clip_id) if e != which]
    before = next((e for e in own if e.end_s == which.start_s), None)
    after = next((e for e in own if e.start_s == which.end_s), None)
    left = tuple(e for e in events if e != which)
    if before is not None:
        return tuple(replace(e, end_s=which.end_s) if e == before else e for e in left)
    if after is not None:
        return tuple(replace(e, start_s=which.start_s) if e == after else e for e in left)
    return left


def moved(events: Events, which: ClipEvent, start_s: float) -> Events:
    """The same pieces with the border before `which` elsewhere; both sides keep a second."""
    own = of_clip(events, which.clip_id)
    before = next((e for e in own if e.end_s == which.start_s), None)
    least = before.start_s + 1 if before is not None else 0.0
    start = min(max(start_s, least), which.end_s - 1)
    if start < least or start == which.start_s:
        return events
    swap = {which: replace(which, start_s=start)}
    if before is not None:
        swap[before] = replace(before, end_s=start)
    return tuple(swap.get(e, e) for e in events)
