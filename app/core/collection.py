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
