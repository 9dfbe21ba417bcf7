"""Peak memory of a child process is measured, not guessed."""

from __future__ import annotations

import sys
import tempfile

import pytest

from tests.bench.memory import own_peak_bytes, run_measured

MEGABYTE = 1_000_000


def peak_of(allocated: int) -> int:
    code = f"x = bytearray({allocated}); x[::4096] = b'1' * len(x[::4096])"
    return run_measured([sys.executable, "-c", code]).peak_bytes


def test_an_allocation_shows_in_the_peak() -> None:
    floor = own_peak_bytes()  # a child starts at its parent's mark
    size = floor + 100 * MEGABYTE
    assert size <= peak_of(size) < size + 60 * MEGABYTE


def test_output_errors_and_exit_code_are_handed_on() -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    with tempfile.TemporaryFile() as errors:
        run = run_measured([sys.executable, "-c", code], errors=errors)
        errors.seek(0)
        assert errors.read() == b"err\n"
    assert (run.exit_code, run.output) == (3, "out\n")
    assert 0 < run.wall_s < 60


def test_the_environment_is_the_given_one() -> None:
    code = "import os; print(os.environ['FACET_TEST'])"
    assert run_measured([sys.executable, "-c", code], {"FACET_TEST": "yes"}).output == "yes\n"


def test_a_killed_command_has_a_negative_exit_code() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_measured([sys.executable, "-c", code]).exit_code == -9


def test_a_missing_command_raises() -> None:
    with pytest.raises(FileNotFoundError):
        run_measured(["/nowhere/command"])
