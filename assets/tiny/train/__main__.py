"""`python -m assets.tiny.train STAGE --work DIR`: makes the demonstration model.

Stages, in order: speech (espeak-ng must be installed), tokenizer, vision, audio, cache, decoder,
export; `all` runs them one after another. Vision and audio may run side by side.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

import torch

ORDER = ("speech", "tokenizer", "vision", "audio", "cache", "decoder", "export")
_PACKAGE = "assets.tiny.train"
_TOWERS = {"speech": "speak", "vision": "vision_train", "audio": "audio_train"}


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {_PACKAGE}", description=__doc__)
    parser.add_argument("stage", choices=(*ORDER, "all"))
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--minutes", type=float, default=90.0, help="length of the decoder stage")
    parser.add_argument("--threads", type=int, default=1, help="for the decoder stage")
    parser.add_argument("--until", help="HH:MM today at which the decoder stage ends")
    parser.add_argument("--rank", type=int, default=0, help="number of this decoder process")
    parser.add_argument("--processes", type=int, default=1, help="decoder processes in all")
    parser.add_argument("--groups", nargs="*", help="what to cache: frames, charts, audio")
    parser.add_argument("--shard", default="0", help="name of the shard to cache")
    parser.add_argument("--count", type=int, default=4000, help="drawings a shard")
    parser.add_argument("--to", type=Path, default=Path("assets/tiny/model"), help="for export")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for stage in ORDER if arguments.stage == "all" else (arguments.stage,):
        _run(stage, arguments)


def _run(stage: str, arguments: argparse.Namespace) -> None:
    """One stage; those that have a program of their own run as a process."""
    work: Path = arguments.work
    if stage in _TOWERS:
        command = [sys.executable, "-m", f"{_PACKAGE}.{_TOWERS[stage]}", "--work", str(work)]
        subprocess.run(command, check=True)
    elif stage == "tokenizer":
        from assets.tiny.train import tokenizer_corpus

        tokenizer_corpus.write(work)
    elif stage == "cache":
        _cache(work, arguments.groups or ["frames", "charts", "audio"], arguments)
    elif stage == "decoder":
        from assets.tiny.train import decoder
        from assets.tiny.train.peers import Peers

        peers = Peers(arguments.rank, arguments.processes, work / "meeting")
        decoder.train(work, _end(arguments), peers)
    else:
        from assets.tiny.train import export

        export.export(work, arguments.to)


def _end(arguments: argparse.Namespace) -> float:
    """When the decoder stage ends, in seconds since the epoch: the same for all its processes."""
    if arguments.until is None:
        return time.time() + 60 * float(arguments.minutes)
    now = time.localtime()
    hour, minute = map(int, arguments.until.split(":"))
    return time.mktime((*now[:3], hour, minute, 0, *now[6:]))


def _cache(work: Path, groups: list[str], arguments: argparse.Namespace) -> None:
    from assets.tiny.train import cache
    from assets.tiny.train.media_talk import SEEDS

    for group in groups:
        if group == "frames":
            cache.film_library(work)
            cache.build(work, "video", "held-out", 48, cache.HELD_OUT)
            continue
        if not (work / "cache" / f"{group}-held-out").exists() or arguments.shard == "0":
            cache.build(work, group, "held-out", 96, cache.HELD_OUT)
        # Seeds of different shards are far apart; a shard keeps its seeds when it is made again.
        cache.build(work, group, arguments.shard, arguments.count, int(arguments.shard) * SEEDS)


if __name__ == "__main__":
    main()
