"""The tensors of a Gemma 4 checkpoint: published names, real shapes, and how to draw each.

Two layouts: Hugging Face's bf16 files, and the quantised files of the mlx-community organisation
(language model packed in affine groups, towers and projectors left bf16, convolutions
channels-last). Scales keep activations near unit size, so that deep random models stay finite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.draw import Draw, Normal, Offsets, TensorSpec, Uniform, Words
from tests.bench.sizes import Audio, Size, Vision

ROUTER_BITS = 8
ROUTER_GROUP = 64

NORM = Uniform(0.6, 1.4)
LAYER_SCALAR = Uniform(0.6, 0.95)


@dataclass(frozen=True, slots=True)
class Quantisation:
    """Affine groups along the input axis: w = scale * q + offset, q of `bits` bits."""

    bits: int
    group_size: int


def checkpoint_tensors(size: Size, quantisation: Quantisation | None) -> Iterator[TensorSpec]:
    """Every tensor of the checkpoint, in the order in which the files hold them."""
    mlx_names = quantisation is not None
    text = "language_model.model" if mlx_names else "model.language_model"
    outer = "" if mlx_names else "model."
    yield from _embeddings(text, size, quantisation)
    for layer in range(size.layers):
        yield from _decoder_layer(f"{text}.layers.{layer}", size, layer, quantisation)
    yield from _vision(f"{outer}vision_tower", size.vision)
    yield _matrix(f"{outer}embed_vision.embedding_projection", size.hidden, size.vision.hidden)
    if size.audio:
        yield from _audio(f"{outer}audio_tower", size.audio, channels_last=mlx_names)
        yield _matrix(f"{outer}embed_audio.embedding_projection", size.hidden, size.audio.output)


# --- text -----------------------------------------------------------------------------------


def _embeddings(text: str, size: Size, quant: Quantisation | None) -> Iterator[TensorSpec]:
    yield from _linear(f"{text}.embed_tokens", (size.vocab, size.hidden), quant)
    yield _vector(f"{text}.norm", size.hidden)
    if size.ple:
        width = size.layers * size.ple
        table = (size.vocab, width)
        yield from _linear(f"{text}.embed_tokens_per_layer", table, quant, std=size.ple**-0.5)
        yield from _linear(f"{text}.per_layer_model_projection", (width, size.hidden), quant)
        yield _vector(f"{text}.per_layer_projection_norm", size.ple)


def _decoder_layer(
    path: str, size: Size, layer: int, quant: Quantisation | None
) -> Iterator[TensorSpec]:
    yield TensorSpec(f"{path}.layer_scalar", (1,), LAYER_SCALAR)
    for norm in ("input", "post_attention", "pre_feedforward", "post_feedforward"):
        yield _vector(f"{path}.{norm}_layernorm", size.hidden)
    yield from _attention(f"{path}.self_attn", size, layer, quant)
    yield from _gated_mlp(f"{path}.mlp", size.hidden, size.ffn_of(layer), quant)
    if size.ple:
        yield from _linear(f"{path}.per_layer_input_gate", (size.ple, size.hidden), quant)
        yield from _linear(f"{path}.per_layer_projection", (size.hidden, size.ple), quant)
        yield _vector(f"{path}.post_per_layer_input_norm", size.hidden)
    if size.experts:
        yield from _experts(path, size, quant)


def _attention(
    path: str, size: Size, layer: int, quant: Quantisation | None
) -> Iterator[TensorSpec]:
    head_dim, hidden = size.head_dim_of(layer), size.hidden
    queries = size.heads * head_dim
    keys = size.kv_heads_of(layer) * head_dim
    yield from _linear(f"{path}.q_proj", (queries, hidden), quant)
    yield _vector(f"{path}.q_norm", head_dim, _head_norm(head_dim))
    yield from _linear(f"{path}.o_proj", (hidden, queries), quant)
    if layer >= size.first_shared:
        return
    yield from _linear(f"{path}.k_proj", (keys, hidden), quant)
    yield _vector(f"{path}.k_norm", head_dim, _head_norm(head_dim))
    if not (size.keys_are_values and size.is_full(layer)):
        yield from _linear(f"{path}.v_proj", (keys, hidden), quant)


def _gated_mlp(
    path: str, hidden: int, ffn: int, quant: Quantisation | None, experts: tuple[int, ...] = ()
) -> Iterator[TensorSpec]:
    yield from _linear(f"{path}.gate_proj", (*experts, ffn, hidden), quant)
    yield from _linear(f"{path}.up_proj", (*experts, ffn, hidden), quant)
    yield from _linear(f"{path}.down_proj", (*experts, hidden, ffn), quant)


def _experts(path: str, size: Size, quant: Quantisation | None) -> Iterator[TensorSpec]:
    experts, hidden = size.experts, size.hidden
    if experts is None:
        return
    router = Quantisation(ROUTER_BITS, ROUTER_GROUP) if quant else None
    yield from _linear(f"{path}.router.proj", (experts.count, hidden), router)
    yield TensorSpec(f"{path}.router.scale", (hidden,), Uniform(0.5, 1.5))
    yield TensorSpec(f"{path}.router.per_expert_scale", (experts.count,), Uniform(0.5, 1.5))
    for norm in ("post_feedforward_layernorm_1", "post_feedforward_layernorm_2"):
        yield _vector(f"{path}.{norm}", hidden)
    yield _vector(f"{path}.pre_feedforward_layernorm_2", hidden)
    if quant:
        switch = f"{path}.experts.switch_glu"
        yield from _gated_mlp(switch, hidden, experts.ffn, quant, (experts.count,))
        return
    gate_up, down = (2 * experts.ffn, hidden), (hidden, experts.ffn)
    std_up, std_down = Normal(hidden**-0.5), Normal(experts.ffn**-0.5)
    yield TensorSpec(f"{path}.experts.gate_up_proj", (experts.count, *gate_up), std_up)
    yield TensorSpec(f"{path}.experts.down_proj", (experts.count, *down), std_down)


# --- towers ---------------------------------------------------------------------------------


def _vision(path: str, vision: Vision) -> Iterator[TensorSpec]:
    hidden = vision.hidden
    yield _matrix(f"{path}.patch_embedder.input_proj", hidden, 16 * 16 * 3)
    table = (2, vision.positions, hidden)
    yield TensorSpec(f"{path}.patch_embedder.position_embedding_table", table, Normal(0.3))
    if vision.standardize:
        yield TensorSpec(f"{path}.std_bias", (hidden,), Normal(1.0))
        yield TensorSpec(f"{path}.std_scale", (hidden,), Uniform(0.5, 1.5))
    for i in range(vision.layers):
        layer = f"{path}.encoder.layers.{i}"
        for norm in ("input", "post_attention", "pre_feedforward", "post_feedforward"):
            yield _vector(f"{layer}.{norm}_layernorm", hidden)
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            yield from _wrapped(f"{layer}.self_attn.{name}", hidden, hidden, vision.clipped)
        for name in ("q_norm", "k_norm"):
            yield _vector(f"{layer}.self_attn.{name}", vision.head_dim, _head_norm(vision.head_dim))
        yield from _wrapped(f"{layer}.mlp.gate_proj", vision.ffn, hidden, vision.clipped)
        yield from _wrapped(f"{layer}.mlp.up_proj", vision.ffn, hidden, vision.clipped)
        yield from _wrapped(f"{layer}.mlp.down_proj", hidden, vision.ffn, vision.clipped)


def _audio(path: str, audio: Audio, *, channels_last: bool) -> Iterator[TensorSpec]:
    hidden = audio.hidden
    yield from _audio_stem(f"{path}.subsample_conv_projection", audio, channels_last)
    yield _matrix(f"{path}.output_proj", audio.output, hidden)
    yield TensorSpec(f"{path}.output_proj.bias", (audio.output,), Normal(0.1))
    for i in range(audio.layers):
        layer = f"{path}.layers.{i}"
        for half in ("feed_forward1", "feed_forward2"):
            yield _vector(f"{layer}.{half}.pre_layer_norm", hidden)
            yield from _wrapped(f"{layer}.{half}.ffw_layer_1", 4 * hidden, hidden, True)
            yield from _wrapped(f"{layer}.{half}.ffw_layer_2", hidden, 4 * hidden, True)
            yield _vector(f"{layer}.{half}.post_layer_norm", hidden)
        for name in ("q_proj", "k_proj", "v_proj", "post"):
            yield from _wrapped(f"{layer}.self_attn.{name}", hidden, hidden, True)
        yield _matrix(f"{layer}.self_attn.relative_k_proj", hidden, hidden)
        head_dim = hidden // audio.heads
        yield TensorSpec(f"{layer}.self_attn.per_dim_scale", (head_dim,), Normal(0.5))
        yield from _light_convolution(f"{layer}.lconv1d", hidden, channels_last)
        for name in ("norm_pre_attn", "norm_post_attn", "norm_out"):
            yield _vector(f"{layer}.{name}", hidden)


def _audio_stem(path: str, audio: Audio, channels_last: bool) -> Iterator[TensorSpec]:
    first, second = audio.channels
    for i, (fan_in, fan_out) in enumerate(((1, first), (first, second))):
        shape = (fan_out, 3, 3, fan_in) if channels_last else (fan_out, fan_in, 3, 3)
        yield TensorSpec(f"{path}.layer{i}.conv.weight", shape, Normal((9 * fan_in) ** -0.5))
        yield _vector(f"{path}.layer{i}.norm", fan_out)
    # 128 mel bins are halved twice before the channels are flattened into them.
    yield _matrix(f"{path}.input_proj_linear", audio.hidden, 32 * second)


def _light_convolution(path: str, hidden: int, channels_last: bool) -> Iterator[TensorSpec]:
    yield _vector(f"{path}.pre_layer_norm", hidden)
    yield from _wrapped(f"{path}.linear_start", 2 * hidden, hidden, True)
    shape = (hidden, 5, 1) if channels_last else (hidden, 1, 5)
    yield TensorSpec(f"{path}.depthwise_conv1d.weight", shape, Normal(5**-0.5))
    yield _vector(f"{path}.conv_norm", hidden)
    yield from _wrapped(f"{path}.linear_end", hidden, hidden, True)


# --- kinds of tensor ------------------------------------------------------------------------


def _vector(path: str, width: int, draw: Draw = NORM) -> TensorSpec:
    return TensorSpec(f"{path}.weight", (width,), draw)


def _head_norm(head_dim: int) -> Uniform:
    """Query and key norms. Attention has scale 1, so these keep its scores near unit size.

    Peaked random softmaxes make a deep model chaotic: rounding alone would change its tokens.
    """
    middle = head_dim**-0.25
    return Uniform(0.7 * middle, 1.3 * middle)


def _matrix(path: str, fan_out: int, fan_in: int) -> TensorSpec:
    return TensorSpec(f"{path}.weight", (fan_out, fan_in), Normal(fan_in**-0.5))


def _wrapped(path: str, fan_out: int, fan_in: int, clipped: bool) -> Iterator[TensorSpec]:
    """A tower's linear layer; the bounds are real work for `clip` but hardly ever bite."""
    yield _matrix(f"{path}.linear", fan_out, fan_in)
    if clipped:
        for side in ("input", "output"):
            yield TensorSpec(f"{path}.{side}_min", (), Uniform(-40.0, -20.0))
            yield TensorSpec(f"{path}.{side}_max", (), Uniform(20.0, 40.0))


def _linear(
    path: str, shape: tuple[int, ...], quant: Quantisation | None, std: float | None = None
) -> Iterator[TensorSpec]:
    """A matrix [..., out, in] of the language model, or a table; std is in^-0.5 if not given."""
    *outer, fan_in = shape
    std = fan_in**-0.5 if std is None else std
    if quant is None:
        yield TensorSpec(f"{path}.weight", shape, Normal(std))
        return
    if fan_in % quant.group_size:
        raise ValueError(f"{path} has {fan_in} inputs, no multiple of {quant.group_size}")
    step = std / ((4**quant.bits - 1) / 12) ** 0.5  # integers 0..2^bits-1 have this spread
    scales = Uniform(0.8 * step, 1.2 * step)
    groups = (*outer, fan_in // quant.group_size)
    yield TensorSpec(f"{path}.weight", (*outer, fan_in * quant.bits // 32), Words())
    yield TensorSpec(f"{path}.scales", groups, scales)
    offsets = Offsets(f"{path}.scales", scales, quant.bits)
    yield TensorSpec(f"{path}.biases", groups, offsets)
