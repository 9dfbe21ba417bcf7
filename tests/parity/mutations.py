"""The table of mutants: one changed line each, and the tests that should notice."""

from __future__ import annotations

from dataclasses import dataclass

G4 = "inference/models/gemma4/"
NETWORK = ["tests/parity/test_network.py"]
GENERATION = ["tests/parity/test_generation.py", "tests/parity/test_drafter.py"]
REUSE = ["tests/parity/test_prefix_reuse.py"]


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = tuple(NETWORK)


TEXT = (
    Mutant("window one larger", G4 + "attention.py", "(k > q - window)", "(k >= q - window)"),
    Mutant("window one smaller", G4 + "attention.py", "(k > q - window)", "(k > q - window + 1)"),
    Mutant("no window", G4 + "attention.py", "seen & (k > q - window)", "seen"),
    Mutant(
        "window two-sided",
        G4 + "attention.py",
        "(k > q - window)",
        "(k > q - window) & (k < q + window)",
    ),
    Mutant(
        "image block exempt from window",
        G4 + "attention.py",
        "seen & (k > q - window)",
        "seen & ((k > q - window) | (self._blocks is not None and "
        "(qb[:, None] == kb[None]) & (qb[:, None] >= 0)))",
    ),
    Mutant("no bidirectional blocks", G4 + "attention.py", "seen |= ", "_ = "),
    Mutant(
        "all images one block",
        G4 + "network.py",
        "np.cumsum(starts) - 1",
        "np.cumsum(starts) * 0",
    ),
    Mutant(
        "frames have no block", G4 + "network.py", "(types == 1) | (types == 2)", "(types == 1)"
    ),
    Mutant("scale 1/sqrt(d)", G4 + "attention.py", "scale=1.0, mask=mask", "scale=0.25, mask=mask"),
    Mutant("no value norm", G4 + "attention.py", "rms_norm(values, self._eps)", "values"),
    Mutant(
        "values from normed keys",
        G4 + "attention.py",
        "            raw\n            if self._layer",
        "            self.k_norm(raw)\n            if self._layer",
    ),
    Mutant(
        "no query norm",
        G4 + "attention.py",
        "self.q_norm(self._heads(self.q_proj(x), self._layer.heads))",
        "self._heads(self.q_proj(x), self._layer.heads)",
    ),
    Mutant(
        "shared queries at the wrong offset",
        G4 + "attention.py",
        "self._rope(q, span.end - rows)",
        "self._rope(q, span.end - rows + (self._layer.kv_donor is not None))",
    ),
    Mutant(
        "keys rotated one late",
        G4 + "attention.py",
        "swapaxes(1, 2), span.offset)",
        "swapaxes(1, 2), span.offset + 1)",
    ),
    Mutant("traditional rope", G4 + "rope.py", "traditional=False", "traditional=True"),
    Mutant("full layers rotate whole heads", G4 + "rope.py", "if i < layer.rotated", "if i < half"),
    Mutant(
        "rope exponent over the rotated part",
        G4 + "rope.py",
        "(2 * i / layer.head_dim)",
        "(2 * i / (2 * layer.rotated))",
    ),
    Mutant(
        "norm weight 1 + w",
        G4 + "layers.py",
        "mx.fast.rms_norm(x, self.weight, self._eps)",
        "mx.fast.rms_norm(x, 1 + self.weight, self._eps)",
    ),
    Mutant(
        "exact instead of tanh GELU",
        G4 + "layers.py",
        "nn.gelu_approx(gate) * up\n    return y\n\n\nclass",
        "nn.gelu(gate) * up\n    return y\n\n\nclass",
    ),
    Mutant(
        "no embedding scale",
        G4 + "text.py",
        "self.embed_tokens(ids) * self._scale",
        "self.embed_tokens(ids)",
    ),
    Mutant(
        "media scaled like text",
        G4 + "network.py",
        "features.astype(h.dtype)",
        "(features * self.language_model._scale).astype(h.dtype)",
    ),
    Mutant(
        "no final soft cap", G4 + "text.py", "y if cap is None else mx.tanh(y / cap) * cap", "y"
    ),
    Mutant(
        "no layer scalar", G4 + "text.py", 'if "layer_scalar" in self else h', "if False else h"
    ),
    Mutant(
        "layer scalar before per-layer block",
        G4 + "text.py",
        "        if ple is not None:\n            y = self.per_layer_projection",
        "        h = h * self.layer_scalar\n        if ple is not None:\n"
        "            y = self.per_layer_projection",
    ),
    Mutant(
        "donor: first layer of the kind",
        "inference/checkpoint/text_config.py",
        "for i, kind in enumerate(kinds[:first_shared])}",
        "for i, kind in reversed(list(enumerate(kinds[:first_shared])))}",
    ),
    Mutant(
        "per-layer ids keep placeholders",
        G4 + "network.py",
        "self.language_model.per_layer_inputs(plain, h)",
        "self.language_model.per_layer_inputs(mx.array(ids)[None], h)",
    ),
    Mutant(
        "per-layer context without media",
        G4 + "network.py",
        "self.language_model.per_layer_inputs(plain, h)",
        "self.language_model.per_layer_inputs(plain, self.language_model.embed(plain))",
    ),
    Mutant(
        "per-layer sum without 1/sqrt(2)",
        G4 + "text.py",
        "(tokens + context) * 2**-0.5",
        "(tokens + context)",
    ),
    Mutant(
        "per-layer context without H^-0.5",
        G4 + "text.py",
        "self._config.hidden**-0.5",
        "1.0 * self._config.eps",
    ),
    Mutant("per-layer rows without scale", G4 + "text.py", "* size**0.5", "* 1.0"),
)


EXPERTS = (
    Mutant(
        "router reads the normed input",
        G4 + "text.py",
        "self.router(flat)",
        "self.router(self.pre_feedforward_layernorm(flat))",
    ),
    Mutant("router without H^-0.5", G4 + "moe.py", "self._root = hidden**-0.5", "self._root = 1.0"),
    Mutant(
        "no per-expert scale",
        G4 + "moe.py",
        "w * self.per_expert_scale[chosen].astype(mx.float32)",
        "w",
    ),
    Mutant(
        "no renormalisation", G4 + "moe.py", "w = w / w.sum(axis=-1, keepdims=True)", "w = w * 1.0"
    ),
    Mutant(
        "one expert more",
        G4 + "moe.py",
        "self._top_k = config.top_k",
        "self._top_k = config.top_k + 1",
    ),
    Mutant(
        "experts read the dense norm",
        G4 + "text.py",
        "self.pre_feedforward_layernorm_2(flat)",
        "self.pre_feedforward_layernorm(flat)",
    ),
    Mutant("gate and up swapped", G4 + "moe.py", "gate, up = mx.split", "up, gate = mx.split"),
    Mutant("sorted rows not put back", G4 + "moe.py", "y = y[mx.argsort(order)]", "y = y"),
)


TOWERS = (
    Mutant(
        "position tables swapped",
        G4 + "vision.py",
        "table[0][positions[:, 0]] + table[1][positions[:, 1]]",
        "table[0][positions[:, 1]] + table[1][positions[:, 0]]",
    ),
    Mutant(
        "vision rope x and y swapped",
        G4 + "vision.py",
        "positions.astype(mx.float32)[:, :, None]",
        "positions.astype(mx.float32)[:, ::-1, None]",
    ),
    Mutant("vision patches not centred", G4 + "vision.py", "2 * (patches - 0.5)", "patches"),
    Mutant("vision scale 1/sqrt(d)", G4 + "vision.py", "scale=1.0", "scale=0.25"),
    Mutant(
        "vision without value norm",
        G4 + "vision.py",
        "rms_norm(self._split(self.v_proj(x)), self._eps)",
        "self._split(self.v_proj(x))",
    ),
    Mutant("no clipping", G4 + "layers.py", "if low is None and high is None:", "if True:"),
    Mutant(
        "no standardise",
        G4 + "vision.py",
        "if self._config.standardize:\n            #",
        "if False:\n            #",
    ),
    Mutant("pool without sqrt(hidden)", G4 + "vision.py", "* size**0.5", "* 1.0"),
    Mutant(
        "no projector norm",
        G4 + "vision.py",
        "rms_norm(self.pooled(patches, positions, grid), self._config.eps)",
        "self.pooled(patches, positions, grid)",
    ),
    Mutant(
        "audio sees 13 keys",
        G4 + "audio.py",
        "config.left_context - 1, config",
        "config.left_context, config",
    ),
    Mutant(
        "audio without window",
        G4 + "audio.py",
        "(distance >= 0) & (distance < reach) &",
        "(distance >= 0) &",
    ),
    Mutant(
        "audio sees zeros before the clip",
        G4 + "audio.py",
        " & ~(first & (np.arange(2 * reach) < reach))",
        " & (first | True)",
    ),
    Mutant(
        "audio flattened channel-major",
        G4 + "audio.py",
        "x = self.input_proj_linear(x.reshape",
        "x = self.input_proj_linear(x.swapaxes(2, 3).reshape",
    ),
    Mutant(
        "audio gate and value swapped",
        G4 + "audio.py",
        "value, gate = mx.split",
        "gate, value = mx.split",
    ),
    Mutant(
        "audio without key scale",
        G4 + "audio.py",
        "* (math.log(1 + math.e) / math.log(2))",
        "* 1.0",
    ),
    Mutant(
        "audio without soft cap",
        G4 + "audio.py",
        "mx.tanh(logits / self._cap) * self._cap",
        "logits",
    ),
    Mutant(
        "audio projector before its norm",
        G4 + "audio.py",
        "self.projection(rms_norm(self.output_proj(x), self._eps))",
        "rms_norm(self.projection(self.output_proj(x)), self._eps)",
    ),
    Mutant("audio full residual", G4 + "audio.py", "* self._residual", "* 1.0"),
    Mutant(
        "audio convolution not causal",
        G4 + "audio.py",
        "(self._kernel - 1, 0)",
        "(self._kernel // 2, self._kernel // 2)",
    ),
    Mutant(
        "audio sine and cosine swapped",
        G4 + "audio.py",
        "[np.sin(angles), np.cos(angles)]",
        "[np.cos(angles), np.sin(angles)]",
    ),
)


GENERATED = (
    Mutant(
        "sliding cache keeps one too few",
        "inference/models/cache.py",
        "self._keep = window - 1 + slack",
        "self._keep = window - 2",
        tuple(GENERATION),
    ),
    Mutant(
        "decode sees one key too many",
        G4 + "attention.py",
        "span.end - window - span.extra_keys) - kv.start",
        "span.end - window - 1 - span.extra_keys) - kv.start",
        tuple(GENERATION),
    ),
    Mutant(
        "rejected drafts stay in the cache",
        "inference/generate/run.py",
        "self.session.rewind(base + kept)",
        "self.session.rewind(base + len(ids))",
        tuple(GENERATION),
    ),
    Mutant(
        "image block split between chunks",
        "inference/generate/prefill.py",
        "if blocks is not None and end",
        "if False and end",
        tuple(GENERATION),
    ),
    Mutant(
        "drafter sees window - 1 keys",
        G4 + "drafter.py",
        "_EXTRA_KEYS = 2",
        "_EXTRA_KEYS = 0",
        tuple(GENERATION),
    ),
    Mutant(
        "pictures all alike for reuse",
        "inference/prompt/prompt.py",
        "int(m.sha256[:13], 16)",
        "0",
        tuple(REUSE),
    ),
    Mutant(
        "snapshot one token late",
        "inference/generate/session.py",
        "s.position <= common]",
        "s.position <= common + 24]",
        tuple(REUSE),
    ),
    Mutant(
        "snapshot lacks its oldest key",
        "inference/models/cache.py",
        "stored - self._window + 1)",
        "stored - self._window + 2)",
        tuple(REUSE),
    ),
)


MUTANTS = (*TEXT, *EXPERTS, *TOWERS, *GENERATED)
