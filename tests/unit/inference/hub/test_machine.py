"""What this computer is, and what a sensor of its memory says."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import this_machine
from inference.generate.guard import Pressure
from inference.hub.machine import LinuxFacts, chip_bandwidth, free_disk_bytes
from inference.hub.machine_sensor import LinuxSensor
from tests.fakes.memory import GIB, FakeFacts, mac

MEMINFO = "MemTotal:       16000000 kB\nMemFree:          200000 kB\nMemAvailable: {} kB\n"


def test_facts_become_a_machine() -> None:
    machine = this_machine(Path("/models"), FakeFacts())
    assert machine.chip == "Apple M4 Max"
    assert machine.bandwidth_bytes_per_s == 410_000_000_000
    assert machine.free_disk_bytes == len("/models")
    assert machine.device == "gpu"
    assert machine.available_bytes == 48 * GIB


def test_this_computer_has_memory_and_a_disk() -> None:
    machine = this_machine()
    assert machine.memory_bytes > GIB
    assert machine.free_disk_bytes > 0
    assert machine.chip


@pytest.mark.parametrize(
    ("gigabytes", "available"), [(4, 2.0), (8, 4.27), (16, 10.67), (48, 36.0), (128, 96.0)]
)
def test_the_system_keeps_its_share(gigabytes: int, available: float) -> None:
    assert mac(gigabytes).available_bytes / GIB == pytest.approx(available, abs=0.01)


def test_linux_facts_from_proc(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Ryzen 9\n")
    (tmp_path / "meminfo").write_text(MEMINFO.format(9_000_000))
    facts = LinuxFacts(tmp_path)
    assert facts.chip() == "Ryzen 9"
    assert facts.memory_bytes() == 16_000_000 * 1024
    assert facts.gpu_bytes() == 0
    empty = LinuxFacts(tmp_path / "none")
    assert empty.memory_bytes() == 0
    assert empty.chip()


def test_free_space_is_that_of_the_nearest_folder_that_exists(tmp_path: Path) -> None:
    wanted = free_disk_bytes(tmp_path)
    found = free_disk_bytes(tmp_path / "not" / "yet")
    assert found == pytest.approx(wanted, rel=0.1)


@pytest.mark.parametrize(
    ("chip", "gigabytes"), [("Apple M1", 68), ("Apple M3 Pro", 150), ("M5 Max", 460), ("Intel", 0)]
)
def test_bandwidth_by_chip(chip: str, gigabytes: int) -> None:
    assert chip_bandwidth(chip) == gigabytes * 1_000_000_000


@pytest.mark.parametrize(
    ("available", "pressure"),
    [("9000000", "normal"), ("900000", "warning"), ("300000", "critical"), ("much", "normal")],
)
def test_pressure_on_linux(tmp_path: Path, available: str, pressure: Pressure) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(MEMINFO.format(available))
    assert LinuxSensor(meminfo).read().pressure == pressure
    assert LinuxSensor(tmp_path / "none").read().pressure == "normal"
