"""One rank of several, or a process on its own: the same work on one model folder after another.

python -m tests.bench.rank OUT FOLDER [FOLDER ...]

Which rank it is stands in the environment, as `mlx.launch` leaves it. Rank 0 writes what it worked
out to OUT/NAME.npz and a JSON line with speed and memory of every rank; the others serve.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.inputs import picture
from tests.bench.memory import own_peak_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inference import Lead, Model

CHUNK = 32  # so that the prompt takes several
TURN = "What do you see?"
EDITED = "What is it that you can see here?"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.bench.rank", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--steps", type=int, default=6, help="tokens to decode")
    parser.add_argument("--quick", action="store_true", help="one conversation, one answer")
    options = parser.parse_args(arguments)
    if sys.platform == "linux":
        ctypes.CDLL("libopenblas.so.0", mode=ctypes.RTLD_GLOBAL)
    import mlx.core as mx

    from inference import Lead, follow, join, place_from

    mx.set_default_device(mx.cpu)
    place = place_from(os.environ)
    if place is None:
        _run(options, None)
        return 0
    ranks = join(place)
    if not ranks.leads:
        follow(ranks)
        print(json.dumps({"rank": place.share.rank, "peak_rss": own_peak_bytes()}))
        return 0
    lead = Lead(ranks)
    _run(options, lead)
    lead.close()
    return 0


def _run(options: argparse.Namespace, lead: Lead | None) -> None:
    import mlx.core as mx
    import numpy as np

    for folder in options.folders:
        begin = time.perf_counter()
        model = _load(folder, lead)
        model.warm()
        load_s = time.perf_counter() - begin
        active = [int(mx.get_active_memory())]
        if lead is not None:
            active += [int(each["active"]) for each in lead.ask({"do": "memory"})]
        begin = time.perf_counter()
        arrays = _work(model, options.steps, is_quick=options.quick)
        np.savez(options.out / f"{folder.name}.npz", **arrays)
        line = {
            "model": folder.name,
            "active": active,
            "load_s": load_s,
            "work_s": time.perf_counter() - begin,
            "decode_tok_s": float(arrays["speed"]),
            "peak_rss": own_peak_bytes(),
        }
        print(json.dumps(line), flush=True)
        del model
        mx.clear_cache()


def _load(folder: Path, lead: Lead | None) -> Model:
    from inference import load
    from inference.model import load_divided

    return load(folder, "float32") if lead is None else load_divided(folder, "float32", lead)


def _work(model: Model, steps: int, *, is_quick: bool) -> dict[str, NDArray[Any]]:
    """Logits without and with caches, after reuse, and what is generated."""
    import mlx.core as mx
    import numpy as np

    from inference import Image, Message, Sampling, Text

    def asked(text: str) -> Any:
        parts = (Image(picture()[:96, :192]), Text(text))
        return model.prepare([Message("user", parts)], image_tokens=70)

    def generated(sampling: Sampling) -> NDArray[Any]:
        ids = [s.token_id for s in model.stream(prompt, max_tokens=steps, sampling=sampling)]
        return np.array(ids)

    prompt = asked(TURN)
    arrays: dict[str, NDArray[Any]] = {"uncached": np.asarray(model.logits(prompt))}
    session = model.new_session()
    run = model.run(prompt, max_tokens=1, session=session, chunk=CHUNK)
    hidden = run.read()
    rows = [np.asarray(model.network.logits(hidden))[0, 0]]
    begin = time.perf_counter()
    for token in range(5, 5 + steps):
        hidden = model.network.step(mx.array([[token]]), session.caches)
        session.append([token])
        rows.append(np.asarray(model.network.logits(hidden))[0, 0])
    arrays["speed"] = np.array(steps / (time.perf_counter() - begin))
    arrays["cached"] = np.stack(rows)
    arrays["greedy"] = generated(Sampling(temperature=0))
    if is_quick:
        return arrays
    arrays["sampled"] = generated(Sampling(seed=5))
    again = model.run(asked(EDITED), max_tokens=1, session=session, chunk=CHUNK)
    arrays["reused"] = np.asarray(model.network.logits(again.read()))[0, 0]
    arrays["reused_tokens"] = np.array(again.counts.reused)
    return arrays


if __name__ == "__main__":
    raise SystemExit(main())
