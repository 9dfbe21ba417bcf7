"""Conversations made by hand, and the folder of files they refer to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.conversation import Attachment, Conversation, Settings, Turn
from inference import Receipt, ReceiptItem, Statistics

DASHBOARD = Path(__file__).parents[2] / "assets" / "examples" / "dashboard.png"
START = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)

TABLE_ANSWER = """\
Revenue rose in most months and **September is the best at $181k**. The average order grew least.

| Key figure | Value | Change on Q2 |
|---|--:|:--|
| Revenue | $482k | +17 % |
| Orders | 8,640 | +12 % |
| Average order | $55.79 | +4 % |
| Returns | 1.8 % | 0.4 points fewer |

### Look at first

1. Whether *orders × average order* gives the revenue: $8640 \\times 55.79 \\approx 482{,}026$.
2. The weeks behind September:
   - new customers
   - a price change

```python
orders, average = 8_640, 55.79  # from the picture
print(f"{orders * average:,.0f}")
```
"""


class FakeBlobs:
    """Files by their hash in a folder, as the store keeps them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keeps `data` and returns its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.path(sha256).write_bytes(data)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where a file lies, whether it is there or not."""
        return self._folder / sha256


def talk(*turns: Turn, title: str = "A talk", settings: Settings | None = None) -> Conversation:
    """A conversation of `turns` in one line, ids and times given to them in order."""
    placed: list[Turn] = []
    for turn in turns:
        placed.append(_placed(turn, len(placed), placed[-1].id if placed else None))
    return Conversation(
        id="c1",
        title=title,
        created_at=START,
        updated_at=START + timedelta(minutes=len(turns)),
        settings=settings or Settings(),
        turns=tuple(placed),
        active_leaf=placed[-1].id if placed else None,
    )


def asks(text: str, *attachments: Attachment) -> Turn:
    """A question; `talk` gives it its place."""
    return Turn("", None, "user", START, text, attachments=attachments)


def answers(
    text: str,
    *,
    items: Sequence[ReceiptItem] = (),
    dropped: tuple[str, ...] = (),
    thought: str = "",
    **values: object,
) -> Turn:
    """A complete answer with receipt and figures; `talk` gives it its place."""
    receipt = Receipt(tuple(items), 24 + sum(item.tokens for item in items), dropped)
    given: dict[str, object] = {
        "model": "Gemma 4 E4B, 4-bit",
        "model_key": "/somewhere/models/gemma-4-E4B-it-4bit",
        "settings": Settings(thinking=bool(thought), thinking_budget=1024 if thought else None),
        "seed": 7,
        "receipt": receipt,
        "statistics": Statistics(
            prompt_tokens=receipt.prompt_tokens,
            generated_tokens=312,
            thought_tokens=212 if thought else 0,
            first_token_s=0.82,
            decode_tokens_per_s=41.2,
            total_s=8.4,
            peak_memory_bytes=6_100_000_000,
        ),
        "thought": thought,
        "thought_tokens": 212 if thought else 0,
        "thought_s": 4.2 if thought else 0.0,
    }
    return Turn("", None, "model", START, text, **(given | values))  # type: ignore[arg-type]


def remarks(text: str) -> Turn:
    """A thin line between turns."""
    return Turn("", None, "note", START, text)


def dashboard(blobs: FakeBlobs) -> tuple[Attachment, ReceiptItem]:
    """The example picture as attached, and as the model received it."""
    data = DASHBOARD.read_bytes()
    attachment = Attachment(
        id="a1",
        kind="image",
        name="dashboard.png",
        sha256=blobs.put(data),
        size_bytes=len(data),
        media_type="image/png",
        width=1280,
        height=800,
        tokens=275,
    )
    item = ReceiptItem(
        "image",
        "dashboard.png",
        275,
        273,
        width=1280,
        height=800,
        model_width=1008,
        model_height=624,
        sha256="5d" * 32,
    )
    return attachment, item


def dashboard_talk(blobs: FakeBlobs) -> Conversation:
    """Two questions about the example picture, the first answered with a table and a thought."""
    picture, item = dashboard(blobs)
    typed = ReceiptItem("text", "user", 31)
    return talk(
        asks("Read every figure on this dashboard. What would you look at first?", picture),
        answers(
            TABLE_ANSWER,
            items=(item, typed),
            thought="There are four key figures on top.\nRevenue over orders is the average.",
        ),
        remarks("Model changed to Gemma 4 E2B, 8-bit"),
        asks("And which month is the worst?"),
        answers(
            "January, at $118k.",
            items=(item, typed, ReceiptItem("text", "model", 200), ReceiptItem("text", "user", 9)),
            model="Gemma 4 E2B, 8-bit",
            state="stopped",
        ),
        title="Operations review, Q3 2026",
    )


def _placed(turn: Turn, place: int, parent: str | None) -> Turn:
    from dataclasses import replace

    at = START + timedelta(minutes=place)
    return replace(turn, id=f"t{place}", parent_id=parent, created_at=at)
