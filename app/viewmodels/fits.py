"""Verdicts of fit as they are shown. Pure."""

from __future__ import annotations

from app.viewmodels.model_values import FitView, FitWord
from app.viewmodels.words import gigabytes
from inference import Fit

WORDS: dict[str, str] = {"fits": "Fits", "slow": "May be slow", "wont_fit": "Won’t fit"}
EASILY, ROOMY = 0.35, 0.6  # shares of what the machine can give
UNKNOWN = FitView("unknown", "Not known")


def fit_view(fit: Fit | None) -> FitView:
    """The chip, the sum behind it, what would help."""
    if fit is None:
        return UNKNOWN
    word: FitWord = fit.state
    total, limit = fit.need.total, fit.available
    note = ""
    if word == "wont_fit":
        note = f"needs {total / 1e9:.1f}, can use {limit / 1e9:.1f} GB"
    return FitView(
        word,
        WORDS[word],
        tuple((_named(name, fit), gigabytes(size)) for name, size in fit.need.parts()),
        gigabytes(total),
        gigabytes(limit),
        fit.advice,
        note,
        total,
        limit,
    )


def first_words(fit: Fit) -> str:
    """The verdict on a card of the first run, with what room is left."""
    if fit.state != "fits":
        return WORDS[fit.state]
    if fit.share <= EASILY:
        return "Fits easily"
    return "Fits with room for long files" if fit.share <= ROOMY else "Fits"


def context_words(tokens: int) -> str:
    """16K, 128K."""
    return f"{tokens // 1024}K"


def _named(name: str, fit: Fit) -> str:
    if name == "Context":
        return f"Context, {context_words(fit.context_tokens)} tokens"
    return name
