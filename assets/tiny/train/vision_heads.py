"""What is read from the tower while it is trained alone, and the losses of that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assets.tiny.train.palette import WORDS
from assets.tiny.train.vision import Seen
from assets.tiny.train.vision_targets import CLASSES, DIGIT_CLASSES, IGNORED, SLOTS, Targets

CELL_SLOTS = 9 * SLOTS
FRAME_PARTS = (5, 7, 11)  # shapes, colours, digits; the first of each is none
EMPTY_WEIGHT = 0.1  # most slots hold no character


class Heads(nn.Module):
    """Linear read-outs: whatever they find, the decoder can find as easily."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch_head = nn.Linear(width, SLOTS * CLASSES)
        self.cell_head = nn.Linear(width, CELL_SLOTS * CLASSES)
        self.word_head = nn.Linear(width, len(WORDS) + 1)
        self.value_head = nn.Linear(width, 3 * DIGIT_CLASSES)
        self.frame_head = nn.Linear(width, sum(FRAME_PARTS))
        for head in self.children():
            nn.init.normal_(head.weight, 0, 0.2 * width**-0.5)
            nn.init.zeros_(head.bias)


@dataclass(frozen=True)
class Batch:
    """Targets of pictures of one grid.

    Attributes:
        patches: [n, patches, SLOTS]; cells: the same, [n, cells, 9 * SLOTS].
        words: [n, cells]; values, pointers: [n, cells, 3]; frames: [n, 3].
    """

    patches: torch.Tensor
    cells: torch.Tensor
    words: torch.Tensor
    values: torch.Tensor
    pointers: torch.Tensor
    frames: torch.Tensor


def batch(targets: list[Targets]) -> Batch:
    characters = np.stack([t.characters for t in targets])
    n, rows, columns, slots = characters.shape
    cells = characters.reshape(n, rows // 3, 3, columns // 3, 3, slots).transpose(0, 1, 3, 2, 4, 5)
    return Batch(
        torch.from_numpy(characters).flatten(1, 2),
        torch.from_numpy(np.ascontiguousarray(cells)).flatten(1, 2).flatten(2),
        torch.from_numpy(np.stack([t.words for t in targets])).flatten(1),
        torch.from_numpy(np.stack([t.values for t in targets])).flatten(1, 2),
        torch.from_numpy(np.stack([t.pointers for t in targets])).flatten(1, 2),
        torch.tensor([t.frame for t in targets]),
    )


def normed(soft: torch.Tensor) -> torch.Tensor:
    """As `embed_vision` norms soft tokens before it projects them."""
    return soft * torch.rsqrt(soft.square().mean(-1, keepdim=True) + 1e-6)


def losses(heads: Heads, seen: Seen, goal: Batch, columns: int) -> dict[str, torch.Tensor]:
    """Each task's loss in nats a thing to be read."""
    last, ready = seen.last, normed(seen.soft)
    found = {
        "patch": _characters(heads.patch_head(normed(last)), goal.patches),
        "cell": _characters(heads.cell_head(ready), goal.cells),
        "word": _words(heads.word_head(ready), goal.words),
    }
    marked = goal.values[..., 0] != IGNORED
    if marked.any():
        digits = heads.value_head(ready[marked]).view(-1, 3, DIGIT_CLASSES)
        found["value"] = functional.cross_entropy(
            digits.flatten(0, 1), goal.values[marked].flatten()
        )
        found["pointer"] = _pointers(seen, goal, marked, columns)
    if (goal.frames != IGNORED).any():
        found["frame"] = _frames(heads.frame_head(ready), goal.frames)
    return found


def _characters(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    each = functional.cross_entropy(logits.view(-1, CLASSES), goal.flatten(), reduction="none")
    full = goal.flatten() > 0
    weight = torch.where(full, 1.0, EMPTY_WEIGHT)
    return (each * weight).sum() / full.sum().clamp(min=4)


def _pointers(seen: Seen, goal: Batch, marked: torch.Tensor, columns: int) -> torch.Tensor:
    """Heads 0, 1 and 2 of the last layer look from a label at hundreds, tens and ones."""
    which, cell = marked.nonzero(as_tuple=True)
    first = cell // (columns // 3) * 3 * columns + cell % (columns // 3) * 3
    inside = (torch.arange(3)[:, None] * columns + torch.arange(3)).flatten()
    patches = first[:, None] + inside  # [labels, 9]
    queries = seen.queries[which[:, None], :3, patches]  # [labels, 9, 3, dim]
    keys = seen.keys[which, :3]  # [labels, 3, patches, dim]
    logits = torch.einsum("lihd,lhpd->lihp", queries, keys)
    wanted = goal.pointers[marked][:, None].expand(logits.shape[:3])
    return functional.cross_entropy(logits.flatten(0, 2), wanted.flatten(), ignore_index=IGNORED)


def _frames(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """Every cell of a frame should know what the frame shows."""
    each = [
        functional.cross_entropy(
            part.flatten(0, 1),
            wanted[:, None].expand(part.shape[:2]).flatten(),
            ignore_index=IGNORED,
        )
        for part, wanted in zip(logits.split(FRAME_PARTS, -1), goal.unbind(-1), strict=True)
    ]
    return torch.stack(each).sum()


def _words(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    flat = goal.flatten()
    each = functional.cross_entropy(
        logits.flatten(0, 1), flat, ignore_index=IGNORED, reduction="none"
    )
    return (each * torch.where(flat > 0, 1.0, EMPTY_WEIGHT)).sum() / (flat > 0).sum().clamp(min=4)


@torch.no_grad()
def scores(heads: Heads, seen: Seen, goal: Batch) -> dict[str, tuple[int, int]]:
    """(right, all) for each task; digits are characters of class 1 to 10."""
    ready = normed(seen.soft)
    patch = heads.patch_head(normed(seen.last)).unflatten(-1, (SLOTS, CLASSES)).argmax(-1)
    cell = heads.cell_head(ready).unflatten(-1, (CELL_SLOTS, CLASSES)).argmax(-1)
    found = {
        "patch": _hits(patch == goal.patches, goal.patches > 0),
        "cell": _hits(cell == goal.cells, goal.cells > 0),
        "digit": _hits(cell == goal.cells, (goal.cells > 0) & (goal.cells <= 10)),
        "empty": _hits(cell == goal.cells, goal.cells == 0),
        "word": _hits(heads.word_head(ready).argmax(-1) == goal.words, goal.words > 0),
    }
    marked = goal.values[..., 0] != IGNORED
    digits = heads.value_head(ready).unflatten(-1, (3, DIGIT_CLASSES)).argmax(-1)
    found["value"] = _hits((digits == goal.values).all(-1), marked)
    parts = heads.frame_head(ready).split(FRAME_PARTS, -1)
    guess = torch.stack([part.argmax(-1) for part in parts], -1)
    framed = (goal.frames[:, :1] != IGNORED).expand(ready.shape[:2])
    found["frame"] = _hits((guess == goal.frames[:, None]).all(-1), framed)
    return found


def _hits(right: torch.Tensor, where: torch.Tensor) -> tuple[int, int]:
    return int((right & where).sum()), int(where.sum())
