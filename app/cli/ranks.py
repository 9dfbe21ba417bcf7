"""Several computers, one model: this process as one of the ranks that `mlx.launch` has started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import TextIO

from inference import Lead, RanksError, follow, join, place_from

FOLLOWED, FAILED = 0, 2
RANK_VARIABLE = "MLX_RANK"  # set by mlx.launch


def meet(environment: Mapping[str, str], err: TextIO) -> Lead | int | None:
    """Meet the other computers, if there are any.

    Rank 0 gets what it leads the others by, every other rank serves it here and gets its exit
    code. None for a process on its own.
    """
    try:
        place = place_from(environment)
        if place is None:
            return None
        if place.share.rank == 0:
            others = place.share.size - 1
            what = "the other computer" if others == 1 else f"{others} other computers"
            print(f"Waiting for {what}…", file=err, flush=True)
        ranks = join(place)
    except RanksError as error:
        print(str(error), file=err, flush=True)
        return FAILED
    if ranks.leads:
        return Lead(ranks)
    # Ctrl-C in a terminal reaches all ranks on this computer: only rank 0 decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow(ranks)
    return FOLLOWED


def end(code: int, lead: Lead | None) -> int:
    """The exit code; ends the process at once if MLX still waits for a rank that is gone."""
    if lead is not None and lead.lost is not None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
    return code
