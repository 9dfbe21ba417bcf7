"""What the store survives: kills, damaged files, a full disk, a protected folder.

python -m tests.bench.store_survival [--kills N] [--damaged N] [--folder FOLDER]

Prints a table and returns 1 if anything was lost. Kills need Linux; volumes need root.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.core.store import Store, StoreFullError, StoreReadOnlyError, Writer
from app.core.store.backups import fault_in
from app.core.store.opening import Places
from tests.bench.damage import DAMAGES
from tests.bench.victim import blob_of, text_of, write_until_killed
from tests.fakes.stored import chain, conversation, turn

LONGEST_LIFE_S = 0.6
WAIT_S = 30.0


@dataclass(slots=True)
class Row:
    """A line of the table; `problems` must stay empty."""

    what: str
    result: str = ""
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Promise:
    """What a killed process had been told was saved."""

    conversation: str
    length: int
    sha256: str


def kills(folder: Path, cycles: int) -> Row:
    """Kills a writing process again and again, over one growing store."""
    row, chance = Row(f"{cycles} × kill -9 while streaming"), random.Random(1)
    acknowledged = turns = 0
    begun = time.perf_counter()
    for cycle in range(cycles):
        promises, said = _one_life(folder, chance.random() * LONGEST_LIFE_S)
        acknowledged += said
        turns += len(promises)
        row.problems += [f"cycle {cycle}: {line}" for line in _broken(folder, promises)]
    places = Places(folder)
    if fault := fault_in(places.database):
        row.problems.append(f"integrity check: {fault}")
    row.result = (
        f"{acknowledged:,} acknowledged updates of {turns:,} turns, {len(row.problems)} lost;"
        f" {places.database.stat().st_size / 1e6:.0f} MB, {time.perf_counter() - begun:.0f} s"
    )
    return row


def _one_life(folder: Path, life_s: float) -> tuple[dict[str, Promise], int]:
    """A process from start to kill: its last promise for every turn, and how many it made."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write_until_killed(folder, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        first = pipe.readline()  # its life begins when it has saved something
        time.sleep(life_s)
        os.kill(child, signal.SIGKILL)
        lines = first + pipe.read()
    os.waitpid(child, 0)
    promises: dict[str, Promise] = {}
    whole = lines[: lines.rfind(b"\n") + 1].decode().splitlines()
    for line in whole:
        name, answer, length, sha256 = line.split(" ", 3)
        promises[answer] = Promise(name, int(length), sha256)
    return promises, len(whole)


def _broken(folder: Path, promises: dict[str, Promise]) -> list[str]:
    """Opens the store and compares it with what was promised."""
    store = Store.open(folder)
    try:
        found = [notice.what for notice in store.notices if "cut off" not in notice.what]
        loaded = {name: store.load(name) for name in {p.conversation for p in promises.values()}}
        kept = {each.id: each for whole in loaded.values() for each in whole.turns}
        for answer, promise in promises.items():
            here = kept.get(answer)
            if here is None or len(here.text) < promise.length:
                found.append(f"turn {answer} lacks text")
            elif here.text != text_of(answer, len(here.text)) or here.error is not None:
                found.append(f"turn {answer} has wrong text")
            elif here.state not in ("complete", "interrupted"):
                found.append(f"turn {answer} is {here.state}")
            elif store.blob(promise.sha256).read_bytes() != blob_of(answer):
                found.append(f"picture of {answer} is wrong")
        return found
    except Exception as error:
        return [repr(error)]
    finally:
        store.close()


def damaged(folder: Path, count: int) -> list[Row]:
    """Damages copies of a store in every way there is, and opens them."""
    original = folder / "original"
    store = Store.open(original)
    for name in ("a", "b"):
        store.create(conversation(name, *chain(name, 60, "words " * 60)))
    store.back_up()
    store.create(conversation("c", *chain("c", 60, "words " * 60)))
    store.close()
    rows = []
    for damage in DAMAGES:
        number = count // len(DAMAGES) + (damage in DAMAGES[: count % len(DAMAGES)])
        row = Row(f"{number} × {damage.__name__.replace('_', ' ')}")
        repaired = turns = unbacked = flawed = 0
        for seed in range(number):
            copy = folder / f"{damage.__name__}-{seed}"
            shutil.copytree(original, copy)
            path = Places(copy).database
            path.write_bytes(damage(bytearray(path.read_bytes()), random.Random(seed)))
            store = Store.open(copy)
            try:
                repaired += bool(store.notices)
                before = [each for one in store.summaries() for each in store.load(one.id).turns]
                flawed += sum(each.error is not None for each in before)
                ids = {each.id for each in before}
                turns += len(ids & {f"{name}{i}" for name in "ab" for i in range(60)})
                unbacked += len(ids & {f"c{i}" for i in range(60)})
                row.problems += _unusable(store, seed)
            except Exception as error:
                row.problems.append(f"seed {seed}: {error!r}")
            finally:
                store.close()
            shutil.rmtree(copy)
        row.result = (
            f"{number - len(row.problems)} usable, {repaired} repaired; backed-up turns there:"
            f" {turns / number / 1.2:.0f} %, others: {unbacked / number / 0.6:.0f} %, marked as"
            f" damaged: {flawed}"
        )
        if turns < number * 120:
            row.problems.append("turns that the backup has are missing")
        rows.append(row)
    return rows


def _unusable(store: Store, seed: int) -> list[str]:
    """Writes something, finds it again, backs up."""
    store.create(conversation("new", turn("new", "needle")))
    is_found = any(hit.turn_id == "new" for hit in store.search("needle"))
    is_fine = is_found and not store.is_read_only and not store.is_temporary
    return [] if is_fine and store.back_up() else [f"seed {seed}: not usable"]


def full_disk(folder: Path) -> Row:
    """Streams into a volume of 4 MB until it is full, then makes room."""
    row = Row("full disk (4 MB volume)")
    with _volume(folder, "size=4m") as volume:
        store = Store.open(volume)
        errors: list[Exception] = []
        writer = Writer(store, errors.append)
        store.create(conversation("c"))
        count = 0
        while not errors:
            writer.call(store.add_turn, "c", turn(f"t{count}", text_of(f"t{count}", 20_000)))
            count += 1
            writer.flush(0.05)
        kept = len(store.load("c").turns)
        for _ in range(5):
            writer.call(store.add_turn, "c", turn(f"t{count}", "short"))
            count += 1
        _mount(volume, "remount,size=64m")
        if not writer.flush(WAIT_S):
            row.problems.append("writing did not go on")
        writer.close()
        after = store.load("c").turns
        store.close()
        if len(after) != count or any(each.error for each in after):
            row.problems.append(f"{count - len(after)} turns lost")
        if not all(isinstance(error, StoreFullError) for error in errors) or len(errors) != 1:
            row.problems.append(f"reported: {errors}")
        if fault := fault_in(Places(volume).database):
            row.problems.append(fault)
    row.result = f"{kept} turns readable while full, all {count} after room was made, told once"
    return row


def protected(folder: Path) -> Row:
    """Opens a store on a volume that can only be read, with a log left by a crash."""
    row = Row("read-only volume")
    with _volume(folder, "size=16m") as volume:
        promises, _ = _one_life(volume, 0.2)
        _mount(volume, "remount,ro")
        store = Store.open(volume)
        loaded = [each for one in store.summaries() for each in store.load(one.id).turns]
        lengths = {each.id: len(each.text) for each in loaded}
        for answer, promise in promises.items():
            if lengths.get(answer, -1) < promise.length:
                row.problems.append(f"turn {answer} lacks text")
        with contextlib.suppress(StoreReadOnlyError):
            store.create(conversation("new"))
            row.problems.append("a write was taken")
        if not store.is_read_only or not store.notices:
            row.problems.append("not said")
        store.close()
        row.result = f"{len(loaded)} turns readable, writing refused and said"
    return row


@contextlib.contextmanager
def _volume(folder: Path, options: str) -> Iterator[Path]:
    place = folder / "volume"
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _mount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", options, str(place)], check=True)


def main() -> int:
    """Returns 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="tests.bench.store_survival", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--damaged", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder if not said")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        if options.damaged:
            rows += damaged(folder, options.damaged)
        if sys.platform == "linux" and os.geteuid() == 0:
            rows += [full_disk(folder), protected(folder)]
        else:
            print("Not root on Linux: full disk and read-only volume are left out.")
        if sys.platform == "linux" and options.kills:
            rows.append(kills(folder / "kills", options.kills))
    print("| what | result | |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.result} | {'FAILED' if row.problems else 'ok'} |")
        for problem in row.problems[:5]:
            print(f"  {problem}", file=sys.stderr)
    return 1 if any(row.problems for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
