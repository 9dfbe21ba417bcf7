"""README.md of a quantised model: what it was made from and how, and under which licence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.checkpoint.convert.disk import gigabytes
from inference.checkpoint.convert.plan import Task
from inference.checkpoint.convert.recipe import Recipe
from inference.checkpoint.disk import opened, read_exactly
from inference.checkpoint.refusal import shown

_MAX_BYTES = 1 << 20
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
# Values that are copied into another file's front matter: plain words and addresses only.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,60}")
_LINK = re.compile(r"https?://[A-Za-z0-9./_~%#-]{1,200}")
_REPOSITORY = re.compile(r"models--([A-Za-z0-9._-]+?)--([A-Za-z0-9._-]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Licence:
    """What the source's README says of its licence; empty where it says nothing."""

    name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the source came from: `owner/name` and commit, known of a Hugging Face cache alone."""

    folder: str
    repository: str = ""
    revision: str = ""

    @property
    def title(self) -> str:
        return self.repository.rpartition("/")[2] or self.folder


def origin_of(root: Path) -> Origin:
    """The origin of the model folder `root`, with links resolved."""
    folder = shown(root.name).replace("`", "'")
    found = _REPOSITORY.fullmatch(root.parent.parent.name)
    if root.parent.name != "snapshots" or found is None or not _COMMIT.fullmatch(root.name):
        return Origin(folder)
    return Origin(folder, f"{found[1]}/{found[2]}", root.name)


def read_licence(readme: Path | None) -> Licence:
    """The licence that the front matter of a README.md names. Raises CheckpointError."""
    if readme is None:
        return Licence()
    with opened(readme) as (stream, stamp):
        data = read_exactly(stream, min(stamp.size_bytes, _MAX_BYTES), readme.name)
    front = _FRONT.match(data.decode(errors="replace"))
    if front is None:
        return Licence()
    name, link = _entry(front[1], "license", _WORD), _entry(front[1], "license_link", _LINK)
    if name == "other":
        name = _entry(front[1], "license_name", _WORD) or name
    return Licence(name, link)


def card(
    origin: Origin,
    licence: Licence,
    recipe: Recipe,
    tasks: Sequence[Task],
    *,
    has_licence_file: bool,
    today: str,
) -> str:
    """The text of README.md. `today` is the date, as 2026-11-24."""
    source = origin.repository or origin.folder
    revision = f" (revision {origin.revision})" if origin.revision else ""
    return "\n".join(
        [
            *_front_matter(origin, licence),
            f"# {origin.title}, {recipe.label}",
            "",
            f"**Modified.** These are not the weights as published. Facet made them from `{source}`"
            f"{revision} on {today}: most matrices are stored with fewer bits, in MLX's affine"
            " format. The tokenizer and the settings of generation are the source's.",
            "",
            "## How it is stored",
            "",
            f"Recipe `{recipe.key}`, {bits_per_weight(tasks):.2f} bits a weight on average,"
            f" {gigabytes(sum(task.size_bytes for task in tasks))} of weights.",
            "",
            "| stored as | matrices | what |",
            "|---|---|---|",
            *_table(tasks),
            "",
            *_lattice_note(tasks),
            "## Licence",
            "",
            _licence_text(origin, licence, has_licence_file),
            "",
            "## Use",
            "",
            '    facet ask FOLDER "What is shown here?" --image picture.png',
            "",
            "mlx-vlm reads it too. Quantising costs quality; `facet check FOLDER` tells whether it"
            " still sees, hears and answers.",
            "",
        ]
    )


def bits_per_weight(tasks: Iterable[Task]) -> float:
    """Bits stored for each number of the source."""
    listed = tuple(tasks)
    return 8 * sum(task.size_bytes for task in listed) / sum(task.count for task in listed)


def _entry(front: str, key: str, wanted: re.Pattern[str]) -> str:
    found = re.search(rf"^{key}:[ \t]*[\"']?([^\"'\r\n]+?)[\"']?[ \t]*$", front, re.MULTILINE)
    return found[1] if found and wanted.fullmatch(found[1]) else ""


def _front_matter(origin: Origin, licence: Licence) -> list[str]:
    lines = ["---", "library_name: mlx"]
    if licence.name:
        lines.append(f"license: {licence.name}")
    if licence.link:
        lines.append(f"license_link: {licence.link}")
    if origin.repository:
        lines += [f"base_model: {origin.repository}", "base_model_relation: quantized"]
    return [*lines, "pipeline_tag: image-text-to-text", "tags:", "- mlx", "- gemma4", "---", ""]


def _table(tasks: Sequence[Task]) -> list[str]:
    kinds: dict[str, Counter[str]] = {}
    for task in tasks:
        if task.spec is None:
            continue
        grid = ", on the grid it was trained for" if task.is_lattice else ""
        stored = f"{task.spec.bits} bit, groups of {task.spec.group_size}{grid}"
        kinds.setdefault(stored, Counter())[task.module.rpartition(".")[2]] += 1
    rows = [
        f"| {stored} | {parts.total()} | {', '.join(sorted(parts))} |"
        for stored, parts in sorted(kinds.items(), reverse=True)
    ]
    plain = sum(task.spec is None for task in tasks)
    return [*rows, f"| bfloat16 | {plain} | towers, norms, scalars and whatever is small |"]


def _lattice_note(tasks: Sequence[Task]) -> list[str]:
    if not any(task.is_lattice for task in tasks):
        return []
    return [
        "The source was trained for 4 bits (QAT). Its own grid was found again, so those matrices"
        " lose only what rounding the scales to bfloat16 loses.",
        "",
    ]


def _licence_text(origin: Origin, licence: Licence, has_file: bool) -> str:
    file = " Its text is in the file LICENSE." if has_file else ""
    if licence.name:
        link = f" ({licence.link})" if licence.link else ""
        return f"That of the source: {licence.name}{link}.{file}"
    if has_file:
        return "That of the source; its text is in the file LICENSE."
    return (
        f"`{origin.repository or origin.folder}` names none. Google publishes Gemma 4 under the "
        "Apache License 2.0; see where the source came from."
    )
