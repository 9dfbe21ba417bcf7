"""Model folders as data: validated first, then read; nothing in them is ever run."""

from inference.checkpoint.config import GenerationDefaults, read_config, read_drafter_config
from inference.checkpoint.expected import expected_tensors
from inference.checkpoint.folder import (
    DrafterFolder,
    Folder,
    HeaderFolder,
    WeightFolder,
    open_drafter,
    open_folder,
    open_headers,
)
from inference.checkpoint.header import Header, TensorRef, read_header
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.quantization import QuantSpec
from inference.checkpoint.tokenizer_check import check_tokenizer
from inference.checkpoint.weights import load_weights

__all__ = [
    "DrafterFolder",
    "Folder",
    "GenerationDefaults",
    "Header",
    "HeaderFolder",
    "QuantSpec",
    "TensorRef",
    "TensorSource",
    "WeightFolder",
    "check_tokenizer",
    "expected_tensors",
    "load_weights",
    "open_drafter",
    "open_folder",
    "open_headers",
    "read_config",
    "read_drafter_config",
    "read_header",
]
