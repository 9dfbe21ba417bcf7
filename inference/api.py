"""What goes into the engine and what comes out: frozen values, no behaviour.

Requests hold only str, numbers and numpy arrays; events hold only str and numbers. Nothing here
knows MLX, so both sides of the engine thread (or of a process border) can use these values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Role = Literal["system", "user", "model", "tool"]
Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]
JsonValue = Any  # None, bool, int, float, str, list and dict of the same


# --- parts of a message ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Never interpreted as control tokens."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """One still picture: uint8 RGB [H, W, 3]. `soft_tokens` overrides the request's budget."""

    pixels: Pixels
    name: str = ""
    soft_tokens: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """Frames uint8 RGB [H, W, 3] with the true time in seconds of each, oldest first.

    `sound` is the clip's own track, float32 mono at 16 kHz, placed directly after the frames.
    """

    frames: Sequence[Pixels]
    times_s: Sequence[float]
    name: str = ""
    soft_tokens: int | None = None
    sound: Samples | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A recording: float32 mono PCM in [-1, 1] at 16 kHz, at most 30 s."""

    samples: Samples
    name: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made. `arguments` is a mapping of JSON values."""

    name: str
    arguments: Mapping[str, JsonValue]
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer to a call: text, or a mapping rendered key by key."""

    name: str
    response: str | Mapping[str, JsonValue]
    call_id: str = ""


Part = Text | Image | Video | Audio | ToolCall | ToolResult


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One turn. `thought` is the reasoning that came before the parts (model turns only)."""

    role: Role
    parts: tuple[Part, ...]
    thought: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call; `parameters` and `response` are JSON schemas."""

    name: str
    description: str
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)
    response: Mapping[str, JsonValue] | None = None


# --- settings and request -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn. The defaults are the model card's recommendation.

    temperature 0 is greedy. top_k 0, top_p 1 and min_p 0 switch the filter off.
    `repetition_guard` ends an answer that has run into an exact loop, and says so.
    """

    temperature: float = 1.0
    top_k: int = 64
    top_p: float = 0.95
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    repetition_guard: bool = True
    seed: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Everything one answer needs.

    `image_tokens` and `video_tokens` are soft-token budgets (70, 140, 280, 560 or 1120) for each
    picture and each frame; `image_tokens` None takes the model's own default. `session` names
    the conversation whose KV cache may be reused; the empty string means none.
    `thinking_budget` closes a thought after that many tokens. `continue_last`: the last message
    is an answer that was cut off; the model goes on with its text, or with its thought when there
    is no text yet, and only what is new comes as events. `schema` is a JSON Schema (draft 2020-12)
    that the answer's text must follow, {} for any JSON; see `ConstraintReport` for how far. The
    model reads it at the end of the system text, unless `schema_in_prompt` is False.
    """

    messages: Sequence[Message]
    tools: Sequence[Tool] = ()
    thinking: bool = False
    thinking_budget: int | None = None
    max_tokens: int = 2048
    image_tokens: int | None = None
    video_tokens: int = 70
    sampling: Sampling = Sampling()
    session: str = ""
    use_drafter: bool = False
    continue_last: bool = False
    schema: Mapping[str, JsonValue] | None = None
    schema_in_prompt: bool = True


# --- receipt --------------------------------------------------------------------------------

ItemKind = Literal["text", "image", "video", "audio", "tools", "tool_call", "tool_result"]


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """What the model received of one part. `tokens` counts placeholders and their brackets."""

    kind: ItemKind
    name: str
    tokens: int
    soft_tokens: int = 0
    width: int = 0  # pixels as given
    height: int = 0
    model_width: int = 0  # pixels as the model sees them
    model_height: int = 0
    seconds: float = 0.0
    frames: int = 0
    times_s: tuple[float, ...] = ()
    sha256: str = ""  # of type, shape and bytes of the pixels or samples as given
    notes: tuple[str, ...] = ()  # what was left out or changed, and why


@dataclass(frozen=True, slots=True)
class Receipt:
    """Part by part, what the prompt holds; `dropped` says what it does not hold, and why."""

    items: tuple[ReceiptItem, ...]
    prompt_tokens: int
    dropped: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """The receipt as sentences, in prompt order."""
        from inference.prompt.receipt import receipt_lines

        return receipt_lines(self)


# --- events ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being read; `fraction` runs from 0 to 1."""

    what: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """The prompt is made; the receipt says what of the request it holds."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class ReadingMedia:
    """Media part `index` of `total` (from 1) goes through its tower."""

    name: str
    index: int
    total: int
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Prefill:
    """`done` of `total` prompt tokens are in the cache; `reused` of them were there before."""

    done: int
    total: int
    reused: int


@dataclass(frozen=True, slots=True)
class TokenText:
    """A piece of the answer; `tokens` counts the tokens it stands for."""

    text: str
    tokens: int = 1


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of reasoning. `closed` marks the end of the thought."""

    text: str
    tokens: int = 1
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ToolCallEvent:
    """A complete, parsed tool call.

    `problem` says in one sentence why it does not follow the declarations of the request: a name
    that none of them has, or arguments against the schema. It is empty for a call that does.
    """

    call: ToolCall
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Revised:
    """A part of the answer was written anew: `text` takes the place of all `TokenText` so far.

    Comes only with a schema, when the finished JSON was against it. `problem` is the reason.
    """

    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence the user must see: a fallback, a limit reached, something left out."""

    text: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """Measured for one answer. Times in seconds, memory in bytes, speeds in tokens a second."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    thought_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    media_s: float = 0.0
    first_token_s: float = 0.0
    prefill_tokens_per_s: float = 0.0
    decode_tokens_per_s: float = 0.0
    total_s: float = 0.0
    peak_memory_bytes: int = 0


SchemaLevel = Literal["strict", "lenient", "checked"]


@dataclass(frozen=True, slots=True)
class ConstraintReport:
    """How far an answer was held to the schema of its request, and whether it follows it.

    `level`: "strict", every keyword was enforced while the answer was written; "lenient", all but
    those in `ignored`; "checked", nothing was enforced (`ignored` says why). At every level the
    finished text is validated. `is_complete` is False when the answer ended before its JSON did;
    such an answer is never valid. `problem` is a sentence on what is wrong, "" when valid.
    `repairs` counts the fields that were written again.
    """

    level: SchemaLevel
    is_valid: bool
    is_complete: bool = True
    problem: str = ""
    repairs: int = 0
    ignored: tuple[str, ...] = ()


FinishReason = Literal["stop", "length", "tool_calls", "repetition", "cancelled", "memory"]


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete (or was stopped); always the last event unless `Failed` is."""

    reason: FinishReason
    statistics: Statistics
    receipt: Receipt
    constraint: ConstraintReport | None = None  # for a request with a schema


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ended with an error; the engine goes on. `message` is made for people."""

    message: str
    action: str = ""
    detail: str = ""  # for the log: type and place of an unexpected error


Event = (
    Loading
    | Prepared
    | ReadingMedia
    | Prefill
    | TokenText
    | Thought
    | ToolCallEvent
    | Revised
    | Notice
    | Finished
    | Failed
)
