"""Reusing a conversation's state must give what a fresh run gives, whatever was edited."""

from __future__ import annotations

import random

import numpy as np
import pytest

from inference import Prompt, Sampling
from inference.generate.session import Session
from inference.prompt.prompt import MediaInput
from tests.parity.reference import FAMILIES, LOGITS, Case, largest, media_input, model

GREEDY = Sampling(temperature=0)


def state(family: str, prompt: Prompt, session: Session | None) -> tuple[np.ndarray, int]:
    """Logits after the prompt and how many of its tokens were reused."""
    m = model(family)
    run = m.run(prompt, max_tokens=0, session=session, chunk=24)
    logits = np.asarray(m.network.logits(run.read()))[0, 0]
    return logits, run.counts.reused


def ids(count: int, seed: int) -> list[int]:
    draw = random.Random(seed)
    return [2, *(draw.randrange(290, 380) for _ in range(count - 1))]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "change",
    ["same", "longer", "last token", "last five", "middle", "early", "first", "shorter"],
)
def test_an_edited_prompt_reuses_and_stays_exact(family: str, change: str) -> None:
    before = ids(150, seed=1)
    after = {
        "same": before,
        "longer": [*before, *ids(20, 2)[1:]],
        "last token": [*before[:-1], 300],
        "last five": [*before[:-5], *ids(6, 3)[1:]],
        "middle": [*before[:80], 300, *before[81:]],
        "early": [*before[:30], 300, *before[31:]],
        "first": [3, *before[1:]],
        "shorter": before[:100],
    }[change]
    m = model(family)
    session = m.new_session()
    for _ in m.run(
        Prompt.from_token_ids(before), max_tokens=40, sampling=GREEDY, session=session, chunk=24
    ).tokens():
        pass
    logits, reused = state(family, Prompt.from_token_ids(after), session)
    fresh, _ = state(family, Prompt.from_token_ids(after), None)
    assert largest(logits, fresh) < LOGITS
    least = {
        "same": 144,
        "longer": 150,
        "last token": 144,
        "last five": 144,
        "middle": 72,
        "early": 24,
        "first": 0,
        "shorter": 72,
    }[change]
    assert least <= reused < len(after)


@pytest.mark.parametrize("family", FAMILIES)
def test_random_edits_stay_exact(family: str) -> None:
    """Twelve turns, each a random cut of the last prompt with new tokens, on one session."""
    draw = random.Random(5)
    m, session = model(family), model(family).new_session()
    prompt = ids(60, seed=4)
    for turn in range(12):
        logits, _ = state(family, Prompt.from_token_ids(prompt), session)
        fresh, _ = state(family, Prompt.from_token_ids(prompt), None)
        assert largest(logits, fresh) < LOGITS, f"turn {turn}"
        run = m.run(
            Prompt.from_token_ids(prompt),
            max_tokens=draw.randrange(1, 60),
            sampling=GREEDY,
            session=session,
        )
        made = list(run.tokens())
        cut = draw.randrange(1, len(prompt) + len(made))
        prompt = [*prompt, *made][:cut] + ids(draw.randrange(2, 50), seed=turn)[1:]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_second_turn_with_a_picture(family: str) -> None:
    """The picture stays in the cache; another picture in its place does not match."""
    prompt = Case(family, "image").prompt()
    session = model(family).new_session()
    state(family, prompt, session)
    longer = appended(prompt, ids(30, 9)[1:])
    logits, reused = state(family, longer, session)
    assert reused >= len(prompt) - 1
    assert largest(logits, state(family, longer, None)[0]) < LOGITS
    first = media_input("wide")
    other = MediaInput(
        "image",
        "other",
        "f" * 64,
        first.soft_tokens,
        ((255 - first.pictures[0][0], first.pictures[0][1]),),
    )
    swapped = Prompt(longer.ids, longer.types, longer.receipt, (other, longer.media[1]))
    logits, reused = state(family, swapped, session)
    begin = int(np.flatnonzero(longer.types > 0)[0])
    assert reused <= begin
    assert largest(logits, state(family, swapped, None)[0]) < LOGITS


def appended(prompt: Prompt, more: list[int]) -> Prompt:
    return Prompt(
        np.concatenate([prompt.ids, np.array(more, np.int32)]),
        np.concatenate([prompt.types, np.zeros(len(more), np.int8)]),
        prompt.receipt,
        prompt.media,
    )


def test_snapshots_are_bounded_and_keep_the_newest() -> None:
    m = model("e")
    session = Session(m.network.language_model.make_caches(), snapshot_bytes=1)
    state("e", Prompt.from_token_ids(ids(400, 3)), session)
    assert len(session.snapshot_positions) == 2
    assert session.snapshot_positions[-1] == 400
    assert session.snapshot_bytes > 0


def test_a_marked_prompt_keeps_both_turn_starts() -> None:
    """The tokens that open the model's turn get no snapshot of their own."""
    raw = Prompt.from_token_ids(ids(400, 3))
    prompt = Prompt(raw.ids, raw.types, raw.receipt, marks=(1, 300, 397))
    m = model("e")
    session = Session(m.network.language_model.make_caches(), snapshot_bytes=1)
    run = m.run(prompt, max_tokens=0, session=session, chunk=64)
    fresh = largest(m.network.logits(run.read())[0, 0], state("e", raw, None)[0])
    assert fresh < LOGITS
    assert 397 in session.snapshot_positions
    assert 400 not in session.snapshot_positions
    assert session.size_bytes > session.snapshot_bytes > 0


def test_a_cancelled_prefill_leaves_a_usable_session() -> None:
    from inference.generate.cancel import Cancelled

    m = model("e")
    prompt = Prompt.from_token_ids(ids(200, 8))
    session, calls = m.new_session(), iter(range(100))
    run = m.run(prompt, max_tokens=5, session=session, chunk=24, cancelled=lambda: next(calls) >= 3)
    with pytest.raises(Cancelled):
        next(run.tokens())
    assert session.position == 72
    logits, reused = state("e", prompt, session)
    assert reused == 72
    assert largest(logits, state("e", prompt, None)[0]) < LOGITS
