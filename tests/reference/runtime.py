"""Makes torch repeatable and mends two gaps of the libraries; import it before transformers."""

from __future__ import annotations

from typing import Any

import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.set_grad_enabled(False)

# torchvision's compiled operators do not register against a CPU torch. Nothing here calls them,
# but importing torchvision wants their schemas. (torchvision 0.28)
_library: Any = torch.library.Library  # untyped
_schemas = _library("torchvision", "FRAGMENT")
for _name in ("nms", "qnms"):
    _schemas.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from transformers import Gemma4TextConfig  # noqa: E402
from transformers.utils import logging  # noqa: E402

_logging: Any = logging  # untyped
_logging.set_verbosity_warning()
_logging.disable_progress_bar()


def _sharing_modes(config: Any) -> list[str | None]:
    """Role of each layer in key/value sharing: "store", "reuse" or None.

    transformers 5.23 raises on an assistant (every layer reuses) and lets a target without shared
    layers hide its last keys and values, which its assistant needs.
    """
    first_shared = config.num_hidden_layers - config.num_kv_shared_layers
    modes: list[str | None] = [None] * first_shared + ["reuse"] * config.num_kv_shared_layers
    last_of_kind = {kind: i for i, kind in enumerate(config.layer_types[:first_shared])}
    for i in last_of_kind.values():
        modes[i] = "store"
    return modes


_text_config: Any = Gemma4TextConfig
_text_config.kv_sharing_modes = property(_sharing_modes)
