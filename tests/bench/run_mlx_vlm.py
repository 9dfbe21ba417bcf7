"""Measures mlx-vlm; run with the interpreter of the peers' environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.runner import serve

if TYPE_CHECKING:
    import mlx.core as mx
    import numpy as np
    from numpy.typing import NDArray


class MlxVlm:
    """Text, pictures and sound, with its automatic prefix cache in conversations."""

    def __init__(self) -> None:
        self.mx = import_module("mlx.core")
        self.apc = import_module("mlx_vlm.apc")
        self.cache = import_module("mlx_vlm.models.cache")
        self.generate = import_module("mlx_vlm.generate")
        self.utils = import_module("mlx_vlm.utils")
        self.new_conversation()

    def load(self, folder: Path, measure: str) -> None:
        """Every weight is evaluated, as its own `load` does; towers widened only for media."""
        self.folder = folder
        self.model = self.utils.load_model(folder, lazy=True)
        (self.model if measure in ("picture", "sound") else self.model.language_model).set_dtype(
            self.mx.float32
        )
        self.mx.eval(self.model.parameters())

    def load_processing(self) -> None:
        self.processor = self.utils.load_processor(self.folder)
        self.processor.tokenizer.stopping_criteria = lambda _token: False

    def tokens(self, ids: list[int], count: int) -> Iterator[int]:
        yield from self._generate(ids, self._new_cache(), count)

    def new_conversation(self) -> None:
        self.prefixes = self.apc.APCManager()
        self.conversation = self.generate.PromptCacheState()

    def turn(self, ids: list[int], count: int) -> Iterator[int]:
        steps = self.generate.stream_generate(
            self.model,
            self.processor,
            "",
            input_ids=self.mx.array([ids]),
            max_tokens=count,
            temperature=0.0,
            prompt_cache_state=self.conversation,
            apc_manager=self.prefixes,
        )
        for step in steps:
            if step.finish_reason is None:  # the closing result repeats the last token
                yield int(step.token)

    def encode_picture(self, pixels: NDArray[np.uint8]) -> mx.array:
        data, _ = self.processor.image_processor([pixels], max_soft_tokens=280)
        rows: mx.array = self.model.encode_image(self.mx.array(data["pixel_values"]))
        return rows.reshape(-1, rows.shape[-1])

    def encode_sound(self, samples: NDArray[np.float32]) -> mx.array:
        core = self.mx
        found = self.processor.feature_extractor([samples])
        features = core.array(found["input_features"][0])[None]
        padded = ~core.array(found["input_features_mask"][0]).astype(core.bool_)[None]
        rows, mask = self.model.audio_tower(features, padded)
        kept = int((~mask).sum().item())
        projected: mx.array = self.model.embed_audio(rows)
        return projected[0, :kept]

    def step_builder(self, ids: list[int]) -> Callable[[], mx.array]:
        core = self.mx
        prompt_cache = self._new_cache()
        last: mx.array = core.array(ids)

        def build() -> mx.array:
            nonlocal last
            output = self.model.language_model(last[None], cache=prompt_cache, logits_to_keep=1)
            logits = output.logits[:, -1, :]
            last = core.argmax(logits - core.logsumexp(logits, axis=-1, keepdims=True), axis=-1)
            return last

        core.eval(build())
        return build

    def _new_cache(self) -> list[object]:
        made: list[object] = self.cache.make_prompt_cache(self.model.language_model)
        return made

    def _generate(self, ids: list[int], prompt_cache: list[object], count: int) -> Iterator[int]:
        steps = self.generate.generate_step(
            self.mx.array([ids]),
            self.model,
            None,
            None,
            max_tokens=count,
            temperature=0.0,
            prompt_cache=prompt_cache,
        )
        for token, _ in steps:
            yield int(token)


if __name__ == "__main__":
    serve(MlxVlm)
