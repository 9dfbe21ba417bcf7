"""How well the memory estimate meets what MLX really takes, on small models of the real shapes.

python -m tests.bench.fit_accuracy [--out TABLE.md]

Three models with the real ratios (E2B's sharing and per-layer table, experts, 31B's keys as
values) read random prompts in chunks; the estimate without its reserve is set against MLX's peak.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import sys
import tempfile
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.make_checkpoint import write_checkpoint
from tests.bench.sizes import SIZES, Audio, Experts, Size, Vision, with_layers
from tests.bench.tensors import Quantisation

if TYPE_CHECKING:
    from inference import Model

LOW, HIGH = -0.05, 0.15
TOWER = Vision(hidden=192, ffn=768, layers=2, heads=3, clipped=False, standardize=False)
EAR = Audio(hidden=128, layers=2, heads=2, output=192)
FOUR_BIT = Quantisation(4, 64)


@dataclass(frozen=True, slots=True)
class Case:
    """One model and the (chunk, context) points that are measured with it."""

    size: Size
    quantisation: Quantisation | None
    points: tuple[tuple[int, int], ...]


def cases() -> tuple[Case, ...]:
    """The models, about a quarter of the real width, with few layers of the real pattern."""
    e = replace(
        _narrow("e2b", layers=20, window=128),
        name="E2B",
        hidden=384,
        ffn=1536,
        ple=64,
        audio=EAR,
    )
    dense = replace(
        _narrow("31b", layers=6, window=256), name="31B", hidden=768, ffn=3072, heads=16,
        kv_sliding=8, kv_full=2,
    )  # fmt: skip
    experts = replace(
        _narrow("26b-a4b", layers=6, window=256), name="26B-A4B", hidden=704, ffn=576,
        experts=Experts(16, 8, 192),
    )  # fmt: skip
    return (
        Case(
            e,
            FOUR_BIT,
            ((64, 512), (256, 512), (64, 2048), (256, 2048), (1024, 2048), (256, 8192),
             (1024, 8192), (512, 12000)),
        ),
        Case(e, None, ((128, 1024), (512, 4096), (2048, 4096))),
        Case(dense, None, ((64, 512), (256, 1024), (256, 4096), (1024, 4096), (512, 8192))),
        Case(experts, FOUR_BIT, ((64, 256), (256, 512), (512, 1024), (1024, 1536))),
    )  # fmt: skip


def _narrow(name: str, *, layers: int, window: int) -> Size:
    size = with_layers(SIZES[name], layers)
    return replace(size, head_dim=64, full_head_dim=128, window=window, vocab=8192, vision=TOWER)


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement; bytes."""

    name: str
    chunk: int
    context: int
    measured: int
    estimated: int

    @property
    def error(self) -> float:
        """Estimate against measurement: 0.1 is a tenth too much."""
        return self.estimated / self.measured - 1

    @property
    def is_within(self) -> bool:
        return LOW <= self.error <= HIGH


def measure(case: Case, folder: Path) -> Iterator[Point]:
    """The points of one case, on a model written into `folder`."""
    import inference

    write_checkpoint(folder, case.size, case.quantisation)
    model = inference.load(folder, "float32")
    model.warm()
    shape = inference.read_shape(folder)
    for chunk, context in case.points:
        need = inference.estimate(
            shape, context, inference.TEXT_ONLY, device="cpu", chunk=chunk, table_on_disk=False
        )
        measured = _peak(model, chunk, context, case.size.window)
        bits = case.quantisation.bits if case.quantisation else 16
        name = f"{case.size.name}, {bits} bit"
        yield Point(name, chunk, context, measured, need.total - need.reserve)


def _peak(model: Model, chunk: int, context: int, window: int) -> int:
    """MLX's peak while a conversation of random tokens is read and three tokens are written.

    Two turns end early in it where there is room beside whole chunks, else one does.
    """
    import mlx.core as mx
    import numpy as np

    from inference import Prompt

    ids = np.random.default_rng(0).integers(600, 8000, context - 4).tolist()
    early = (window + 10, window + 20)
    marks = early if context >= window + 3 * chunk else (window + 10, context - 9)
    prompt = replace(Prompt.from_token_ids(ids), marks=marks)
    gc.collect()
    mx.clear_cache()
    mx.reset_peak_memory()
    run = model.run(prompt, max_tokens=4, chunk=chunk)
    for _ in run.tokens():
        pass
    return int(mx.get_peak_memory())


def table(points: list[Point]) -> str:
    """All points as Markdown."""
    lines = ["| model | chunk | context | measured MB | estimated MB | error |"]
    lines.append("|---|---|---|---|---|---|")
    for p in points:
        mark = "" if p.is_within else " (outside)"
        lines.append(
            f"| {p.name} | {p.chunk:,} | {p.context:,} | {p.measured / 1e6:.1f} | "
            f"{p.estimated / 1e6:.1f} | {p.error:+.1%}{mark} |"
        )
    within = sum(p.is_within for p in points)
    lines += ["", f"{within} of {len(points)} within {LOW:+.0%} to {HIGH:+.0%}."]
    return "\n".join(lines)


def main() -> int:
    """Command line; 1 when a point lies outside."""
    parser = argparse.ArgumentParser(prog="tests.bench.fit_accuracy", description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="", metavar="NAME")
    options = parser.parse_args()
    if library := find_library("openblas"):
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    points = []
    for number, case in enumerate(cases()):
        if options.only not in case.size.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for point in measure(case, Path(folder) / str(number)):
                points.append(point)
                print(table([point]).splitlines()[2], file=sys.stderr, flush=True)
    text = table(points)
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0 if all(p.is_within for p in points) else 1


if __name__ == "__main__":
    raise SystemExit(main())
