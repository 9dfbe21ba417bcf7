"""What the pictures show: conversations like those of a working week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.conversation import Conversation, Turn
from app.core.store import Store
from inference import Receipt, ReceiptItem
from tests.fakes.conversations import (
    DASHBOARD,
    TABLE_ANSWER,
    FakeBlobs,
    answers,
    asks,
    dashboard,
    remarks,
    talk,
)

TYPED = ReceiptItem("text", "user", 31)
THOUGHT = (
    "The picture has four key figures, a bar chart by month, a pie by channel and a table.\n\n"
    "I should read every bar label: Jan 118, Feb 124, Mar 131, Apr 127, May 139, Jun 146, "
    "Jul 152, Aug 149, Sep 181. The third quarter adds up to 482, which is the figure on top."
)
CODE_ANSWER = """\
The median is less upset by one large invoice. For a list of amounts:

```python
from statistics import mean, median

invoices = [118, 124, 131, 127, 139, 146, 152, 149, 181]
print(f"mean {mean(invoices):.1f}, median {median(invoices)}")
```

With an odd number of values it is the middle one, else the mean of the two in the middle:

$$\\tilde{x} = \\frac{x_{(n/2)} + x_{(n/2+1)}}{2}$$

> Order the values first; the formula takes them as ordered.

- Mean **140.8**, pulled up by September
- Median **139**
- See [the definition](https://example.org/median)
"""
RIGHT_TO_LEFT = """\
الإيرادات **482 ألف دولار**، وأفضل شهر هو سبتمبر.

1. المقاهي: 46 %
2. المتجر الإلكتروني: 31 %

日本語でもお答えします。’引用’ 😀
"""


class StoredFiles(FakeBlobs):
    """The files of a store that is not open yet."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self._data = data

    def put(self, data: bytes) -> str:
        """Keeps `data` in the store and returns its hash."""
        store = Store.open(self._data)
        try:
            return store.put_bytes(data)
        finally:
            store.close()


def review(files: FakeBlobs, *, thought: bool = True) -> Conversation:
    """The conversation of the main picture."""
    picture, item = dashboard(files)
    first = (
        asks(
            "Read every chart. Give me the values, and what to look at first.",
            picture,
        ),
        answers(
            TABLE_ANSWER,
            items=(item, TYPED),
            thought=THOUGHT if thought else "",
        ),
    )
    return _dated(talk(*first, title="Operations review, Q3"), "review", hours=0)


def code() -> Conversation:
    """Code, a formula, a quotation, a list and a link."""
    turns = (
        asks("Mean or median for monthly revenue? Show me in Python."),
        answers(CODE_ANSWER, items=(TYPED,)),
    )
    return _dated(talk(*turns, title="Mean or median"), "code", hours=3)


def right_to_left() -> Conversation:
    """Arabic and Japanese."""
    turns = (
        asks("ما هو أفضل شهر؟ اشرح بإيجاز."),
        answers(RIGHT_TO_LEFT, items=(TYPED,)),
    )
    return _dated(talk(*turns, title="أفضل شهر في الربع الثالث"), "rtl", hours=30)


def warned(files: FakeBlobs) -> Conversation:
    """Something was not sent, and the answer was stopped."""
    picture, item = dashboard(files)
    lost = replace(picture, id="a2", name="floor plan with a very long name, final version.png")
    turns = (
        asks("Compare these two.", picture, lost),
        answers(
            "The dashboard shows a rise in September. The second picture",
            items=(item, TYPED),
            dropped=("floor plan with a very long name, final version.png: the prompt was full.",),
            state="stopped",
        ),
        remarks("Model changed to Gemma 4 E2B, 8-bit"),
        asks("Go on."),
        answers("It was not sent, so I cannot compare.", items=(item, TYPED), state="length"),
    )
    return _dated(talk(*turns, title="Supplier contract, clause 7"), "warned", hours=4)


def long(turns: int = 120) -> Conversation:
    """Many turns."""
    made: list[Turn] = []
    for number in range(turns // 2):
        made += [
            asks(f"Question {number + 1}: what changed in week {number + 27}?"),
            answers(TABLE_ANSWER if number % 3 == 0 else CODE_ANSWER, items=(TYPED,)),
        ]
    return _dated(talk(*made, title="Utility invoices, August"), "long", hours=80)


def versions(files: FakeBlobs) -> Conversation:
    """Three answers to one question, the second shown."""
    base = review(files)
    question, answer = base.turns
    more = [
        replace(answer, id=f"v{n}", parent_id=question.id, text=f"Version {n}.\n\n{answer.text}")
        for n in (2, 3)
    ]
    return replace(base, turns=(question, answer, *more), active_leaf="v2")


def week(files: FakeBlobs) -> list[Conversation]:
    """A sidebar full of them."""
    titles = (
        ("Stand-up memo", 27),
        ("Site walk, hall 4", 28),
        ("Compare 4-bit and 8-bit", 90),
        ("Energy dashboard diary", 100),
    )
    small = [
        _dated(talk(asks("?"), answers("Yes.", items=(TYPED,)), title=title), f"s{n}", hours=hours)
        for n, (title, hours) in enumerate(titles)
    ]
    pinned = replace(small[3], is_pinned=True)
    return [review(files), warned(files), code(), right_to_left(), long(), *small[:3], pinned]


def receipt() -> Receipt:
    """What the model received of the dashboard, for an engine that is played by hand."""
    item = ReceiptItem(
        "image",
        DASHBOARD.name,
        275,
        273,
        width=1280,
        height=800,
        model_width=1008,
        model_height=624,
    )
    return Receipt((item, TYPED), 330)


def _dated(conversation: Conversation, name: str, *, hours: float) -> Conversation:
    at = datetime.now(UTC) - timedelta(hours=hours)
    prefixed = {turn.id: f"{name}-{turn.id}" for turn in conversation.turns}
    turns = tuple(
        replace(
            turn,
            id=prefixed[turn.id],
            parent_id=None if turn.parent_id is None else prefixed[turn.parent_id],
            created_at=at + timedelta(seconds=number),
        )
        for number, turn in enumerate(conversation.turns)
    )
    leaf = conversation.active_leaf
    return replace(
        conversation,
        id=name,
        created_at=at,
        updated_at=at + timedelta(seconds=len(turns)),
        turns=turns,
        active_leaf=None if leaf is None else prefixed[leaf],
        has_own_title=True,
    )
