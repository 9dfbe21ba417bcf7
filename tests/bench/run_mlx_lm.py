"""Measures mlx-lm; run with the interpreter of the peers' environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.runner import serve

if TYPE_CHECKING:
    import mlx.core as mx


class MlxLm:
    """Text only: mlx-lm drops the towers of a Gemma 4 folder."""

    def __init__(self) -> None:
        # By name, because both packages hide modules behind functions of the same name.
        self.mx = import_module("mlx.core")
        self.generate = import_module("mlx_lm.generate")
        self.cache = import_module("mlx_lm.models.cache")
        self.utils = import_module("mlx_lm.utils")
        self.new_conversation()

    def load(self, folder: Path, measure: str) -> None:
        del measure
        self.folder = folder
        self.model, _ = self.utils.load_model(folder, lazy=True)
        self.model.set_dtype(self.mx.float32)
        self.mx.eval(self.model.parameters())

    def load_processing(self) -> None:
        self.tokenizer = self.utils.load_tokenizer(self.folder)

    def tokens(self, ids: list[int], count: int) -> Iterator[int]:
        yield from self._generate(ids, self.cache.make_prompt_cache(self.model), count)

    def new_conversation(self) -> None:
        self.conversation = self.cache.LRUPromptCache()

    def turn(self, ids: list[int], count: int) -> Iterator[int]:
        """What mlx-lm's server does for a request: nearest cache, generate, insert."""
        key = str(self.folder)
        prompt_cache, rest = self.conversation.fetch_nearest_cache(key, list(ids))
        if prompt_cache is None:
            prompt_cache = self.cache.make_prompt_cache(self.model)
        seen = list(ids)
        for token in self._generate(rest, prompt_cache, count):
            seen.append(token)
            yield token
        self.conversation.insert_cache(key, seen, prompt_cache)

    def step_builder(self, ids: list[int]) -> Callable[[], mx.array]:
        core = self.mx
        prompt_cache = self.cache.make_prompt_cache(self.model)
        last: mx.array = core.array(ids)

        def build() -> mx.array:
            nonlocal last
            logits = self.model(last[None], cache=prompt_cache)[:, -1, :]
            last = core.argmax(logits - core.logsumexp(logits, keepdims=True), axis=-1)
            return last

        core.eval(build())
        return build

    def _generate(self, ids: list[int], prompt_cache: list[object], count: int) -> Iterator[int]:
        steps = self.generate.generate_step(
            self.mx.array(ids), self.model, max_tokens=count, prompt_cache=prompt_cache
        )
        for token, _ in steps:
            yield int(token)


if __name__ == "__main__":
    serve(MlxLm)
