"""Every tensor a Gemma 4 network has: canonical name -> shape, as MLX wants it, unquantised.

Canonical names are the published ones without a leading `model.`; the experts' two matrices get
`.weight` appended. Convolutions are channels-last: [O, kH, kW, I], depthwise [C, k, 1].
"""

from __future__ import annotations

from inference.models.gemma4.config import (
    AudioConfig,
    DrafterConfig,
    LayerConfig,
    ModelConfig,
    TextConfig,
    VisionConfig,
)

Shapes = dict[str, tuple[int, ...]]

CLIP_BOUNDS = ("input_min", "input_max", "output_min", "output_max")
TOKEN_ORDERING = "masked_embedding.token_ordering"


def expected_tensors(config: ModelConfig | DrafterConfig) -> Shapes:
    """Canonical name -> shape of everything the network of `config` loads."""
    if isinstance(config, DrafterConfig):
        return _drafter(config)
    shapes = _decoder(config.text, "language_model.")
    hidden = config.text.hidden
    if config.vision is not None:
        shapes |= _vision(config.vision)
        shapes["embed_vision.embedding_projection.weight"] = (hidden, config.vision.hidden)
    if config.audio is not None:
        shapes |= _audio(config.audio)
        shapes["embed_audio.embedding_projection.weight"] = (hidden, config.audio.output)
    return shapes


def is_optional(name: str) -> bool:
    """Whether the network works without the tensor: no scalar is 1, no bounds are no clipping."""
    last = name.rpartition(".")[2]
    return last == "layer_scalar" or last in CLIP_BOUNDS


def is_convolution(name: str) -> bool:
    return name.endswith((".conv.weight", ".depthwise_conv1d.weight"))


def is_quantizable(name: str, shape: tuple[int, ...]) -> bool:
    """Whether MLX may store the tensor packed: matrices of linears, embeddings and experts."""
    return name.endswith(".weight") and len(shape) > 1 and not is_convolution(name)


def _drafter(config: DrafterConfig) -> Shapes:
    text = config.text
    shapes = _decoder(text, "")
    shapes["pre_projection.weight"] = (text.hidden, 2 * config.backbone)
    shapes["post_projection.weight"] = (config.backbone, text.hidden)
    if config.centroids:
        shapes["masked_embedding.centroids.weight"] = (config.centroids, text.hidden)
        shapes[TOKEN_ORDERING] = (text.vocab,)
    return shapes


def _decoder(text: TextConfig, prefix: str) -> Shapes:
    shapes: Shapes = {
        f"{prefix}embed_tokens.weight": (text.vocab, text.hidden),
        f"{prefix}norm.weight": (text.hidden,),
    }
    if text.ple_dim:
        width = len(text.layers) * text.ple_dim
        shapes[f"{prefix}embed_tokens_per_layer.weight"] = (text.ple_vocab, width)
        shapes[f"{prefix}per_layer_model_projection.weight"] = (width, text.hidden)
        shapes[f"{prefix}per_layer_projection_norm.weight"] = (text.ple_dim,)
    for i, layer in enumerate(text.layers):
        parts = _norms(text.hidden) | _attention(text, layer) | _mlp(text.hidden, layer.ffn)
        parts |= {"layer_scalar": (1,)} | _ple(text) | _moe(text)
        shapes |= {f"{prefix}layers.{i}.{name}": shape for name, shape in parts.items()}
    return shapes


def _norms(hidden: int) -> Shapes:
    """The four norms around attention and feed-forward, in text and vision layers alike."""
    names = ("input", "post_attention", "pre_feedforward", "post_feedforward")
    return {f"{name}_layernorm.weight": (hidden,) for name in names}


def _attention(text: TextConfig, layer: LayerConfig) -> Shapes:
    width = layer.heads * layer.head_dim
    shapes: Shapes = {
        "self_attn.q_proj.weight": (width, text.hidden),
        "self_attn.q_norm.weight": (layer.head_dim,),
        "self_attn.o_proj.weight": (text.hidden, width),
    }
    if layer.kv_donor is None:
        kv_shape = (layer.kv_heads * layer.head_dim, text.hidden)
        shapes["self_attn.k_proj.weight"] = kv_shape
        shapes["self_attn.k_norm.weight"] = (layer.head_dim,)
        if not layer.keys_are_values:
            shapes["self_attn.v_proj.weight"] = kv_shape
    return shapes


def _mlp(hidden: int, ffn: int, linear: str = "") -> Shapes:
    return {
        f"mlp.gate_proj{linear}.weight": (ffn, hidden),
        f"mlp.up_proj{linear}.weight": (ffn, hidden),
        f"mlp.down_proj{linear}.weight": (hidden, ffn),
    }


def _ple(text: TextConfig) -> Shapes:
    if not text.ple_dim:
        return {}
    return {
        "per_layer_input_gate.weight": (text.ple_dim, text.hidden),
        "per_layer_projection.weight": (text.hidden, text.ple_dim),
        "post_per_layer_input_norm.weight": (text.hidden,),
    }


def _moe(text: TextConfig) -> Shapes:
    if text.moe is None:
        return {}
    hidden, experts, ffn = text.hidden, text.moe.experts, text.moe.ffn
    return {
        "router.scale": (hidden,),
        "router.per_expert_scale": (experts,),
        "router.proj.weight": (experts, hidden),
        "experts.gate_up_proj.weight": (experts, 2 * ffn, hidden),
        "experts.down_proj.weight": (experts, hidden, ffn),
        "post_feedforward_layernorm_1.weight": (hidden,),
        "post_feedforward_layernorm_2.weight": (hidden,),
        "pre_feedforward_layernorm_2.weight": (hidden,),
    }


def _vision(vision: VisionConfig) -> Shapes:
    hidden = vision.hidden
    layer = _norms(hidden) | _mlp(hidden, vision.ffn, ".linear")
    layer |= {f"self_attn.{p}_proj.linear.weight": (hidden, hidden) for p in "qkvo"}
    layer |= {f"self_attn.{p}_norm.weight": (vision.head_dim,) for p in "qk"}
    if vision.clipped:
        layer |= _clip_bounds(layer)
    shapes: Shapes = {
        "patch_embedder.input_proj.weight": (hidden, 3 * vision.patch**2),
        "patch_embedder.position_embedding_table": (2, vision.positions, hidden),
    }
    if vision.standardize:
        shapes |= {"std_bias": (hidden,), "std_scale": (hidden,)}
    for i in range(vision.layers):
        shapes |= {f"encoder.layers.{i}.{name}": shape for name, shape in layer.items()}
    return {f"vision_tower.{name}": shape for name, shape in shapes.items()}


def _audio(audio: AudioConfig) -> Shapes:
    hidden, (first, second) = audio.hidden, audio.channels
    layer = _audio_layer(audio)
    if audio.clipped:
        layer |= _clip_bounds(layer)
    front = "subsample_conv_projection."
    shapes: Shapes = {
        f"{front}layer0.conv.weight": (first, 3, 3, 1),
        f"{front}layer0.norm.weight": (first,),
        f"{front}layer1.conv.weight": (second, 3, 3, first),
        f"{front}layer1.norm.weight": (second,),
        f"{front}input_proj_linear.weight": (hidden, audio.mels // 4 * second),
        "output_proj.weight": (audio.output, hidden),
        "output_proj.bias": (audio.output,),
    }
    for i in range(audio.layers):
        shapes |= {f"layers.{i}.{name}": shape for name, shape in layer.items()}
    return {f"audio_tower.{name}": shape for name, shape in shapes.items()}


def _audio_layer(audio: AudioConfig) -> Shapes:
    hidden = audio.hidden
    shapes: Shapes = {
        "self_attn.relative_k_proj.weight": (hidden, hidden),
        "self_attn.per_dim_scale": (audio.head_dim,),
        "lconv1d.linear_start.linear.weight": (2 * hidden, hidden),
        "lconv1d.linear_end.linear.weight": (hidden, hidden),
        "lconv1d.depthwise_conv1d.weight": (hidden, audio.kernel, 1),
    }
    shapes |= {
        f"self_attn.{p}.linear.weight": (hidden, hidden)
        for p in ("q_proj", "k_proj", "v_proj", "post")
    }
    for block in ("feed_forward1", "feed_forward2"):
        shapes[f"{block}.ffw_layer_1.linear.weight"] = (4 * hidden, hidden)
        shapes[f"{block}.ffw_layer_2.linear.weight"] = (hidden, 4 * hidden)
        shapes[f"{block}.pre_layer_norm.weight"] = (hidden,)
        shapes[f"{block}.post_layer_norm.weight"] = (hidden,)
    norms = ["norm_pre_attn", "norm_post_attn", "norm_out"]
    norms += ["lconv1d.pre_layer_norm", "lconv1d.conv_norm"]
    return shapes | {f"{name}.weight": (hidden,) for name in norms}


def _clip_bounds(layer: Shapes) -> Shapes:
    """Four scalars beside every linear that is wrapped for clipping."""
    wrapped = [n.removesuffix(".linear.weight") for n in layer if n.endswith(".linear.weight")]
    return {f"{path}.{bound}": () for path in wrapped for bound in CLIP_BOUNDS}
