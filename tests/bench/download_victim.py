"""A process that fetches a model from the fake hub until it is done or killed.

python -m tests.bench.download_victim ENDPOINT CACHE REPOSITORY
"""

from __future__ import annotations

import sys
from pathlib import Path

from inference.hub.catalogue import CatalogueEntry
from inference.hub.download import Downloads
from tests.fakes.hub.fetching import PATIENT


def main(endpoint: str, cache: str, repo: str) -> int:
    """0 when the model is there."""
    shop = Downloads(Path(cache), None, endpoint, policy=PATIENT, environment={})
    entry = CatalogueEntry("e2b-4bit", "E2B", "4-bit", "test", repo, 0, 4)
    progress = shop.start(entry).wait()
    print(progress.state, progress.message, flush=True)
    return 0 if progress.state == "done" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
