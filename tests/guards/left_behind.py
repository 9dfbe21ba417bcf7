"""What a test can leave behind: child processes and environment variables."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from pathlib import Path

# pytest writes the first at each phase; importing cv2 prepends to the second, once.
FREE_TO_CHANGE = {"PYTEST_CURRENT_TEST", "LD_LIBRARY_PATH"}

# Python starts these once per process and ends them with it.
SERVICES = (b"resource_tracker", b"forkserver")


def child_processes() -> set[int]:
    """Process ids of this process's children, without Python's own service processes."""
    if sys.platform != "linux":
        return {child.pid for child in multiprocessing.active_children() if child.pid is not None}
    children: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the thread has ended meanwhile
            children.update(map(int, (task / "children").read_text().split()))
    return {pid for pid in children if not _is_service(pid)}


def environment() -> dict[str, str]:
    """The environment variables that a test has to leave as they are."""
    return {name: value for name, value in os.environ.items() if name not in FREE_TO_CHANGE}


def _is_service(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # ended meanwhile
        return True
    return any(service in command for service in SERVICES)
