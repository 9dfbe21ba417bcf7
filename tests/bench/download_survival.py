"""What the downloader survives: kill -9 again and again, and how fast it stops when asked.

python -m tests.bench.download_survival [--kills 25] [--megabytes 1000] [--rate 14]

Loopback only. What stands in the buffers of the kernel is lost with a kill, about 0.3 MB for four
files whatever the size of the model, so a model of less than 1 GB says little. Prints a table and
returns 1 if a hash is wrong, if more than 1 % of the bytes were sent twice, or if a cancel took
longer than 0.2 s.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.hub.fetching import downloads, wrong_files
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, sharded

MB = 1_000_000
SHARDS = 8
MOST_TWICE = 0.01
AT_ONCE_S = 0.2
POLL_S = 0.002


def main(arguments: list[str] | None = None) -> int:
    """Runs everything; 0 if nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=14.0, help="MB/s of each of the four files")
    options = parser.parse_args(arguments)
    repository = sharded(SHARDS, options.megabytes * MB // SHARDS)
    results = [
        _kills(repository, options.kills, options.rate * MB),
        _cancels(repository, options.rate * MB),
        _speed(repository),
    ]
    return 0 if all(results) else 1


def _kills(repository: Repository, kills: int, rate: float) -> bool:
    """Kills a downloading process `kills` times, spread evenly over the file."""
    total = sum(map(len, repository.files.values()))
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder, FakeHub(repository, bytes_per_s=rate) as hub:
        began = time.monotonic()
        for number in range(1, kills + 1):
            share = (number - 0.5 + random.uniform(-0.4, 0.4)) / kills
            if not _killed_at(hub, folder, repository, share * total):
                print(f"ended by itself before kill {number}")
                return False
        victim = _victim(hub, folder, repository)
        code = victim.wait()
        seconds = time.monotonic() - began
        wrong = wrong_files(Path(folder), repository)
        sent, once = hub.bytes_sent(), hub.bytes_sent_once()
    twice = (sent - once) / total
    print(f"kill -9                 {kills} times in one download of {total / MB:.0f} MB")
    print(f"  files                 {len(repository.files)}, wrong hashes: {len(wrong)}")
    print(f"  bytes sent twice      {(sent - once) / MB:.2f} MB, {twice:.3%} of the model")
    print(f"  per kill              {(sent - once) / kills / 1000:.0f} KB, four files at once")
    print(f"  last exit code        {code}, {seconds:.0f} s in all")
    return code == 0 and not wrong and twice <= MOST_TWICE and once == total


def _victim(hub: FakeHub, folder: str, repository: Repository) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.bench.download_victim"]
    return subprocess.Popen(
        [*command, hub.endpoint, folder, repository.name], stdout=subprocess.DEVNULL
    )


def _killed_at(hub: FakeHub, folder: str, repository: Repository, sent: float) -> bool:
    """Starts a process, kills it once so many different bytes left; False if it ended before."""
    victim = _victim(hub, folder, repository)
    before = hub.bytes_sent()
    # Never before it has fetched something itself: a kill in the imports would prove nothing.
    while hub.bytes_sent() < max(sent, before + 100_000):
        if victim.poll() is not None:
            return False
        time.sleep(POLL_S)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    return True


def _cancels(repository: Repository, rate: float) -> bool:
    """Cancels in full flight, on a quiet connection and while the hub hangs."""
    times: list[float] = []
    for number in range(20):
        with tempfile.TemporaryDirectory() as folder, FakeHub(repository, bytes_per_s=rate) as hub:
            download = downloads(hub, Path(folder)).start(repository.entry())
            while hub.bytes_sent() < 100_000 * number and not download.progress().is_over:
                time.sleep(POLL_S)
            began = time.monotonic()
            download.cancel()
            times.append(time.monotonic() - began)
            download.wait(10)
    print(f"cancel                  {len(times)} times: median {statistics.median(times):.3f} s, ")
    print(f"  longest               {max(times):.3f} s")
    return max(times) <= AT_ONCE_S


def _speed(repository: Repository) -> bool:
    """As fast as this machine goes, hub and hashing included."""
    total = sum(map(len, repository.files.values()))
    with tempfile.TemporaryDirectory() as folder, FakeHub(repository) as hub:
        began = time.monotonic()
        used = time.process_time()
        shop = downloads(hub, Path(folder))
        state = shop.start(repository.entry()).wait().state
        seconds, busy = time.monotonic() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"without brakes          {total / MB / seconds:.0f} MB/s, {state};", end=" ")
    print(f"processor {busy:.1f} s with the hub in the same process, peak {peak / 1000:.0f} MB")
    return state == "done"


if __name__ == "__main__":
    sys.exit(main())
