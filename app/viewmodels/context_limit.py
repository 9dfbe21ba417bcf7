"""Whether the next question still fits into the context window, and what to say if it hardly does.

Nothing is ever left out of a conversation by itself: an answer ends where the window does, and a
question that is larger than the window is refused. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.viewmodels.words import count

TIGHT, ASKS = 0.8, 0.95  # shares of the window


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens of the next question with all that goes before it, and of the window (0: unknown)."""

    total: int
    size: int

    @property
    def is_tight(self) -> bool:
        """Whether to show it in amber."""
        return self.size > 0 and self.total >= TIGHT * self.size

    @property
    def asks(self) -> bool:
        """Whether to ask before sending."""
        return self.size > 0 and self.total >= ASKS * self.size

    @property
    def is_over(self) -> bool:
        """Whether the model would refuse it."""
        return self.size > 0 and self.total >= self.size

    @property
    def title(self) -> str:
        """What is the matter."""
        if self.is_over:
            return "This is more than the model can take"
        return "The context is nearly full"

    @property
    def words(self) -> str:
        """What would happen, with its numbers."""
        sizes = f"With this question the conversation takes about {self.total:,} of {self.size:,}"
        if self.is_over:
            over = count(self.total - self.size + 1, "token")
            return (
                f"{sizes} tokens, {over} too many. The model would refuse it; nothing would be "
                "left out by itself. The count is an estimate."
            )
        left = count(self.size - self.total, "token")
        return (
            f"{sizes} tokens. The answer can be about {left} long, thoughts included, and ends "
            "there. Nothing is left out."
        )
