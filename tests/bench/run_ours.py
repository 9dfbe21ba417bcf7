"""Measures the engine of this repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.runner import serve

if TYPE_CHECKING:
    import mlx.core as mx
    import numpy as np
    from numpy.typing import NDArray

    from inference import Session


class Ours:
    """Text, pictures and sound through the public interface; sessions reuse prefixes."""

    def __init__(self) -> None:
        import mlx.core

        import inference

        self.mx = mlx.core
        self.inference = inference
        self.greedy = inference.Sampling(temperature=0)

    def load(self, folder: Path, measure: str) -> None:
        """As the engine does: the per-layer table may stay in the file, an unused tower does."""
        self.model = self.inference.load(folder, dtype="float32")
        self.model.warm()
        tower = {"picture": "vision", "sound": "audio"}.get(measure)
        if tower is not None:
            self.mx.eval(self.model.network[tower].parameters())
        self.new_conversation()

    def load_processing(self) -> None:
        """`load` has the tokenizer already; a first conversation shows that nothing is missing."""
        self.model.prepare([{"role": "user", "content": "ready"}])

    def tokens(self, ids: list[int], count: int) -> Iterator[int]:
        yield from self._stream(ids, count, self.model.new_session())

    def new_conversation(self) -> None:
        self.session = self.model.new_session()

    def turn(self, ids: list[int], count: int) -> Iterator[int]:
        yield from self._stream(ids, count, self.session)

    def encode_picture(self, pixels: NDArray[np.uint8]) -> mx.array:
        return self.model.encode_image(pixels, budget=280)

    def encode_sound(self, samples: NDArray[np.float32]) -> mx.array:
        return self.model.encode_audio(samples)

    def step_builder(self, ids: list[int]) -> Callable[[], mx.array]:
        core, network = self.mx, self.model.network
        session = self.model.new_session()
        [first] = self._stream(ids, 1, session)
        last: mx.array = core.array(first)

        def build() -> mx.array:
            nonlocal last
            hidden = network.step(last.reshape(1, 1), session.caches)
            last = core.argmax(network.logits(hidden)[0, 0], axis=-1)
            return last

        return build

    def _stream(self, ids: list[int], count: int, session: Session) -> Iterator[int]:
        prompt = self.inference.Prompt.from_token_ids(ids)
        steps = self.model.stream(
            prompt, max_tokens=count, sampling=self.greedy, stop_ids=(), session=session
        )
        for step in steps:
            yield step.token_id


if __name__ == "__main__":
    serve(Ours)
