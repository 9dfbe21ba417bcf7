"""How well the tower reads held-out drawings: `python -m assets.tiny.train.vision_score`.

Prints, for each kind of drawing, the share of things that are read from the soft tokens.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import torch

from assets.tiny.train import store, vision, vision_data
from assets.tiny.train.vision_heads import Heads, scores

COUNTS = {"page": 100, "chart": 300, "frame": 150, "small": 60, "large": 16}
FIRST_SEED = vision_data.SEEDS + 1_000_000  # not those watched during training


def score(
    tower: vision.Tower, heads: Heads, name: str, count: int, first: int
) -> dict[str, tuple[int, int]]:
    """(right, all) of each task on `count` drawings."""
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    step = vision_data.SOURCES[name][1]
    for seed in range(first, first + count, step):
        pixels, where, columns, goal = vision_data.load(name, seed)
        with torch.inference_mode():
            found = scores(heads, vision.forward(tower, pixels, where, columns), goal)
        for task, (hits, tries) in found.items():
            right[task] += hits
            every[task] += tries
    return {task: (right[task], tries) for task, tries in every.items() if tries}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--name", default="vision")
    options = parser.parse_args()
    torch.set_num_threads(1)
    saved = store.load(options.work / f"{options.name}.pt")
    if saved is None:
        parser.error(f"no tower {options.name} in {options.work}")
    tower, heads = vision.new_tower(), Heads(vision.shape.VISION_WIDTH)
    tower.load_state_dict(saved["state"])
    heads.load_state_dict(saved["head"])
    print("step", saved["step"])
    for name, count in COUNTS.items():
        for task, (hits, tries) in score(tower, heads, name, count, FIRST_SEED).items():
            print(f"{name:6} {task:8} {100 * hits / tries:6.2f} %  of {tries}", flush=True)


if __name__ == "__main__":
    main()
