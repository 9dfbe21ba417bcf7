"""Quantises a model folder into a new one, a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from inference.checkpoint.convert.card import bits_per_weight
from inference.checkpoint.convert.disk import Disk, LocalDisk, check_room, failure
from inference.checkpoint.convert.planning import ConversionPlan, plan_conversion
from inference.checkpoint.convert.recipe import Recipe
from inference.checkpoint.convert.shards import SHARD_BYTES
from inference.checkpoint.convert.target import partial_folder, publish
from inference.checkpoint.convert.values import Prediction
from inference.checkpoint.convert.writing import IsCancelled, OnProgress, Run
from inference.checkpoint.folder import open_folder
from inference.errors import CheckpointError, ConversionError


def predict(source: Path | str, recipe: Recipe) -> Prediction:
    """What `recipe` will make of the model at `source`; reads headers and a few rows of each.

    Raises CheckpointError when `source` is no model that can be quantised.
    """
    return predict_all(source, [recipe])[0]


def predict_all(source: Path | str, recipes: Iterable[Recipe]) -> tuple[Prediction, ...]:
    """As `predict` for several recipes; the model is checked once."""
    folder = open_folder(source)
    return tuple(_prediction(plan_conversion(folder, r, _today(), SHARD_BYTES)) for r in recipes)


def predicted_bytes(source: Path | str, recipe: Recipe) -> int:
    """The size of the folder that `convert` would write. Raises CheckpointError."""
    return predict(source, recipe).size_bytes


def convert(
    source: Path | str,
    target: Path | str,
    recipe: Recipe,
    on_progress: OnProgress = lambda _progress: None,
    cancelled: IsCancelled = lambda: False,
    *,
    disk: Disk | None = None,
    today: date | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> Path:
    """Write the model at `source`, quantised by `recipe`, as the new folder `target`; return it.

    Everything is written to `target`.partial, which becomes `target` in one step once all of it
    was checked by reading it again. `source` is never written to. When it fails or is cancelled,
    nothing is left. Files of weights hold up to `shard_bytes`.

    Raises CheckpointError when the source cannot be used, ConversionError when the target cannot
    be written (something is there, the disk is full), ConversionCancelled when `cancelled` said so.
    """
    target, disk = Path(target), disk or LocalDisk()
    run = Run(disk, on_progress, cancelled)
    run.tell("checking")
    plan = plan_conversion(open_folder(source), recipe, today or _today(), shard_bytes)
    run.total_bytes = plan.size_bytes
    check_room(disk, target, plan.size_bytes)
    with partial_folder(target, plan.folder.path) as partial:
        try:
            run.write(plan, partial)
            run.tell("verifying")
            _verify(plan, partial)
            run.tell("verifying")
            publish(partial, target)
        except OSError as error:
            raise failure(target, error) from error
    return target


def _prediction(plan: ConversionPlan) -> Prediction:
    packed = [task for task in plan.tasks if task.spec is not None]
    return Prediction(
        size_bytes=plan.size_bytes,
        source_bytes=plan.folder.size_bytes,
        bits_per_weight=bits_per_weight(plan.tasks),
        modules=len(packed),
        lattice_modules=sum(task.is_lattice for task in packed),
    )


def _verify(plan: ConversionPlan, partial: Path) -> None:
    """Open what was written as any foreign folder is opened, and find in it what was planned.

    Raises ConversionError.
    """
    try:
        made = open_folder(partial)
    except CheckpointError as error:
        raise _failed_check(error.message) from error
    sizes = {shard.name: shard.size_bytes for shard in plan.shards}
    if {file.name: stamp.size_bytes for file, stamp in made.stamps.items()} != sizes:
        raise _failed_check("the weight files have not the planned sizes.")
    packed = {_canonical(task.module): task.spec for task in plan.tasks if task.spec is not None}
    if made.tensors.keys() < plan.folder.tensors.keys() or made.quantized != packed:
        raise _failed_check("tensors are missing or packed in another way.")


def _canonical(module: str) -> str:
    """The module as the network names it: experts' gate and up are one matrix."""
    base, _, last = module.rpartition(".experts.")
    return f"{base}.experts.gate_up_proj" if last in ("gate_proj", "up_proj") else module


def _failed_check(why: str) -> ConversionError:
    return ConversionError(
        f"The quantised model did not pass its check and was deleted again: {why}",
        "Try once more; if it fails again, check the disk and the model it is made from.",
    )


def _today() -> date:
    return datetime.now(UTC).date()
