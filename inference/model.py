"""A loaded model: conversations to prompts, prompts to logits and tokens.

Every call that computes must come from one thread, the one that loaded the model; `Engine` takes
care of that. Axes: L tokens, V vocabulary, S soft tokens, H decoder width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from mlx.utils import tree_flatten

from inference.api import Audio, Event, Image, Loading, Message, Sampling, Tool, Video
from inference.checkpoint import Folder, open_drafter, open_folder
from inference.distributed.lead import Lead, places_of
from inference.distributed.loading import fingerprint
from inference.errors import GenerationError, PromptError
from inference.generate.constraint.gate import Gate
from inference.generate.features import FeatureCache, encode
from inference.generate.heap import give_back
from inference.generate.prefill import WORKING_BYTES, chunk_size
from inference.generate.run import Run
from inference.generate.sampling import make_sampler
from inference.generate.session import Session
from inference.models.gemma4.config import ModelConfig
from inference.models.gemma4.drafter import Drafter
from inference.models.gemma4.network import Gemma4
from inference.network_loading import (
    DTypeName,
    build_drafter,
    build_lead,
    build_network,
    renew_towers,
)
from inference.prepare import plan_media, prepare_prompt
from inference.prompt.prompt import Prompt
from inference.prompt.tokenizer import Tokenizer

PlePlace = Literal["auto", "disk", "memory"]
RECOMMENDED = Sampling()
_OWN_PART = 0.95  # of the shown progress; the rest is waiting for the other ranks


@dataclass(frozen=True, slots=True)
class Step:
    """One generated token."""

    token_id: int


class Model:
    """Made by `load`; holds lazy weights until `warm` or the first use."""

    def __init__(
        self,
        folder: Folder,
        network: Gemma4,
        tokenizer: Tokenizer,
        drafter: Drafter | None = None,
        lead: Lead | None = None,
        dtype: DTypeName | None = None,
    ) -> None:
        self.folder = folder
        self._dtype: DTypeName | None = dtype
        self._lead = lead
        self.network = network
        self.tokenizer = tokenizer
        self.drafter = drafter
        self.features = FeatureCache()
        self.working_bytes = WORKING_BYTES  # for the activations of one prefill chunk

    @property
    def config(self) -> ModelConfig:
        return self.folder.config

    @property
    def name(self) -> str:
        return self.config.name or self.folder.path.name

    @property
    def stop_ids(self) -> frozenset[int]:
        """Ids that end an answer: the published ones and the opening of a tool response."""
        return frozenset(self.config.stop_ids) | self.tokenizer.control.stops

    @property
    def media_ids(self) -> tuple[int, ...]:
        """Placeholders and brackets of media: a model has no use for them in an answer."""
        c = self.tokenizer.control
        found = (c.image, c.boi, c.eoi, c.audio, c.boa, c.eoa, c.video)
        return tuple(i for i in found if i is not None)

    def warm(self, on_event: Callable[[Event], None] = lambda _event: None) -> None:
        """Read the decoder's weights into memory, layer by layer; towers wait until used."""
        decoder = self.network.language_model
        count = len(decoder.layers)
        for i, layer in enumerate(decoder.layers):
            mx.eval(_arrays(layer))
            on_event(Loading(self.name, (i + 1) / (count + 1)))
        mx.eval(_arrays(decoder), _arrays(self.drafter) if self.drafter is not None else [])
        mx.clear_cache()
        on_event(Loading(self.name, 1.0))

    def prepare(
        self,
        messages: Sequence[Message | Mapping[str, Any]],
        *,
        thinking: bool = False,
        tools: Sequence[Tool] = (),
        image_tokens: int | None = None,
        video_tokens: int = 70,
        continue_last: bool = False,
    ) -> Prompt:
        """Render a conversation; nothing is computed yet.

        `messages` are `Message` values or plain {"role", "content"} mappings whose media parts
        hold arrays. `image_tokens` None takes the model's own budget, see `image_budget`.
        `continue_last` leaves the turn of the last message, which is the model's, open. Raises
        PromptError or MediaError, naming the part, for what cannot be sent.
        """
        return prepare_prompt(
            self.config,
            self.tokenizer,
            messages,
            thinking=thinking,
            tools=tools,
            image_tokens=image_tokens,
            own_image_tokens=self.folder.defaults.image_tokens,
            video_tokens=video_tokens,
            continue_last=continue_last,
        )

    def logits(self, prompt: Prompt) -> mx.array:
        """Logits float32 [L, V] at every position of the prompt, in one pass without reuse."""
        run = self.run(prompt, max_tokens=0)
        hidden = run.read_all()
        return self.network.logits(hidden)[0]

    def let_go_of_towers(self) -> bool:
        """Give back the memory of the towers that were used; they are read again when needed.

        False when none was. Raises CheckpointError when the files are not the same any more; the
        towers then stay.
        """
        if not self.features.has_encoded or self._lead is not None:
            return False
        renew_towers(self.network, self.folder, self._dtype)
        self.features.has_encoded = False
        return True

    def new_session(self) -> Session:
        """Empty caches for one conversation."""
        caches = self.network.language_model.make_caches()
        return Session(caches) if self._lead is None else self._lead.new_session(caches)

    def run(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        sampling: Sampling = RECOMMENDED,
        suppress: Sequence[int] | None = None,
        session: Session | None = None,
        use_drafter: bool = False,
        gate: Gate | None = None,
        chunk: int | None = None,
        on_event: Callable[[Event], None] = lambda _event: None,
        cancelled: Callable[[], bool] = lambda: False,
        shrink: Callable[[int], int] = lambda chunk: chunk,
    ) -> Run:
        """A run over the prompt, not yet started.

        `suppress` lists ids never drawn (media placeholders by default); `gate` says which may be
        drawn where; `shrink` may make each chunk of the prompt smaller. Raises PromptError for
        ids outside the vocabulary or a prompt longer than the model's positions.
        """
        text = self.config.text
        self._check(prompt)
        if use_drafter and self.drafter is None:
            raise GenerationError("No draft model is loaded.", "Load one, or switch drafting off.")
        sampler = make_sampler(
            sampling, text.vocab, self.media_ids if suppress is None else suppress
        )
        item_bytes = self.network.language_model.embed_tokens.dtype.size
        return Run(
            network=self.network,
            config=text,
            prompt=prompt,
            session=self.new_session() if session is None else session,
            sampler=sampler,
            max_tokens=min(max_tokens, text.max_positions - len(prompt)),
            chunk=chunk or chunk_size(text, item_bytes, self.working_bytes),
            features=self.features,
            drafter=self.drafter if use_drafter else None,
            repetition_penalty=sampling.repetition_penalty,
            gate=gate,
            on_event=on_event,
            cancelled=cancelled,
            shrink=shrink,
        )

    def _check(self, prompt: Prompt) -> None:
        text = self.config.text
        if int(prompt.ids.max()) >= text.vocab or int(prompt.ids.min()) < 0:
            raise PromptError(
                f"The prompt holds token ids outside the model's vocabulary of {text.vocab}."
            )
        control = self.tokenizer.control
        placeholders = [control.image, control.video or -1, control.audio or -1]
        if np.isin(prompt.ids[prompt.types == 0], placeholders).any():
            raise PromptError("The prompt holds media placeholders, but no media came with it.")
        if len(prompt) >= text.max_positions:
            raise PromptError(
                f"The prompt has {len(prompt):,} tokens; this model reads "
                f"{text.max_positions:,} at most.",
                "Remove older turns or media, or lower the picture budget.",
            )

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int = 256,
        sampling: Sampling = RECOMMENDED,
        stop_ids: Sequence[int] | None = None,
        session: Session | None = None,
        use_drafter: bool = False,
    ) -> Iterator[Step]:
        """Generate up to, and without, a stop id. To stop earlier, stop iterating."""
        stops = self.stop_ids if stop_ids is None else frozenset(stop_ids)
        run = self.run(
            prompt,
            max_tokens=max_tokens,
            sampling=sampling,
            session=session,
            use_drafter=use_drafter,
        )
        for token_id in run.tokens():
            if token_id in stops:
                return
            yield Step(token_id)

    def encode_image(self, pixels: Any, budget: int = 280) -> mx.array:
        """Soft tokens [S, H] of one picture, uint8 RGB [H, W, 3]."""
        return self._encode(Image(pixels), budget)

    def encode_video(self, video: Video, budget: int = 70) -> mx.array:
        """Soft tokens [S, H] of all frames, in order."""
        return self._encode(video, budget)

    def encode_audio(self, samples: Any) -> mx.array:
        """Soft tokens [S, H] of a recording, float32 mono at 16 kHz."""
        return self._encode(Audio(samples), 0)

    def _encode(self, part: Image | Video | Audio, budget: int) -> mx.array:
        media = plan_media(self.config, part, budget, budget, budget).media
        self.features.has_encoded = True
        return encode(self.network, media, lambda: False)


def _arrays(module: nn.Module) -> list[mx.array]:
    leaves: list[tuple[str, mx.array]] = tree_flatten(module.parameters())  # type: ignore[assignment]
    return [array for _, array in leaves]


def _opened(
    folder: Path | str, check: Callable[[Folder], None] = lambda _folder: None
) -> tuple[Folder, Tokenizer]:
    """A checked folder and its tokenizer, without what reading them has left in memory."""
    checked = open_folder(Path(folder))
    check(checked)
    tokenizer = Tokenizer.from_file(checked.tokenizer_file, checked.config.text.vocab)
    give_back()
    return checked, tokenizer


def load(
    folder: Path | str,
    dtype: DTypeName | None = None,
    *,
    drafter: Path | str | None = None,
    ple: PlePlace = "auto",
    check: Callable[[Folder], None] = lambda _folder: None,
) -> Model:
    """Check a model folder and build the network on lazy weights.

    `dtype` ("bfloat16" or "float32") converts what is not packed; None keeps the stored type.
    `ple` decides where the per-layer table of the E sizes lives. `check` sees the checked folder
    before any weight is read and may refuse it. Raises CheckpointError.
    """
    checked, tokenizer = _opened(folder, check)
    network = build_network(checked, dtype, ple)
    assistant = None
    if drafter is not None:
        assistant = build_drafter(open_drafter(Path(drafter)), checked.config, dtype)
    return Model(checked, network, tokenizer, assistant, dtype=dtype)


def load_divided(
    folder: Path | str,
    dtype: DTypeName | None,
    lead: Lead,
    *,
    ple: PlePlace = "auto",
    on_event: Callable[[Event], None] = lambda _event: None,
) -> Model:
    """`load` for rank 0 of several: every rank reads its own share of its own copy of the folder.

    Raises CheckpointError, also for what another rank says, and RanksError when one is gone.
    """
    checked, tokenizer = _opened(folder)
    waiting = lead.begin(
        {
            "do": "load",
            "folders": places_of(checked.path),
            "fingerprint": fingerprint(checked),
            "dtype": dtype,
            "ple": ple,
        }
    )
    name = checked.config.name or checked.path.name
    network = build_lead(
        checked, dtype, ple, lead, lambda fraction: on_event(Loading(name, fraction * _OWN_PART))
    )
    waiting()
    return Model(checked, network, tokenizer, lead=lead)
