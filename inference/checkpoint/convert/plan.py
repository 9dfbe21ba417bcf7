"""Everything about a conversion that is known before it starts: tensors, places, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from inference.checkpoint.convert.choice import DECODER, lattice_spec, spec_of
from inference.checkpoint.convert.lattice import GROUP, is_on_lattice
from inference.checkpoint.convert.recipe import Recipe
from inference.checkpoint.convert.rows import Rows, Source, as_float32
from inference.checkpoint.folder import Folder
from inference.checkpoint.header import DTYPE_BYTES
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.quantization import QuantSpec
from inference.checkpoint.refusal import refusal

_PROBES = 5  # stretches of rows that are looked at to tell whether a matrix lies on a grid
_PROBE_BYTES = 64 << 10
_GATE_UP = re.compile(r"(.*\.experts)\.gate_up_proj$")
_DOWN = re.compile(r"(.*\.experts)\.down_proj$")


@dataclass(frozen=True, slots=True)
class NewTensor:
    """A tensor of the new files."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        return prod(self.shape) * DTYPE_BYTES[self.dtype]


@dataclass(frozen=True, slots=True)
class Task:
    """One stored tensor to make: from which rows, and packed how.

    `outputs` are weight, scales and biases of a packed matrix, or the tensor alone. Rows of a
    plain tensor are its whole; `axes` then says how a convolution is transposed.
    """

    module: str
    rows: tuple[Rows, ...]
    shape: tuple[int, ...]
    outputs: tuple[NewTensor, ...]
    spec: QuantSpec | None = None
    is_lattice: bool = False
    axes: tuple[int, ...] | None = None

    @property
    def size_bytes(self) -> int:
        return sum(output.size_bytes for output in self.outputs)

    @property
    def count(self) -> int:
        """Numbers of the source that it stores."""
        return prod(self.shape)


def make_tasks(folder: Folder, recipe: Recipe, *, is_text_only: bool) -> tuple[Task, ...]:
    """What `recipe` makes of `folder`, one task for each tensor, experts' gate and up apart.

    Reads a few rows of each matrix that may lie on the grid of QAT. Names are those of
    mlx-community's files. Raises CheckpointError for a model that is quantised already.
    """
    if folder.quantized:
        raise refusal(
            f"The model {folder.path.name!r} is quantised already, and a second time would only "
            "lose more",
            "Choose its bfloat16 version.",
        )
    tasks: list[Task] = []
    with Source(folder.stamps) as source:
        for name, stored in folder.tensors.items():
            module = name.removesuffix(".weight")
            spec = spec_of(module, stored.shape, recipe, folder.config.text)
            on_grid = lattice_spec(module, spec, recipe) if spec else None
            parts = tuple(_parts(module, stored))
            is_lattice = on_grid is not None and all(
                _is_on_lattice(source, rows) for _, rows, _ in parts
            )
            used = on_grid if is_lattice else spec
            for part, rows, shape in parts:
                new = _new_name(part, is_text_only)
                outputs = _outputs(new, name, shape, used)
                tasks.append(Task(part, rows, shape, outputs, used, is_lattice, stored.axes))
    return tuple(tasks)


def stored_module(module: str, is_text_only: bool) -> str:
    """The module's path in the new files, as overrides in config.json name it."""
    return _new_name(module, is_text_only)


def _outputs(
    new: str, name: str, shape: tuple[int, ...], spec: QuantSpec | None
) -> tuple[NewTensor, ...]:
    if spec is None:
        return (NewTensor(f"{new}.weight" if name.endswith(".weight") else new, "BF16", shape),)
    types = {"weight": "U32", "scales": "BF16", "biases": "BF16"}
    shapes = spec.packed_shapes(shape)
    return tuple(NewTensor(f"{new}.{x}", types[x], size) for x, size in shapes.items())


def _parts(
    module: str, stored: TensorSource
) -> Iterator[tuple[str, tuple[Rows, ...], tuple[int, ...]]]:
    """Path, rows and shape of what is stored for `module`: experts' gate and up are two."""
    found = _GATE_UP.fullmatch(module)
    if found is None:
        ref = stored.parts[0]
        width = ref.shape[-1] if ref.shape else 1
        rows = (Rows(ref, width, 0, prod(ref.shape[:-1])),)
        yield module, rows, stored.shape
        return
    experts, both, width = stored.shape
    for i, half in enumerate(("gate", "up")):
        shape = (experts, both // 2, width)
        yield f"{found[1]}.{half}_proj", tuple(_half(stored, i)), shape


def _half(stored: TensorSource, half: int) -> Iterator[Rows]:
    """Rows of the gate (0) or up (1) of all experts, stored apart or one after the other."""
    if len(stored.parts) == 2:
        ref = stored.parts[half]
        yield Rows(ref, ref.shape[-1], 0, prod(ref.shape[:-1]))
        return
    ref = stored.parts[0]
    experts, both, width = ref.shape
    rows = both // 2
    for expert in range(experts):
        begin = expert * both + half * rows
        yield Rows(ref, width, begin, begin + rows)


def _is_on_lattice(source: Source, rows: tuple[Rows, ...]) -> bool:
    """Whether rows taken here and there all lie on grids; where one does not, it is no QAT."""
    for place in range(_PROBES):
        span = rows[place * (len(rows) - 1) // (_PROBES - 1)]
        count = max(1, _PROBE_BYTES // span.row_bytes)
        begin = span.begin + place * max(0, span.end - span.begin - count) // (_PROBES - 1)
        probe = Rows(span.ref, span.width, begin, min(begin + count, span.end))
        if not is_on_lattice(as_float32(source.read(probe)).reshape(-1, GROUP)):
            return False
    return True


def _new_name(module: str, is_text_only: bool) -> str:
    found = _DOWN.fullmatch(module) or re.fullmatch(r"(.*\.experts)\.((?:gate|up)_proj)$", module)
    if found:
        last = module.rpartition(".")[2]
        module = f"{found[1]}.switch_glu.{last}"
    if not module.startswith(DECODER):
        return module
    rest = module.removeprefix(DECODER)
    return f"model.{rest}" if is_text_only else f"{DECODER}model.{rest}"
