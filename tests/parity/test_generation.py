"""Cached generation against the reference and against our own uncached pass."""

from __future__ import annotations

import numpy as np
import pytest

from inference import Prompt, Sampling
from inference.generate.prefill import chunk_ends
from tests.parity.reference import FAMILIES, LOGITS, Case, cases, forward, largest, model

GREEDY = Sampling(temperature=0)
NEVER_CHOSEN = (5, 6, 7, 8, 9, 10, 23)
CONTINUED = [(f, c) for f in FAMILIES for c in ("text", "image", "audio") if c in cases(f)]


def generate(family: str, prompt: Prompt, count: int, **options: object) -> list[int]:
    run = model(family).run(
        prompt,
        max_tokens=count,
        sampling=GREEDY,
        suppress=NEVER_CHOSEN,
        **options,  # type: ignore[arg-type]
    )
    return list(run.tokens())


def last_logits(family: str, prompt: Prompt, chunk: int) -> np.ndarray:
    """Logits of the last position after a prefill in chunks."""
    m = model(family)
    run = m.run(prompt, max_tokens=0, chunk=chunk)
    return np.asarray(m.network.logits(run.read()))[0, 0]


@pytest.mark.parametrize(("family", "name"), CONTINUED)
def test_greedy_ids(family: str, name: str) -> None:
    case = Case(family, name)
    assert generate(family, case.prompt(), 24) == case["greedy_ids"].tolist()


@pytest.mark.parametrize(("family", "name"), CONTINUED)
def test_cached_steps_give_the_reference_logits(family: str, name: str) -> None:
    case, m = Case(family, name), model(family)
    run = m.run(case.prompt(), max_tokens=24, sampling=GREEDY)
    hidden = run.read()
    for expected, token in zip(case["greedy_logits"], case["greedy_ids"], strict=True):
        assert largest(m.network.logits(hidden)[0, 0], expected) < LOGITS
        hidden = run._feed(int(token))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("chunk", [1, 3, 7, 8, 13, 16, 31, 64, 1000])
def test_every_chunk_size_gives_the_same_logits(family: str, chunk: int) -> None:
    for name in ("text", "image"):
        prompt = Case(family, name).prompt()
        whole = forward(family, prompt)[-1]
        assert largest(last_logits(family, prompt, chunk), whole) < LOGITS


@pytest.mark.parametrize("name", ["video", "all"])
@pytest.mark.parametrize("chunk", [5, 50])
def test_chunks_through_frames_and_sound(name: str, chunk: int) -> None:
    for family in FAMILIES if name == "video" else ("e",):
        prompt = Case(family, name).prompt()
        whole = forward(family, prompt)[-1]
        assert largest(last_logits(family, prompt, chunk), whole) < LOGITS


def test_chunks_never_split_an_image_block_that_looks_both_ways() -> None:
    types = np.array([0] * 3 + [1] * 10 + [0] * 2 + [2] * 4 + [0], np.int8)
    assert chunk_ends(0, types, 4, whole_blocks=True) == [13, 19, 20]
    assert chunk_ends(0, types, 4) == [4, 8, 12, 16, 20]
    assert chunk_ends(0, types, 100, marks=[2, 15, 20]) == [2, 15, 20]


@pytest.mark.parametrize("family", FAMILIES)
def test_long_generation_past_the_window_equals_the_uncached_pass(family: str) -> None:
    """Each of 150 cached tokens is what a fresh pass over everything before it would choose."""
    prompt = Case(family, "text").prompt()
    made = generate(family, prompt, 150)
    whole = forward(family, Prompt.from_token_ids([*prompt.token_ids, *made]))
    whole[:, list(NEVER_CHOSEN)] = -np.inf
    chosen = whole[len(prompt) - 1 : -1]
    lead = chosen.max(axis=-1) - chosen[np.arange(150), made]
    assert float(lead.max()) < LOGITS
