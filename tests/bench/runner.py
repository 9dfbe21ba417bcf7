"""One measurement of one party in a fresh process; the result is a JSON line on standard output.

A `run_PARTY.py` script gives a Party; everything that is timed is timed here, alike for all.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from tests.bench.inputs import picture, plain_ids, sound

if TYPE_CHECKING:
    import mlx.core as mx
    import numpy as np
    from numpy.typing import NDArray

WARM_UP_PROMPT, WARM_UP_TOKENS = 4, 2
SOUND_SECONDS = 10.0
TURN_PROMPT, TURN_REPLY, TURN_NEXT, TURN_EDIT = 1501, 4, 20, 5
HOST_PROMPT, HOST_STEPS = 16, 100


class Party(Protocol):
    """An implementation under measurement. Its constructor imports it.

    All decoding is greedy and ignores end tokens; floating weights are float32.
    """

    def load(self, folder: Path, measure: str) -> None:
        """Read the model and evaluate the weights that the party needs for the measurement."""

    def load_processing(self) -> None:
        """Load the tokenizer and whatever else turns a conversation into arrays."""

    def tokens(self, ids: list[int], count: int) -> Iterator[int]:
        """Generate `count` tokens after a prompt, with nothing reused."""

    def new_conversation(self) -> None:
        """Forget the prefix cache."""

    def turn(self, ids: list[int], count: int) -> Iterator[int]:
        """As `tokens`, with the prefix cache of the conversation."""

    def step_builder(self, ids: list[int]) -> Callable[[], mx.array]:
        """Reads the prompt; the function it returns builds one greedy decode step, unevaluated."""


class MediaParty(Party, Protocol):
    """A party that also sees and hears."""

    def encode_picture(self, pixels: NDArray[np.uint8]) -> mx.array:
        """Projected soft tokens [S, H], pre-processing included, not necessarily evaluated."""

    def encode_sound(self, samples: NDArray[np.float32]) -> mx.array:
        """Projected soft tokens [S, H], pre-processing included, not necessarily evaluated."""


@dataclass(slots=True)
class Result:
    """What one run measured.

    `tokens` are those generated without reuse: parties must agree on them. `wrong` names the
    values that came with an answer other than the party's own without reuse.
    """

    values: dict[str, float]
    tokens: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def serve(make_party: Callable[[], Party]) -> None:
    """The main function of a runner script."""
    options = _parser().parse_args()
    start = time.perf_counter()
    party = make_party()
    imported = time.perf_counter()
    party.load(options.folder, options.measure)
    if options.measure != "host":
        party.load_processing()
    loaded = time.perf_counter()
    result = MEASURES[options.measure](party, options.folder, options.prompt, options.tokens)
    if options.measure == "text":
        result.values |= {"import_s": imported - start, "load_s": loaded - imported}
    print(json.dumps(asdict(result)))


def _text(party: Party, folder: Path, prompt: int, count: int) -> Result:
    for _ in party.tokens(plain_ids(folder, WARM_UP_PROMPT, seed=1), WARM_UP_TOKENS):
        pass
    first_s, rest_s, tokens = _timed(party.tokens(plain_ids(folder, prompt), count))
    values = {"first_token_s": first_s, "prefill_tok_s": prompt / first_s}
    if count > 1:
        values["decode_tok_s"] = (count - 1) / rest_s
    return Result(values, tokens)


def _turns(party: Party, folder: Path, prompt: int, count: int) -> Result:
    """Time to the first token of a second turn, for three ways in which it may go on."""
    del prompt, count
    first = plain_ids(folder, TURN_PROMPT)
    new = plain_ids(folder, TURN_NEXT, seed=1)
    for _ in party.tokens(first[:WARM_UP_PROMPT], WARM_UP_TOKENS):
        pass
    result = Result({})
    fresh: list[float] = []
    for case in ("extended", "rendered", "edited"):
        party.new_conversation()
        fresh_s, _, reply = _timed(party.turn(first, TURN_REPLY))
        second = {
            "extended": [*first, *reply, *new],
            "rendered": [*first, *reply[2:], *new],  # as when a thought is left out of history
            "edited": [*first[:-TURN_EDIT], *new[:TURN_EDIT]],
        }[case]
        again_s, _, answer = _timed(party.turn(second, TURN_REPLY))
        expected = list(party.tokens(second, TURN_REPLY))
        fresh.append(fresh_s)
        result.values[f"{case}_ms"] = 1e3 * again_s
        result.tokens += [*reply, *expected]
        if answer != expected:
            result.wrong.append(f"{case}_ms")
    result.values["first_turn_ms"] = 1e3 * statistics.median(fresh)
    return result


def _picture(party: MediaParty, folder: Path, prompt: int, count: int) -> Result:
    del folder, prompt, count
    pixels = picture()
    return _encoded(lambda: party.encode_picture(pixels), "picture")


def _sound(party: MediaParty, folder: Path, prompt: int, count: int) -> Result:
    del folder, prompt, count
    samples = sound(SOUND_SECONDS)
    return _encoded(lambda: party.encode_sound(samples), "sound")


def _encoded(encode: Callable[[], mx.array], what: str) -> Result:
    import mlx.core as mx

    start = time.perf_counter()
    rows = encode()
    mx.eval(rows)
    seconds = time.perf_counter() - start
    level = cast(float, mx.abs(rows).mean().item())
    values = {f"{what}_s": seconds, f"{what}_tokens": rows.shape[0], f"{what}_level": level}
    return Result(values)


def _host(party: Party, folder: Path, prompt: int, count: int) -> Result:
    """Processor time of the calling thread to build one decode step's graph.

    The step's computation is not in it, nor what other processes take away.
    """
    import mlx.core as mx

    del prompt, count
    build = party.step_builder(plain_ids(folder, HOST_PROMPT))
    tokens: list[int] = []
    seconds: list[float] = []
    for _ in range(HOST_STEPS):
        start = time.thread_time()
        token = build()
        seconds.append(time.thread_time() - start)
        mx.eval(token)
        tokens.append(cast(int, token.item()))
    return Result({"host_ms": 1e3 * statistics.median(seconds)}, tokens)


def _timed(tokens: Iterator[int]) -> tuple[float, float, list[int]]:
    """Seconds to the first token, seconds for the others, and all of them."""
    start = time.perf_counter()
    found = [next(tokens)]
    first = time.perf_counter()
    last = first
    for token in tokens:
        found.append(token)
        last = time.perf_counter()  # not after the loop: some clean up when it ends
    return first - start, last - first, found


MEASURES: dict[str, Callable[[Any, Path, int, int], Result]] = {
    "text": _text,
    "turns": _turns,
    "picture": _picture,
    "sound": _sound,
    "host": _host,
}


def _parser(measures: Sequence[str] = tuple(MEASURES)) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("measure", choices=measures)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prompt", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=8)
    return parser
