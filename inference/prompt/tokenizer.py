"""Text to token ids and back; text given here is always ordinary text, never a control token."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE

from inference.errors import CheckpointError, PromptError
from inference.prompt.backend import DECODER, NORMALIZER, PRE_TOKENIZER, SPACE, read_backend

MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class ControlIds:
    """Ids of the control tokens, found by content; the last four are absent from some models."""

    bos: int
    eos: int
    pad: int
    turn_open: int
    turn_close: int
    channel_open: int
    channel_close: int
    think: int
    quote: int
    tool_open: int
    tool_close: int
    call_open: int
    call_close: int
    response_open: int
    response_close: int
    image: int
    boi: int
    eoi: int
    audio: int | None = None
    boa: int | None = None
    eoa: int | None = None
    video: int | None = None

    @property
    def stops(self) -> frozenset[int]:
        """Ids that end the model's turn or hand over to a tool."""
        return frozenset((self.eos, self.turn_close, self.response_open))


# Gemma 4: `<|x>` opens, `<x|>` closes, `<|x|>` stands alone.
CONTENTS = {
    "bos": "<bos>",
    "eos": "<eos>",
    "pad": "<pad>",
    "turn_open": "<|turn>",
    "turn_close": "<turn|>",
    "channel_open": "<|channel>",
    "channel_close": "<channel|>",
    "think": "<|think|>",
    "quote": '<|"|>',
    "tool_open": "<|tool>",
    "tool_close": "<tool|>",
    "call_open": "<|tool_call>",
    "call_close": "<tool_call|>",
    "response_open": "<|tool_response>",
    "response_close": "<tool_response|>",
    "image": "<|image|>",
    "boi": "<|image>",
    "eoi": "<image|>",
    "audio": "<|audio|>",
    "boa": "<|audio>",
    "eoa": "<audio|>",
    "video": "<|video|>",
}


class StreamDecoder:
    """Token ids to text, one at a time, in constant time per id.

    Bytes of an unfinished character wait for the rest; what never gets one becomes U+FFFD. The
    pieces joined are `Tokenizer.decode` of all ids.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token_id: int) -> str:
        """Text that is certain after this id; may be empty. Raises PromptError for a wrong id."""
        piece = self._tokenizer.piece(token_id)
        if isinstance(piece, bytes):
            return self._utf8.decode(piece)
        return self.finish() + piece

    def finish(self) -> str:
        """What is left: U+FFFD if the last character was cut, else nothing."""
        return self._utf8.decode(b"", final=True)


class Tokenizer:
    """The published byte-pair vocabulary of a model, with its control ids."""

    def __init__(self, backend: Backend, vocab_size: int) -> None:
        """Take over `backend`; raises CheckpointError if it is not a Gemma 4 tokenizer."""
        _check_parts(backend)
        backend.encode_special_tokens = True
        # Both settings may be stored in the file; they would cut or pad prompts silently.
        backend.no_truncation()
        backend.no_padding()
        self._backend = backend
        self.vocab_size = vocab_size
        self.control = _find_control(backend)
        self._bytes = _find_bytes(backend)
        added = backend.get_added_tokens_decoder()
        special = {i: token.content for i, token in added.items() if token.special}
        special.update((i, CONTENTS[name]) for name, i in _named_ids(self.control).items())
        if not all(i < vocab_size for i in (*special, *self._bytes)):
            raise CheckpointError(
                f"The tokenizer has ids beyond the model's {vocab_size} tokens.",
                "Download the model again.",
            )
        self.control_set = frozenset(special)
        contents = sorted(special.values(), key=len, reverse=True)
        self._special_text = re.compile("|".join(re.escape(text) for text in contents))

    @classmethod
    def from_file(cls, path: Path | str, vocab_size: int) -> Tokenizer:
        """Read a `tokenizer.json`. Raises CheckpointError if it is damaged or foreign."""
        try:
            backend = read_backend(Path(path))
        except Exception as error:  # the library raises nothing narrower
            raise CheckpointError(
                "The model's tokenizer.json cannot be read.", "Download the model again."
            ) from error
        return cls(backend, vocab_size)

    def encode(self, text: str) -> list[int]:
        """Ids of `text`, none of them a control id, whatever it contains.

        Raises PromptError if it is too long, holds half a character or cannot be made harmless.
        """
        return self.encode_with_starts(text)[0]

    def encode_with_starts(self, text: str) -> tuple[list[int], list[int]]:
        """As `encode`, with the index in `text` of each token's first character."""
        _check_text(text)
        ids, starts = self._encode(text, 0)
        if not self.control_set.isdisjoint(ids):
            ids, starts = self._encode_broken(text)
        self.check_ids(ids)
        return ids, starts

    def decode(self, token_ids: Iterable[int]) -> str:
        """Text of `token_ids`, control tokens spelled out. Raises PromptError for a wrong id."""
        stream = self.stream()
        return "".join([*map(stream.push, token_ids), stream.finish()])

    def stream(self) -> StreamDecoder:
        """A fresh incremental decoder."""
        return StreamDecoder(self)

    def piece(self, token_id: int) -> str | bytes:
        """Text of one token, or the raw byte a byte-fallback token stands for."""
        self.check_ids((token_id,))
        byte = self._bytes.get(token_id)
        if byte is not None:
            return byte
        piece = self._backend.id_to_token(token_id)
        # Rows past the vocabulary pad the embedding matrix and have no text.
        return piece.replace(SPACE, " ") if piece is not None else ""

    def check_ids(self, token_ids: Sequence[int]) -> None:
        """Raises PromptError unless every id is a row of the embedding matrix.

        MLX gathers are unchecked: a wrong id would read foreign memory.
        """
        if not token_ids or (min(token_ids) >= 0 and max(token_ids) < self.vocab_size):
            return
        wrong = min(token_ids) if min(token_ids) < 0 else max(token_ids)
        raise PromptError(f"Token id {wrong} is outside the model's {self.vocab_size} tokens.")

    def _encode(self, text: str, offset: int) -> tuple[list[int], list[int]]:
        encoding = self._backend.encode(text, add_special_tokens=False)
        return list(encoding.ids), [offset + start for start, _ in encoding.offsets]

    def _encode_broken(self, text: str) -> tuple[list[int], list[int]]:
        """Encode with every control spelling cut in two, for files that mark one as ordinary."""
        cuts = [0, *(m.start() + 1 for m in self._special_text.finditer(text)), len(text)]
        ids: list[int] = []
        starts: list[int] = []
        for start, stop in pairwise(cuts):
            more_ids, more_starts = self._encode(text[start:stop], start)
            ids += more_ids
            starts += more_starts
        if not self.control_set.isdisjoint(ids):
            raise PromptError(
                "The text would turn into one of the model's control tokens, so it was refused.",
                "Remove unusual characters from it.",
            )
        return ids, starts


def _check_text(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise PromptError(
            f"The text has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}.",
            "Shorten it or split it.",
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PromptError(
            f"The text holds half a character at position {error.start}.", "Remove it."
        ) from None


def _named_ids(control: ControlIds) -> Mapping[str, int]:
    ids = {field.name: getattr(control, field.name) for field in fields(control)}
    return {name: i for name, i in ids.items() if i is not None}


def _find_control(backend: Backend) -> ControlIds:
    found = {name: backend.token_to_id(content) for name, content in CONTENTS.items()}
    optional = ("audio", "boa", "eoa", "video")
    missing = [CONTENTS[name] for name, i in found.items() if i is None and name not in optional]
    if missing:
        raise CheckpointError(
            f"The tokenizer lacks {', '.join(missing)}, so this is not a Gemma 4 model.",
            "Choose another folder.",
        )
    return ControlIds(**found)  # type: ignore[arg-type]  # None only where it is allowed


def _find_bytes(backend: Backend) -> dict[int, bytes]:
    found = {value: backend.token_to_id(f"<0x{value:02X}>") for value in range(256)}
    if any(i is None for i in found.values()):
        raise CheckpointError(
            "The tokenizer lacks byte tokens, so some characters could not be written.",
            "Choose another folder.",
        )
    return {i: bytes((value,)) for value, i in found.items() if i is not None}


def _check_parts(backend: Backend) -> None:
    """Raises CheckpointError unless the tokenizer works as the published one does."""
    known = (
        isinstance(backend.model, BPE)
        and _state(backend.normalizer) == NORMALIZER
        and _state(backend.pre_tokenizer) in (PRE_TOKENIZER, None)
        and _state(backend.decoder) == DECODER
    )
    if not known:
        raise CheckpointError(
            "The tokenizer does not work as Gemma 4's does, so it was not used.",
            "Choose another folder.",
        )


def _state(part: Any) -> Any:
    return None if part is None else json.loads(part.__getstate__())
