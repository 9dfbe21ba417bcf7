"""A benchmark in words: a line for each task, and how it compares with the baseline."""

from __future__ import annotations

from app.core.benchmark.values import TITLES, BenchmarkResult, Figure, TaskResult

_SAME = 0.02  # a smaller change of a median is none


def figure_said(figure: Figure | None, unit: str = "") -> str:
    """Like "41.2 (40.8–41.9) tok/s"; a dash where nothing was measured."""
    if figure is None:
        return "–"
    shown = _number(figure.median)
    if _number(figure.low) != _number(figure.high):
        shown += f" ({_number(figure.low)}–{_number(figure.high)})"
    return f"{shown} {unit}".strip()


def task_line(task: TaskResult, baseline: TaskResult | None = None) -> str:
    """What one task came to, in one line."""
    if not task.runs:
        return f"{TITLES[task.task]}: {task.problem or 'not run'}"
    parts = [
        f"{figure_said(task.decode, 'tokens/s')} written",
        f"first token after {figure_said(task.first_token, 's')}",
        f"{figure_said(task.prefill, 'tokens/s')} read",
    ]
    if task.figure(lambda run: run.media_s):
        parts.append(f"media {figure_said(task.figure(lambda run: run.media_s), 's')}")
    line = f"{TITLES[task.task]}: {', '.join(parts)}"
    change = change_said(task, baseline)
    return f"{line}; {change}" if change else line


def change_said(task: TaskResult, baseline: TaskResult | None) -> str:
    """Like "12 % faster than the baseline", "" where there is nothing to compare."""
    now = task.decode
    before = None if baseline is None else baseline.decode
    if now is None or before is None:
        return ""
    share = now.median / before.median - 1
    if abs(share) < _SAME:
        return "as the baseline"
    word = "faster" if share > 0 else "slower"
    return f"{abs(share):.0%} {word} than the baseline".replace("%", " %")


def lines(result: BenchmarkResult, baseline: BenchmarkResult | None = None) -> tuple[str, ...]:
    """All tasks, in order."""
    return tuple(
        task_line(task, None if baseline is None else baseline.task(task.task))
        for task in result.tasks
    )


def _number(value: float) -> str:
    """Three digits or so: 0.043, 4.31, 41.2, 412."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"
