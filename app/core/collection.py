"""Python's own collector, kept from stopping the window. No Qt."""

from __future__ import annotations

import gc

# Objects that bring on a collection of the youngest, and how many of those make one of older ones.
THRESHOLDS = (2_000, 20, 50)


def spare_startup() -> None:
    """Make collections short and rare. Once, when the window is there.

    A full collection looks at every object: with modules, enums and widgets among them it kept the
    window for up to a tenth of a second, in the middle of an answer. So what the program consists
    of is taken out of them, and they come after two million new objects in place of seventy
    thousand. What has no cycles, which is nearly everything, goes without them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def collect_due() -> int:
    """Collects what Python would have collected by now, on this thread; gives the generation.

    -1 when nothing was due. For while its own collector is switched off.
    """
    counts, limits = gc.get_count(), gc.get_threshold()
    due = max((n for n in range(3) if counts[n] > limits[n]), default=-1)
    # As Python does: the older generations wait for the younger.
    due = due if counts[0] > limits[0] else -1
    if due >= 0:
        gc.collect(due)
    return due
