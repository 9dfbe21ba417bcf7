"""The token ids in config.json: ends of text, and what brackets or stands for media."""

from __future__ import annotations

from inference.checkpoint.fields import Fields
from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal
from inference.models.gemma4.config import SpecialIds

NO_TOKEN = -1  # for an id that the network needs but a text-only model does not have
_USUAL_EOS = 1


def read_end_ids(fields: Fields, vocab: int) -> tuple[int, ...]:
    """`eos_token_id`: one id or a list, each kept once; empty if missing."""
    name = "eos_token_id"
    value = fields.get(name)
    if value is None:
        return ()
    ids = value if isinstance(value, list) else [value]
    if not 0 < len(ids) <= 64 or not all(type(i) is int and 0 <= i < vocab for i in ids):
        raise fields.error(name, f"token ids from 0 to {vocab - 1}")
    return tuple(dict.fromkeys(ids))


def read_special_ids(
    fields: Fields, text: Fields, vocab: int, *, has_vision: bool, has_audio: bool
) -> SpecialIds:
    """The ids of `fields` (top level) and its `text` section, all below `vocab` and distinct.

    Raises CheckpointError naming the field that is wrong.
    """
    ends = read_end_ids(text, vocab) or read_end_ids(fields, vocab) or (_USUAL_EOS,)
    image = _media_id(fields, "image_token_id", 258_880, vocab, has_vision)
    boi = _media_id(fields, "boi_token_id", 255_999, vocab, has_vision)
    eoi = _media_id(fields, "eoi_token_id", 258_882, vocab, has_vision)
    ids = SpecialIds(
        pad=text.integer("pad_token_id", 0, vocab - 1, 0),
        eos=ends[0],
        bos=text.integer("bos_token_id", 0, vocab - 1, 2),
        image=NO_TOKEN if image is None else image,
        boi=NO_TOKEN if boi is None else boi,
        eoi=NO_TOKEN if eoi is None else eoi,
        video=_media_id(fields, "video_token_id", 258_884, vocab, is_needed=False),
        audio=_media_id(fields, "audio_token_id", 258_881, vocab, has_audio),
        boa=_media_id(fields, "boa_token_id", 256_000, vocab, has_audio),
        eoa=_media_id(fields, _eoa_field(fields), 258_883, vocab, has_audio),
    )
    media = (image, boi, eoi, ids.video, ids.audio, ids.boa, ids.eoa)
    present = [ids.pad, ids.eos, ids.bos, *(i for i in media if i is not None)]
    if len(set(present)) != len(present):
        raise refusal(f"In {fields.where}, two special tokens have the same id", CHOOSE_ANOTHER)
    return ids


def _media_id(fields: Fields, name: str, published: int, vocab: int, is_needed: bool) -> int | None:
    """The id in field `name`, or the published one where the vocabulary reaches that far.

    None if the model cannot have the token: its tower is absent and the vocabulary is too small
    for the published id, which transformers writes into every file.
    """
    is_usual = not fields.has(name) or fields.get(name) == published
    if is_usual and published >= vocab and not is_needed:
        return None
    return fields.integer(name, 0, vocab - 1, published if published < vocab else None)


def _eoa_field(fields: Fields) -> str:
    """Published files spell the end-of-audio id in either of two ways, some in both."""
    old, new = "eoa_token_id", "eoa_token_index"
    if fields.has(old) and fields.has(new) and fields.get(old) != fields.get(new):
        raise fields.error(old, f"the same as {new}")
    return new if fields.has(new) else old
