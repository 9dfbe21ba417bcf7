"""Peak resident memory of one command, as the kernel accounts it when the command ends.

python -m tests.bench.memory COMMAND [ARGUMENT ...]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

# Linux reports kibibytes, macOS bytes.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command. `peak_bytes` is the largest resident size of the command itself.

    Linux starts a child's high-water mark at its parent's, so the calling process must be small.
    """

    exit_code: int
    wall_s: float
    peak_bytes: int
    output: str


def run_measured(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    errors: IO[bytes] | None = None,
) -> Run:
    """Runs the command to its end and returns its standard output.

    Its standard error goes to the file `errors`, or where the caller's own goes.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - start
    return Run(process.returncode, wall_s, usage.ru_maxrss * MAXRSS_UNIT, output)


def own_peak_bytes() -> int:
    """The calling process's largest resident size so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def main() -> int:
    """Command line: runs the command, then reports on standard error; returns its exit code."""
    if len(sys.argv) < 2:
        print("usage: python -m tests.bench.memory COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    run = run_measured(sys.argv[1:])
    sys.stdout.write(run.output)
    print(f"peak {run.peak_bytes / 1e9:.3f} GB, {run.wall_s:.2f} s", file=sys.stderr)
    return run.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
