"""Speeds are kept by the weights they were measured with, the baseline beside the newest."""

from __future__ import annotations

from pathlib import Path

from app.core.benchmark.book import MOST_COPIES, SpeedBook
from app.core.benchmark.values import BenchmarkResult, Measurement, TaskResult


def result(date: str, speed: float) -> BenchmarkResult:
    run = Measurement(generated_tokens=64, decode_tokens_per_s=speed)
    return BenchmarkResult(date, "m", "a computer", (TaskResult("text", (run,)),))


def test_speeds_survive_and_the_first_is_the_baseline(tmp_path: Path) -> None:
    book = SpeedBook(tmp_path / "speeds.json")
    book.put("samples a", result("2026-09-01", 10))
    book.put("samples a", result("2026-09-02", 12))
    again = SpeedBook(tmp_path / "speeds.json")
    assert again.speed("samples a") == 12
    assert again.baseline("samples a") == result("2026-09-01", 10)
    assert again.speed("samples b") is None


def test_another_baseline_can_be_chosen(tmp_path: Path) -> None:
    book = SpeedBook(tmp_path / "speeds.json")
    book.put("a", result("2026-09-01", 10))
    book.put("a", result("2026-09-02", 12), as_baseline=True)
    assert book.baseline("a") == result("2026-09-02", 12)
    book.put("a", result("2026-09-03", 14))
    book.make_baseline("a")
    assert SpeedBook(tmp_path / "speeds.json").baseline("a") == result("2026-09-03", 14)


def test_nothing_measured_is_not_kept(tmp_path: Path) -> None:
    book = SpeedBook(tmp_path / "speeds.json")
    book.put("a", BenchmarkResult("2026-09-01", tasks=(TaskResult("text", (), "Failed."),)))
    book.put("", result("2026-09-01", 10))
    assert not (tmp_path / "speeds.json").exists()


def test_two_processes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    window, command = (SpeedBook(tmp_path / "speeds.json") for _ in range(2))
    command.put("a", result("2026-09-01", 10))
    window.put("b", result("2026-09-01", 20))
    command.put("a", result("2026-09-02", 11))
    assert SpeedBook(tmp_path / "speeds.json").speed("a") == 11
    assert SpeedBook(tmp_path / "speeds.json").speed("b") == 20


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "speeds.json").write_text("{")
    book = SpeedBook(tmp_path / "speeds.json")
    assert "damaged" in book.problem
    assert (tmp_path / "speeds.damaged.json").read_text() == "{"
    assert book.speed("a") is None


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    book = SpeedBook(tmp_path / "speeds.json")
    for number in range(MOST_COPIES + 1):
        book.put(f"{number}", result("2026-09-01", 1 + number))
    assert book.speed("0") is None
    assert book.speed(f"{MOST_COPIES}") == 1 + MOST_COPIES
