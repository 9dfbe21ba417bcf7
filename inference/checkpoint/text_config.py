"""The text decoder's part of config.json, resolved per layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.checkpoint.fields import Fields
from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal, shown
from inference.models.gemma4.config import LayerConfig, LayerKind, MoeConfig, TextConfig

MAX_WIDTH = 1 << 20  # of a hidden state, a feed-forward layer or a vocabulary
_MAX_HEADS = 1024
_MAX_HEAD_DIM = 4096
_KINDS: Mapping[str, LayerKind] = {"sliding_attention": "sliding", "full_attention": "full"}
_IN_TARGET = -1


def read_text(fields: Fields, *, reads_target: bool = False) -> TextConfig:
    """The decoder that `fields` describes, in the flat or the per-layer style.

    Missing entries take the defaults of transformers 5.23 Gemma4TextConfig. `reads_target`: every
    layer uses keys and values of another model's last layer of its kind (an MTP assistant), and
    `kv_donor` is -1. Raises CheckpointError naming the field that is wrong.
    """
    _check_fixed_facts(fields)
    vocab = fields.integer("vocab_size", 1, MAX_WIDTH)
    ple_dim = fields.integer("hidden_size_per_layer_input", 0, MAX_WIDTH, 256)
    ple_vocab = fields.integer("vocab_size_per_layer_input", 0, MAX_WIDTH, 262_144)
    if ple_dim and ple_vocab < vocab:
        raise fields.error("vocab_size_per_layer_input", f"at least vocab_size ({vocab})")
    layers = _layers(fields, reads_target)
    softcap = "final_logit_softcapping"
    text = TextConfig(
        vocab=vocab,
        hidden=fields.integer("hidden_size", 1, MAX_WIDTH),
        layers=layers,
        window=fields.integer("sliding_window", 1, 1 << 24, 512),
        max_positions=fields.integer("max_position_embeddings", 1, 1 << 24, 131_072),
        eps=read_eps(fields),
        softcap=fields.number(softcap, 1e-3, 1e6) if fields.has(softcap) else None,
        ple_dim=ple_dim,
        ple_vocab=ple_vocab if ple_dim else 0,
        moe=_moe(fields),
        bidirectional_vision=fields.has("use_bidirectional_attention"),
    )
    if reads_target and (text.ple_dim or text.moe or fields.flag("use_double_wide_mlp", False)):
        raise refusal("config.json does not describe an MTP assistant of Gemma 4", CHOOSE_ANOTHER)
    return text


def read_eps(fields: Fields) -> float:
    return fields.number("rms_norm_eps", 1e-12, 1e-2, 1e-6)


def _check_fixed_facts(fields: Fields) -> None:
    fields.choice("model_type", ["gemma4_text"], "gemma4_text")
    fields.choice("hidden_activation", ["gelu_pytorch_tanh"], "gelu_pytorch_tanh")
    fields.choice("attention_bias", [False], False)
    fields.choice("tie_word_embeddings", [True], True)
    fields.choice("use_bidirectional_attention", ["vision"], "vision")


def _layers(fields: Fields, reads_target: bool) -> tuple[LayerConfig, ...]:
    count = fields.integer("num_hidden_layers", 1, 512)
    kinds = _kinds(fields, count)
    donors = [_IN_TARGET] * count if reads_target else _donors(fields, kinds)
    overrides = _overrides(fields, kinds)
    ropes = _ropes(fields)
    heads = fields.integer("num_attention_heads", 1, _MAX_HEADS)
    ffn = fields.integer("intermediate_size", 1, MAX_WIDTH)
    is_wide = fields.flag("use_double_wide_mlp", False)
    keys_are_values = fields.flag("attention_k_eq_v", False)
    layers = []
    for kind, donor, override in zip(kinds, donors, overrides, strict=True):
        head_dim = override.integer("head_dim", 2, _MAX_HEAD_DIM)
        kv_heads = override.integer("num_key_value_heads", 1, heads)
        if heads % kv_heads:
            raise override.error("num_key_value_heads", f"a divisor of {heads} attention heads")
        theta, turning = ropes[kind]
        rotated = int(turning * head_dim) // 2
        if head_dim % 2 or not rotated:
            raise override.error("head_dim", "even and large enough for the rotary embedding")
        layers.append(
            LayerConfig(
                kind=kind,
                heads=heads,
                kv_heads=kv_heads,
                head_dim=head_dim,
                ffn=ffn * 2 if is_wide and donor is not None else ffn,
                rope_theta=theta,
                rotated=rotated,
                keys_are_values=keys_are_values and kind == "full",
                kv_donor=donor,
            )
        )
    return tuple(layers)


def _kinds(fields: Fields, count: int) -> list[LayerKind]:
    names = fields.get("layer_types")
    if names is None:
        period = 5 if count == 35 else 6
        kinds: list[LayerKind] = ["sliding"] * count
        kinds[period - 1 :: period] = ["full"] * len(kinds[period - 1 :: period])
        kinds[-1] = "full"
        return kinds
    if not isinstance(names, list) or len(names) != count:
        raise fields.error("layer_types", f"a list of {count} layer kinds")
    for name in names:
        if not isinstance(name, str) or name not in _KINDS:
            raise refusal(
                f"In {fields.where}, layer_types holds the unknown kind {shown(name)}",
                CHOOSE_ANOTHER,
            )
    if names[-1] != "full_attention":
        raise fields.error("layer_types", "a list that ends with full_attention")
    return [_KINDS[name] for name in names]


def _donors(fields: Fields, kinds: list[LayerKind]) -> list[int | None]:
    """For each layer past the first shared one, the last layer before it of the same kind."""
    name = "num_kv_shared_layers"
    first_shared = len(kinds) - fields.integer(name, 0, len(kinds) - 1, 0)
    last = {kind: i for i, kind in enumerate(kinds[:first_shared])}
    if any(kind not in last for kind in kinds[first_shared:]):
        raise fields.error(name, "so small that every shared layer finds keys of its own kind")
    return [None] * first_shared + [last[kind] for kind in kinds[first_shared:]]


def _overrides(fields: Fields, kinds: list[LayerKind]) -> list[Fields]:
    """`head_dim` and `num_key_value_heads` of each layer.

    `per_layer_config` (transformers 5.23) maps layer numbers to both; the flat style has one
    value for all full-attention layers, whose key head count applies with attention_k_eq_v only.
    """
    usual: dict[str, Any] = {
        "head_dim": fields.integer("head_dim", 2, _MAX_HEAD_DIM, 256),
        "num_key_value_heads": fields.integer("num_key_value_heads", 1, _MAX_HEADS),
    }
    special: list[dict[str, Any]] = [{} for _ in kinds]
    if fields.has("per_layer_config"):
        _read_per_layer(fields, special)
    else:
        full = {"head_dim": fields.integer("global_head_dim", 2, _MAX_HEAD_DIM, 512)}
        global_heads = "num_global_key_value_heads"
        if fields.has(global_heads) and fields.flag("attention_k_eq_v", False):
            full["num_key_value_heads"] = fields.integer(global_heads, 1, _MAX_HEADS)
        special = [full if kind == "full" else {} for kind in kinds]
    where = fields.where
    return [Fields(usual | own, f"layer {i} of {where}") for i, own in enumerate(special)]


def _read_per_layer(fields: Fields, special: list[dict[str, Any]]) -> None:
    table = fields.get("per_layer_config")
    wanted = "a table of layer numbers with head_dim and num_key_value_heads"
    if not isinstance(table, dict):
        raise fields.error("per_layer_config", wanted)
    for key, own in table.items():
        is_number = key.isascii() and key.isdigit() and len(key) <= 4
        if not is_number or int(key) >= len(special) or special[int(key)]:
            raise fields.error("per_layer_config", wanted)
        if not isinstance(own, dict) or not own.keys() <= {"head_dim", "num_key_value_heads"}:
            raise fields.error("per_layer_config", wanted)
        special[int(key)] = own


def _ropes(fields: Fields) -> dict[LayerKind, tuple[float, float]]:
    """Per kind: base wavelength and the share of the head that turns."""
    ropes = fields.section("rope_parameters") or Fields({}, fields.where)
    nothing = Fields({}, ropes.where)
    sliding = ropes.section("sliding_attention") or nothing
    full = ropes.section("full_attention") or nothing
    sliding.choice("rope_type", ["default"], "default")
    full.choice("rope_type", ["proportional"], "proportional")
    full.choice("factor", [1, 1.0], 1)
    return {
        "sliding": (sliding.number("rope_theta", 1.0, 1e9, 1e4), 1.0),
        "full": (
            full.number("rope_theta", 1.0, 1e9, 1e6),
            full.number("partial_rotary_factor", 1e-3, 1.0, 0.25),
        ),
    }


def _moe(fields: Fields) -> MoeConfig | None:
    if not fields.flag("enable_moe_block", False):
        return None
    experts = fields.integer("num_experts", 1, 4096)
    return MoeConfig(
        experts=experts,
        top_k=fields.integer("top_k_experts", 1, experts),
        ffn=fields.integer("moe_intermediate_size", 1, MAX_WIDTH),
    )
