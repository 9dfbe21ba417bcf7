"""A tokenizer of 384 entries, built like Gemma 4's but with every id elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, decoders, normalizers, pre_tokenizers
from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE

VOCAB_SIZE = 384
SPECIALS = (
    *("<pad>", "<eos>", "<bos>", "<unk>", "<mask>"),
    *("<|image|>", "<|image>", "<image|>", "<|audio|>", "<|audio>", "<audio|>"),
    *("<|turn>", "<turn|>", "<|channel>", "<channel|>", "<|think|>", '<|"|>'),
    *("<|tool_response>", "<tool_response|>", "<|tool_call>", "<tool_call|>"),
    *("<|tool>", "<tool|>", "<|video|>"),
)
MERGES = (
    *(("t", "h"), ("th", "e"), ("▁", "the"), ("i", "n"), ("▁", "a")),
    *(("o", "u"), ("e", "r"), ("\n", "\n")),
)


def build_backend(
    specials: Iterable[str] = SPECIALS,
    ordinary: Iterable[str] = (),
    bytes_known: int = 256,
    merges: tuple[tuple[str, str], ...] = MERGES,
) -> Backend:
    """Same entries in the same order as the tiny checkpoints'.

    `ordinary` lists specials the file wrongly marks as ordinary added tokens.
    """
    names = [*specials, *(f"<0x{value:02X}>" for value in range(bytes_known)), "\n", "\n\n", "▁"]
    names += [chr(code) for code in range(33, 127)]
    names += ["".join(pair) for pair in merges if "".join(pair) not in names]
    vocab = {name: index for index, name in enumerate(names)}
    model = BPE(vocab, list(merges), unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    backend = Backend(model)
    backend.normalizer = normalizers.Replace(" ", "▁")
    backend.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous", invert=False)
    backend.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    marked = set(ordinary)
    backend.add_special_tokens([name for name in specials if name not in marked])
    backend.add_tokens([AddedToken(name, normalized=False) for name in sorted(marked)])
    return backend


def write_tokenizer(folder: Path, backend: Backend | None = None) -> Path:
    """Write `tokenizer.json` into `folder` and return its path."""
    path = folder / "tokenizer.json"
    (backend or build_backend()).save(str(path))
    return path
