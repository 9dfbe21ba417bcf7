"""The MTP drafter against transformers, and drafted generation against plain generation."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from inference import CheckpointError, Prompt, Sampling, load
from inference.models.cache import KV
from inference.models.gemma4.config import LayerKind
from tests.parity.reference import DATA, FEATURES, LOGITS, Case, largest, model

DRAFTED = ("e", "dense")
NEVER_CHOSEN = [5, 6, 7, 8, 9, 10, 23]


def with_drafter(family: str):  # type: ignore[no-untyped-def]
    return load(DATA / family, dtype="float32", drafter=DATA / f"{family}-assistant")


@pytest.mark.parametrize("family", DRAFTED)
def test_draft_steps(family: str) -> None:
    case, m = Case(family, "mtp"), with_drafter(family)
    shared: dict[LayerKind, KV] = {
        kind: KV(mx.array(case[f"keys_{kind}"])[None], mx.array(case[f"values_{kind}"])[None], 0)
        for kind in ("sliding", "full")
    }
    hidden, token = mx.array(case["hidden"])[None, None], int(case["bonus"])
    for logits, state, chosen in zip(
        case["draft_logits"], case["draft_hidden"], case["draft_ids"], strict=True
    ):
        embedding = m.network.language_model.embed(mx.array([[token]]))
        ours, hidden = m.drafter(embedding, hidden, shared, 40)
        assert largest(ours[0, 0], logits) < LOGITS
        assert largest(hidden[0, 0], state) < LOGITS
        token = int(chosen)


@pytest.mark.parametrize("family", DRAFTED)
def test_the_cache_lends_what_the_reference_lends(family: str) -> None:
    case, m = Case(family, "mtp"), model(family)
    run = m.run(Prompt.from_token_ids(case["ids"].tolist()), max_tokens=0)
    hidden = run.read()
    assert largest(hidden[0, 0], case["hidden"]) < LOGITS
    for kind, kv in m.network.shared_kv(run.session.caches).items():
        visible = case["sliding_visible"] if kind == "sliding" else np.ones(40, bool)
        kept = visible[kv.start :]
        assert (
            largest(kv.keys[0][:, mx.array(np.flatnonzero(kept))], case[f"keys_{kind}"][:, visible])
            < FEATURES * 10
        )


@pytest.mark.parametrize("family", DRAFTED)
@pytest.mark.parametrize("sampling", [Sampling(temperature=0), Sampling(seed=7)])
def test_drafting_changes_no_token(family: str, sampling: Sampling) -> None:
    """160 tokens: far behind the window, through many compactions of the sliding caches."""
    m = with_drafter(family)
    prompt = Prompt.from_token_ids(Case(family, "mtp")["ids"].tolist())
    plain = m.run(prompt, max_tokens=160, sampling=sampling)
    drafted = m.run(prompt, max_tokens=160, sampling=sampling, use_drafter=True)
    assert list(drafted.tokens()) == list(plain.tokens())
    assert drafted.counts.drafted >= 160 - drafted.counts.accepted - 1
    assert drafted.session.position == plain.session.position


class Oracle:
    """A drafter that knows the answer, except at every fourth place."""

    def __init__(self, answer: list[int], vocab: int) -> None:
        self._answer, self._vocab = answer, vocab
        self._at = 0

    def __call__(self, embedding, hidden, shared, position):  # type: ignore[no-untyped-def]
        del embedding, shared
        index = position - 40 + 1 + self._step(position)
        token = self._answer[min(index, len(self._answer) - 1)]
        if index % 4 == 0:
            token = (token + 1) % self._vocab
        logits = np.zeros((1, 1, self._vocab), np.float32)
        logits[..., token] = 1
        return mx.array(logits), hidden

    def _step(self, position: int) -> int:
        self._count = self._count + 1 if position == self._at else 0
        self._at = position
        return self._count

    _count = 0


@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_accepted_and_rejected_guesses_leave_the_same_state(family: str) -> None:
    m = load(DATA / family, dtype="float32")
    prompt = Case(family, "text").prompt()
    greedy = Sampling(temperature=0)
    answer = list(m.run(prompt, max_tokens=120, sampling=greedy).tokens())
    m.drafter = Oracle(answer, 384)  # type: ignore[assignment]
    run = m.run(prompt, max_tokens=120, sampling=greedy, use_drafter=True)
    assert list(run.tokens()) == answer
    assert run.counts.accepted > 60


@pytest.mark.parametrize("speculative", [False, True])
@pytest.mark.parametrize("place", range(1, 9))
def test_a_forced_token_is_read_like_any_other(speculative: bool, place: int) -> None:
    """Forcing token 300 after `place` tokens continues as a fresh prompt with it would."""
    m = load(DATA / "e", dtype="float32")
    prompt, greedy = Case("e", "text").prompt(), Sampling(temperature=0)
    answer = list(m.run(prompt, max_tokens=12, sampling=greedy).tokens())
    m.drafter = Oracle(answer, 384)  # type: ignore[assignment]
    tokens = m.run(prompt, max_tokens=30, sampling=greedy, use_drafter=speculative).tokens()
    made = [next(tokens) for _ in range(place)]
    made.append(tokens.send(300))
    made += [next(tokens) for _ in range(5)]
    assert made[: place + 1] == [*answer[:place], 300]
    fresh = m.run(
        Prompt.from_token_ids([*prompt.token_ids, *made[: place + 1]]),
        max_tokens=5,
        sampling=greedy,
    )
    assert made[place + 1 :] == list(fresh.tokens())


def test_a_drafter_of_another_size_is_refused() -> None:
    with pytest.raises(CheckpointError, match="another size"):
        load(DATA / "e", drafter=DATA / "dense-assistant")
