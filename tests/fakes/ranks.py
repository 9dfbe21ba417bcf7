"""Processes that are the ranks of one group, over the loopback interface."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inference.distributed.join import RING

_FIRST, _LAST = 20_000, 31_000  # below those that systems hand out, ours 1000 further on too
HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Ports on which, and 1000 further on, nobody listens."""
    source, found = random.SystemRandom(), list[int]()
    while len(found) < count:
        port = source.randrange(_FIRST, _LAST)
        if port not in found and _is_free(port) and _is_free(port + 1000):
            found.append(port)
    return found


def environments(folder: Path, size: int) -> list[dict[str, str]]:
    """For each rank what `mlx.launch` would put into its environment."""
    hosts = folder / "hosts.json"
    hosts.write_text(json.dumps([[f"{HOST}:{port}"] for port in free_ports(size)]))
    common = {**os.environ, RING: str(hosts), "OPENBLAS_NUM_THREADS": "1"}
    return [{**common, "MLX_RANK": str(rank)} for rank in range(size)]


@contextmanager
def started(
    folder: Path,
    module: str,
    arguments: Sequence[str],
    size: int = 2,
    homes: Sequence[Path] = (),
) -> Iterator[list[subprocess.Popen[str]]]:
    """The ranks of one group running a module; whatever still runs at the end is killed.

    `homes` gives each rank a home folder of its own.
    """
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    pipe = subprocess.PIPE
    variables = environments(folder, size)
    for each, home in zip(variables, homes, strict=False):
        each["HOME"] = str(home)
    processes = [
        subprocess.Popen(command, env=each, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for each in variables
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((HOST, port)) != 0
