"""Trains the vision tower alone: `python -m assets.tiny.train.vision_train --work .train`.

It reads characters from pages, then charts, frames and dashboards, and what belongs to each label.
With `--from NAME` it goes on from another tower, mostly on frames, and keeps the soft tokens of
charts near what that tower makes of them, so that a decoder trained on those still understands.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assets.tiny.train import store, vision, vision_data, vision_init
from assets.tiny.train.optim import Optimiser
from assets.tiny.train.vision import Tower
from assets.tiny.train.vision_heads import Heads, losses, normed, scores

WEIGHTS = {
    "anchor": 2.0,
    "patch": 0.5,
    "cell": 1.0,
    "word": 0.5,
    "value": 1.0,
    "pointer": 1.0,
    "frame": 1.0,
}
EARLY = {"page": 0.8, "chart": 0.2}
LATE = {"page": 0.22, "chart": 0.38, "frame": 0.2, "small": 0.14, "large": 0.06}
ONWARD = {"page": 0.05, "chart": 0.25, "frame": 0.6, "small": 0.08, "large": 0.02}
EARLY_UNTIL = 0.1
ANCHORED = ("chart", "small", "large")
EVALUATE_EVERY_S = 60.0
HELD_OUT = {"page": 24, "chart": 24, "frame": 16, "small": 4}


def start(seed: int) -> tuple[Tower, Heads]:
    """A new tower, its patches whitened on some drawings, and its heads."""
    torch.manual_seed(seed)
    tower = vision.new_tower()
    sample = [vision_data.load("page", 1, 64)[0], vision_data.load("chart", 1, 24)[0]]
    vision_init.initialise(tower, torch.cat([patches.flatten(0, 1) for patches in sample]), seed)
    return tower, Heads(tower.config.hidden_size)


def evaluate(tower: Tower, heads: Heads) -> dict[str, float]:
    """Shares of held-out things that are read."""
    figures = {}
    for name, count in HELD_OUT.items():
        pixels, where, columns, goal = vision_data.load(name, vision_data.SEEDS, count)
        with torch.no_grad():
            found = scores(heads, vision.forward(tower, pixels, where, columns), goal)
        for task, (right, every) in found.items():
            if every:
                figures[f"{name}.{task}"] = right / every
    return figures


def save(path: Path, tower: nn.Module, heads: Heads, step: int) -> None:
    store.save(path, {"state": tower.state_dict(), "head": heads.state_dict(), "step": step})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--name", default="vision")
    parser.add_argument("--from", dest="origin", default="", help="name of a trained tower")
    parser.add_argument("--seconds", type=float, default=1800, help="CPU seconds in all")
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--decay-from", type=float, default=0.5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tower, heads = start(0)
    path, rest = options.work / f"{options.name}.pt", options.work / f"{options.name}.optim.pt"
    run = store.Run(options.work, options.name)
    step, saved, momentum, anchor = 0, store.load(path), store.load(rest), None
    if options.origin:
        anchor = vision.new_tower().requires_grad_(False)
        origin = store.load(options.work / f"{options.origin}.pt")
        assert origin, f"no tower {options.origin}"
        anchor.load_state_dict(origin["state"])
        saved = saved or origin
    parameters = [*tower.named_parameters(), *heads.named_parameters()]
    optimiser = Optimiser(
        parameters, options.rate, int(options.seconds), options.rate / 4, options.decay_from
    )
    if saved:
        tower.load_state_dict(saved["state"])
        heads.load_state_dict(saved["head"])
        step = int(saved["step"])
    if saved and momentum:
        optimiser.load_state_dict(momentum)
    train(run, tower, heads, anchor, optimiser, step, options.seconds, (path, rest))


def train(
    run: store.Run,
    tower: Tower,
    heads: Heads,
    anchor: Tower | None,
    optimiser: Optimiser,
    step: int,
    seconds: float,
    paths: tuple[Path, Path],
) -> None:
    """Trains until `seconds` of processor time are used; the schedule follows that time."""
    evaluated, sums = run.cpu_s, {}
    while run.cpu_s < seconds:
        mixture = ONWARD if anchor else EARLY if run.cpu_s < EARLY_UNTIL * seconds else LATE
        dice = np.random.default_rng(step)
        name = str(dice.choice(list(mixture), p=list(mixture.values())))
        pixels, where, columns, goal = vision_data.load(name, (step * 20) % vision_data.SEEDS)
        seen = vision.forward(tower, pixels, where, columns)
        found = losses(heads, seen, goal, columns)
        if anchor and name in ANCHORED:
            with torch.no_grad():
                before = normed(vision.forward(anchor, pixels, where, columns).soft)
            found["anchor"] = (normed(seen.soft) - before).square().mean()
        torch.stack([WEIGHTS[task] * loss for task, loss in found.items()]).sum().backward()
        optimiser.step(int(run.cpu_s))
        step += 1
        for task, loss in found.items():
            key = f"{name}.{task}.loss"
            sums[key] = 0.9 * sums.get(key, loss.item()) + 0.1 * loss.item()
        if run.cpu_s - evaluated > EVALUATE_EVERY_S or run.cpu_s >= seconds:
            evaluated = run.cpu_s
            run.log(step=step, **sums, **evaluate(tower, heads))
        if run.due() or run.cpu_s >= seconds:
            save(paths[0], tower, heads, step)
            store.save(paths[1], optimiser.state_dict())


if __name__ == "__main__":
    main()
