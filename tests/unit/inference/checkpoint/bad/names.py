"""Whole headers whose tensors do not belong to the model: missing, foreign, doubled, misshapen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.unit.inference.checkpoint.bad.case import Bad, Base, Json, read_weights, write_weights

LAYER = "model.language_model.layers.0."
EXPERTS = "model.language_model.layers.0.experts."
SPLIT = "language_model.model.layers.0.experts.switch_glu."


def rebuilt(change: Callable[[Json], object]) -> Callable[[Path], object]:
    """Change tensors (dtype and shape alone); offsets and body are made to fit."""

    def spoil(folder: Path) -> None:
        header, _ = read_weights(folder)
        metadata = header.pop("__metadata__", None)
        change(header)
        at = 0
        for entry in header.values():
            size = {"F32": 4, "U32": 4, "I32": 4, "I64": 8, "F8_E4M3": 1, "U8": 1}.get(
                entry["dtype"], 2
            )
            for dimension in entry["shape"]:
                size *= dimension
            entry["data_offsets"] = [at, at + size]
            at += size
        if metadata is not None:
            header = {"__metadata__": metadata} | header
        write_weights(folder, header, bytes(at))

    return spoil


def without(*names: str) -> Callable[[Path], object]:
    def change(header: Json) -> None:
        for name in names:
            del header[name]

    return rebuilt(change)


def without_all(part: str) -> Callable[[Path], object]:
    def change(header: Json) -> None:
        for name in [name for name in header if part in name]:
            del header[name]

    return rebuilt(change)


def with_tensor(name: str, *shape: int, dtype: str = "F32") -> Callable[[Path], object]:
    entry = {"dtype": dtype, "shape": list(shape), "data_offsets": []}
    return rebuilt(lambda header: header.__setitem__(name, entry))


def shaped(name: str, *shape: int) -> Callable[[Path], object]:
    return rebuilt(lambda header: header[name].__setitem__("shape", list(shape)))


def typed(dtype: str, part: str = "") -> Callable[[Path], object]:
    def change(header: Json) -> None:
        for name, entry in header.items():
            if part in name:
                entry["dtype"] = dtype

    return rebuilt(change)


def renamed(old: str, new: str) -> Callable[[Path], object]:
    return rebuilt(lambda header: header.__setitem__(new, header.pop(old)))


def missing(name: str, base: Base = "dense") -> Bad:
    short = name.removeprefix("model.").removeprefix("language_model.")
    return Bad(f"without {short}", short.rpartition("layers.0.")[2], without(name), base)


CASES = [
    missing("model.language_model.embed_tokens.weight"),
    missing("model.language_model.norm.weight"),
    missing(f"{LAYER}self_attn.q_proj.weight"),
    missing(f"{LAYER}self_attn.k_norm.weight"),
    missing(f"{LAYER}mlp.down_proj.weight"),
    missing(f"{LAYER}post_feedforward_layernorm.weight"),
    missing("model.embed_vision.embedding_projection.weight"),
    missing("model.vision_tower.patch_embedder.position_embedding_table"),
    missing("model.vision_tower.std_scale"),
    missing("model.language_model.embed_tokens_per_layer.weight", "e"),
    missing(f"{LAYER}per_layer_input_gate.weight", "e"),
    missing("model.audio_tower.output_proj.bias", "e"),
    missing("model.audio_tower.layers.0.self_attn.per_dim_scale", "e"),
    missing(f"{LAYER}router.per_expert_scale", "moe"),
    Bad(
        "without experts",
        "2 missing",
        without(f"{EXPERTS}gate_up_proj", f"{EXPERTS}down_proj"),
        "moe",
    ),
    Bad("without the projector of pictures", "missing", without_all("embed_vision")),
    Bad("without the projector of sound", "missing", without_all("embed_audio"), "e"),
    Bad("without anything known", "missing", without_all("model")),
    Bad("one half of the experts", "two halves", without(f"{SPLIT}up_proj.weight"), "community"),
    Bad(
        "halves of different size",
        "two halves",
        shaped(f"{SPLIT}up_proj.weight", 4, 16, 64),
        "community",
    ),
    Bad(
        "halves of different type",
        "BF16 and F32",
        typed("BF16", "layers.0.experts.switch_glu.up_proj"),
        "community",
    ),
    Bad("a foreign tensor", "evil.weight", with_tensor("evil.weight", 4)),
    Bad(
        "a layer too many",
        "layers.4.",
        with_tensor("model.language_model.layers.4.layer_scalar", 1),
    ),
    Bad(
        "a padded layer number",
        "layers.00.",
        with_tensor("model.language_model.layers.00.layer_scalar", 1),
    ),
    Bad(
        "v_proj on a full layer",
        "v_proj",
        with_tensor("model.language_model.layers.1.self_attn.v_proj.weight", 32, 64),
    ),
    Bad("a bias", "q_proj.bias", with_tensor(f"{LAYER}self_attn.q_proj.bias", 64)),
    Bad("a name that is a path", "../../x", with_tensor("../../x", 1)),
    Bad("a name without text", "1 unexpected", with_tensor("", 1)),
    Bad("a name of control characters", "unexpected", with_tensor("a\n\x1b[31m\u202e", 1)),
    Bad("a very long name", "unexpected", with_tensor("x" * 5000, 1)),
    Bad(
        "an audio tower not in config",
        "audio_tower",
        with_tensor("model.audio_tower.output_proj.bias", 40),
    ),
    Bad(
        "bounds not in config",
        "input_min",
        with_tensor("model.vision_tower.encoder.layers.0.mlp.up_proj.input_min"),
    ),
    Bad(
        "the same tensor under two names",
        "twice",
        with_tensor("language_model.model.norm.weight", 64),
    ),
    Bad(
        "experts whole and split",
        "twice",
        with_tensor("model.language_model.layers.0.experts.switch_glu.up_proj.weight", 4, 32, 64),
        "moe",
    ),
    Bad(
        "q_proj transposed",
        "64x64 instead of 128x64",
        shaped("model.language_model.layers.1.self_attn.q_proj.weight", 64, 64),
    ),
    Bad(
        "embedding for another vocabulary",
        "383x64 instead of 384x64",
        shaped("model.language_model.embed_tokens.weight", 383, 64),
    ),
    Bad(
        "norm of one number",
        "a single number instead of 64",
        shaped("model.language_model.norm.weight"),
    ),
    Bad("norm of rank 2", "64x1 instead of 64", shaped("model.language_model.norm.weight", 64, 1)),
    Bad(
        "an empty tensor",
        "0x64 instead of",
        shaped("model.language_model.embed_tokens.weight", 0, 64),
    ),
    Bad(
        "a convolution in neither layout",
        "3x128x1x3",
        shaped("model.audio_tower.subsample_conv_projection.layer0.conv.weight", 3, 128, 1, 3),
        "e",
    ),
    Bad(
        "a bound that is a list",
        "input_min",
        shaped("model.vision_tower.encoder.layers.0.mlp.up_proj.input_min", 2),
        "e",
    ),
    Bad(
        "experts for fewer experts",
        "3x64x64 instead of 4x64x64",
        shaped(f"{EXPERTS}gate_up_proj", 3, 64, 64),
        "moe",
    ),
    Bad("weights as float16", "float16", typed("F16")),
    Bad("one norm as float16", "float16", typed("F16", "language_model.norm")),
    Bad("weights as fp8", "F8_E4M3", typed("F8_E4M3", "mlp.")),
    Bad("weights as integers", "I32", typed("I32", "norm.weight")),
    Bad(
        "a packed weight without scales",
        "2 of an unusable number type",
        typed("U32", "layers.0.mlp.gate_proj"),
    ),
    Bad(
        "everything under a foreign prefix",
        "unexpected",
        renamed("model.language_model.norm.weight", "transformer.norm.weight"),
    ),
    Bad(
        "drafter without its projection",
        "pre_projection",
        without("pre_projection.weight"),
        "drafter",
    ),
    Bad(
        "drafter without its ordering",
        "token_ordering",
        without("masked_embedding.token_ordering"),
        "drafter",
    ),
    Bad("ordering of floats", "token_ordering", typed("F32", "token_ordering"), "drafter"),
    Bad(
        "ordering too short",
        "383 instead of 384",
        shaped("masked_embedding.token_ordering", 383),
        "drafter",
    ),
    Bad(
        "drafter with a tower",
        "vision_tower",
        with_tensor("model.vision_tower.std_bias", 48),
        "drafter",
    ),
]
