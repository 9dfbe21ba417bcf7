"""One rank of several for tests of lost computers: rank 0 answers at length, the others serve.

python -m tests.fakes.rank_faults FOLDER SILENCE_S

Rank 0 prints "answering" once tokens come and, when the answer has ended, its last event as JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path
from queue import SimpleQueue

MOST_TOKENS = 20_000


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL("libopenblas.so.0", mode=ctypes.RTLD_GLOBAL)
    import mlx.core as mx

    from inference import (
        Engine,
        Event,
        Failed,
        Finished,
        Lead,
        Message,
        Request,
        Sampling,
        Text,
        TokenText,
        follow,
        join,
        place_from,
    )

    mx.set_default_device(mx.cpu)
    place = place_from(os.environ)
    assert place is not None
    ranks = join(place, silence_s=float(sys.argv[2]))
    if not ranks.leads:
        follow(ranks)
        return
    engine = Engine(dtype="float32", lead=Lead(ranks))
    loading = engine.load(Path(sys.argv[1]))
    assert loading.wait(60)
    if loading.error is not None:
        print(json.dumps({"failed": loading.error.message}), flush=True)
        engine.close()
        return
    events: SimpleQueue[Event] = SimpleQueue()
    sampling = Sampling(seed=1, repetition_guard=False)
    request = Request(
        [Message("user", (Text("Go on."),))], max_tokens=MOST_TOKENS, sampling=sampling
    )
    job = engine.submit(request, events.put)
    is_answering = False
    while True:
        match events.get(timeout=60):
            case TokenText() if not is_answering:
                is_answering = True
                print("answering", flush=True)
                if sys.stdin.readline().strip() == "cancel":
                    job.cancel()
            case Failed() as failed:
                print(json.dumps({"failed": failed.message, "action": failed.action}), flush=True)
                break
            case Finished() as finished:
                print(json.dumps({"finished": finished.reason}), flush=True)
                break
    later: list[Event] = []
    engine.submit(request, later.append).cancel()
    print(json.dumps({"later": [type(event).__name__ for event in later]}), flush=True)
    engine.close()
    os._exit(0)  # MLX may still wait for a rank that is gone


if __name__ == "__main__":
    main()
