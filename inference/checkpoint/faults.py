"""Collects what does not fit between weights and configuration into one readable refusal."""

from __future__ import annotations

from dataclasses import dataclass, field

from inference.checkpoint.header import TensorRef
from inference.checkpoint.refusal import CHOOSE_ANOTHER, listed, refusal


@dataclass(frozen=True, slots=True)
class Faults:
    """Names by kind of fault."""

    missing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    misshapen: list[str] = field(default_factory=list)
    mistyped: list[str] = field(default_factory=list)
    halved: list[str] = field(default_factory=list)  # stored as float16

    def add_misshapen(
        self, name: str, parts: tuple[TensorRef, ...], wanted: tuple[int, ...]
    ) -> None:
        found = " and ".join(_sizes(part.shape) for part in parts)
        self.misshapen.append(f"{name} ({found} instead of {_sizes(wanted)})")

    def add_mistyped(self, name: str, dtypes: set[str]) -> None:
        if "F16" in dtypes:
            self.halved.append(name)
        else:
            self.mistyped.append(f"{name} ({' and '.join(sorted(dtypes))})")

    def raise_if_any(self) -> None:
        """Raises CheckpointError that counts every kind and lists up to eight names of each."""
        kinds = (
            ("missing", self.missing),
            ("unexpected", self.unexpected),
            ("of another shape", self.misshapen),
            ("of an unusable number type", self.mistyped),
        )
        reports = [f"{len(names)} {kind} ({listed(names)})" for kind, names in kinds if names]
        if reports:
            tensors = "; ".join(reports)
            raise refusal(f"The weights do not fit config.json: {tensors}", CHOOSE_ANOTHER)
        if self.halved:
            raise refusal(
                "The weights are stored as float16, whose range is too small for Gemma 4 "
                f"({listed(self.halved, most=3)})",
                "Choose a bfloat16 or quantised version of the model.",
            )


def _sizes(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a single number"
