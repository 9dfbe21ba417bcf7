"""The table: medians of per-round ratios, and what went wrong."""

from __future__ import annotations

from tests.bench.plan import MLX_LM, MLX_VLM, OURS, Task
from tests.bench.report import ours_passed, problems, table
from tests.bench.rounds import Measured, Round

TASK = Task("a task", "text", "model")


def cells(rounds: list[Round], label: str) -> list[str]:
    [row] = [line for line in table([(TASK, rounds)]).splitlines() if line.startswith(f"| {label}")]
    return [cell.strip() for cell in row.strip("|").split("|")][1:]


def load(seconds: float, tokens: tuple[int, ...] = (1,), wrong: tuple[str, ...] = ()) -> Measured:
    return Measured({"load_s": seconds}, tokens, wrong)


def test_the_ratio_is_the_median_of_the_rounds_not_the_ratio_of_medians() -> None:
    rounds: list[Round] = [
        {OURS: load(a), MLX_LM: load(b)} for a, b in ((1.0, 2.0), (2.0, 10.0), (6.0, 3.0))
    ]
    assert cells(rounds, "load") == ["2.00", "3.00", "**0.500** (0.200–2.00)", "–", "–"]
    assert problems(TASK, rounds) == []


def test_other_tokens_give_no_ratio() -> None:
    rounds: list[Round] = [{OURS: load(1.0), MLX_LM: load(2.0, tokens=(2,))}]
    assert cells(rounds, "load")[2] == "tokens differ"
    assert problems(TASK, rounds) == ["a task, round 1: ours and mlx-lm generated different tokens"]


def test_a_wrong_answer_is_marked_and_gives_no_ratio() -> None:
    rounds: list[Round] = [{OURS: load(1.0), MLX_VLM: load(2.0, wrong=("load_s",))}]
    assert cells(rounds, "load")[3:] == ["2.00 (wrong answer)", "–"]
    assert problems(TASK, rounds) == [
        "a task, round 1: mlx-vlm answered differently with reuse: load weights and tokenizer, s"
    ]


def test_a_failure_is_shown_beside_what_worked() -> None:
    rounds: list[Round] = [{OURS: Measured(failure="no such file"), MLX_LM: load(2.0)}]
    assert cells(rounds, "load") == ["failed", "2.00", "–", "–", "–"]
    assert problems(TASK, rounds) == ["a task, round 1: ours failed: no such file"]


def test_facts_have_no_ratio() -> None:
    run = Measured({"picture_tokens": 264.0})
    assert cells([{OURS: run, MLX_VLM: run}], "soft tokens") == ["264", "–", "–", "264", "–"]


def test_only_our_own_faults_and_other_tokens_fail_the_bench() -> None:
    good, failed = load(1.0), Measured(failure="broke")
    assert ours_passed([{OURS: good, MLX_LM: good}])
    assert ours_passed([{OURS: good, MLX_LM: failed, MLX_VLM: load(1.0, wrong=("load_s",))}])
    assert not ours_passed([{OURS: failed, MLX_LM: good}])
    assert not ours_passed([{OURS: load(1.0, wrong=("load_s",))}])
    assert not ours_passed([{OURS: good, MLX_LM: load(1.0, tokens=(2,))}])


def test_large_and_small_values_stay_readable() -> None:
    rounds: list[Round] = [{OURS: load(17.6), MLX_LM: load(3650.0)}]
    assert cells(rounds, "load")[:3] == ["17.6", "3,650", "**0.00482** (0.00482–0.00482)"]
