"""What calls of the store cost on this machine, on a store much larger than a person's.

python -m tests.bench.store_costs [--conversations N] [--turns N] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.core.conversation import Turn
from app.core.store import Store
from app.core.store.opening import Places
from inference import Receipt, ReceiptItem, Statistics
from tests.fakes.stored import conversation, turn

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "or", "ist", "un") for c in "aeiouy"]
MEAN_WORDS = 110  # about 700 characters, as in measured chats
LONG_ANSWER = 80_000  # characters, about 20,000 tokens
RECEIPT = Receipt((ReceiptItem("text", "", 61), ReceiptItem("image", "x.png", 273, 273)), 351)


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=max(3, int(chance.expovariate(1 / MEAN_WORDS)))))


def _turns(name: str, count: int, chance: random.Random) -> tuple[Turn, ...]:
    made = []
    for i in range(count):
        parent = f"{name}-{i - 1}" if i else None
        fields = {"role": "model", "statistics": Statistics(), "receipt": RECEIPT} if i % 2 else {}
        made.append(turn(f"{name}-{i}", _text(chance), parent, **fields))
    return tuple(made)


def fill(store: Store, conversations: int, turns: int) -> str:
    """Most turns are in a few long conversations. Returns the name of one with 1,000 turns."""
    chance = random.Random(3)
    long_ones = max(1, turns // 2000)
    for i in range(long_ones):
        store.create(conversation(f"long{i}", *_turns(f"long{i}", 1000, chance)))
    left, others = turns - 1000 * long_ones, conversations - long_ones
    for i in range(others):
        count = max(0, left * (i + 1) // others - left * i // others)
        store.create(
            conversation(f"c{i}", *_turns(f"c{i}", count, chance), title=_text(chance)[:60])
        )
    return "long0"


def timed(name: str, times: int, call: Callable[[], object]) -> str:
    """A line of the table."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    high = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    return f"| {name} | {statistics.median(taken):.1f} | {high:.1f} | {taken[-1]:.1f} | {times} |"


def measure(folder: Path, conversations: int, turns: int) -> list[str]:
    """Fills a store and measures it."""
    store = Store.open(folder)
    name = fill(store, conversations, turns)
    lines = [timed("index 200 texts (idle step)", 20, store.idle)]
    while store.idle():
        pass
    lines.append(timed("list every conversation", 20, store.summaries))
    lines.append(timed("load 1,000 turns", 10, lambda: store.load(name)))
    lines += [
        timed(f"search “{words}”", 5, lambda words=words: store.search(words))
        for words in ("bora", "bora gisty", "b", "文字", "nothinglikethis", "->")
    ]
    numbers = iter(range(1_000_000))
    lines.append(timed("add a turn", 100, lambda: _add(store, next(numbers))))
    store.add_turn("c0", turn("stream", role="model", state="streaming"))
    for length in (1000, LONG_ANSWER):
        what = f"update a streaming turn of {length:,} characters"
        lines.append(timed(what, 100, lambda length=length: _stream(store, length, next(numbers))))
    finished = turn("stream", "word " * (LONG_ANSWER // 5), role="model")
    lines.append(timed("finish it", 10, lambda: store.update_turn("c0", finished)))
    lines.append(timed("search right after", 1, lambda: store.search("word")))
    lines.append(timed("back up and check", 1, store.back_up))
    lines.append(timed("delete for good", 5, lambda: store.purge(f"c{next(numbers)}")))
    lines.append(timed("a step of forgetting (idle)", 20, store.idle))
    while store.idle():
        pass
    size = Places(folder).database.stat().st_size / 1e6
    index = Places(folder).index.stat().st_size / 1e6
    store.close()
    lines.append(timed("open and check", 3, lambda: Store.open(folder).close()))
    return [
        f"{conversations:,} conversations, {turns:,} turns: {size:.0f} MB, index {index:.0f} MB",
        "",
        "| call | median ms | p95 | max | times |",
        "|---|---|---|---|---|",
        *lines,
    ]


def _add(store: Store, number: int) -> None:
    store.add_turn("c0", turn(f"new-{number}", "a short question"))


def _stream(store: Store, length: int, number: int) -> None:
    """Other words each time: SQLite does not write what is there already."""
    store.stream("stream", f"{number:6} word " * (length // 12), "", 0)


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="tests.bench.store_costs", description=__doc__)
    parser.add_argument("--conversations", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder if not said")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        print("\n".join(measure(Path(name) / "store", options.conversations, options.turns)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
