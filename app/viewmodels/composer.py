"""The composer: text, attachments and their cost, drafts, history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.conversation import Attachment, Draft, Turn, active_path, new_id
from app.core.costs import budget, cost, text_tokens
from app.core.kinds import kind_of_name
from app.core.looking import Look
from app.core.reading import MediaReader, Reading
from app.viewmodels.answers import Answers
from app.viewmodels.contexts import context_use
from app.viewmodels.desk import Desk
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.pictures import Pictures
from app.viewmodels.values import AttachmentView
from app.viewmodels.views import attachment_view
from app.viewmodels.words import about, count
from inference import MediaError

DRAFT_MS = 500
LONG_PASTE = 4000  # characters; a longer paste becomes a card
PASTED_TEXT = "Pasted text.txt"


@dataclass(slots=True)
class _Card:
    """An attachment on its way: `attachment` is there when it was read."""

    id: str
    name: str
    state: Literal["reading", "ready", "failed"] = "reading"
    attachment: Attachment | None = None
    problem: str = ""
    soft_tokens: int | None = None


class ComposerViewModel(QObject):
    """What will be sent next in the open conversation."""

    text_replaced = Signal(str)
    attachments_changed = Signal()
    cost_changed = Signal()
    can_send_changed = Signal(bool)
    problem = Signal(str)
    _read = Signal(str, object)

    def __init__(
        self,
        desk: Desk,
        reader: MediaReader,
        pictures: Pictures,
        models: ModelsViewModel,
        answers: Answers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reader = reader
        self._pictures = pictures
        self._models = models
        self._answers = answers
        self._id = ""
        self._text = ""
        self._cards: list[_Card] = []
        self._reading: dict[str, str] = {}  # card -> the conversation it was added to
        self._looks: dict[str, Look] = {}  # card -> its reading, to be called off
        self._recalled = -1
        self._could_send = False
        self._shown_cost = ""
        # What a pane sends along with the words: the picture, clip or recording it shows.
        self.companions: Callable[[], tuple[Attachment, ...]] = tuple
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_MS)
        self._timer.timeout.connect(self.save_draft)
        self._read.connect(self._on_read)
        pictures.found.connect(self._on_picture_found)

    # --- what stands in it -------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self._text

    @property
    def cost(self) -> str:
        """The whole next prompt, like "≈ 1,530 tokens"; empty when there is nothing to send."""
        return self._cost()

    @property
    def next_tokens(self) -> int:
        """About how many tokens the next prompt has, 0 when there is nothing to send."""
        return self._total(self._path())

    @property
    def can_send(self) -> bool:
        """Whether `ChatViewModel.send` would do something."""
        return self._has_content and not self.why_not

    @property
    def why_not(self) -> str:
        """A sentence saying why nothing can be sent, empty when only words are missing."""
        if not self._id:
            return "Open a conversation first."
        if self._answers.is_running(self._id):
            return "Gemma is still answering; stop it to ask something else."
        if self._models.current is None:
            return "Get a model to ask."
        if self._models.state == "failed":
            return "The model could not be loaded. Choose another one to ask."
        if any(card.state == "reading" for card in self._cards):
            return "A file is still being read."
        if any(card.state == "failed" for card in self._cards):
            return "Remove the file that could not be read."
        return ""

    def attachments(self) -> list[AttachmentView]:
        """The cards, in order."""
        return [self._view(card) for card in self._cards]

    # --- what is done to it ------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """The person typed."""
        if text == self._text:
            return
        self._text = text
        self._recalled = -1
        self._timer.start()
        self.refresh()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Attach files; those that cannot be read become failed cards."""
        for path in paths:
            card = self._new_card(path.name)
            self._looks[card.id] = self._reader.read_file(path, card.id, self._done(card.id))
        self._changed()

    def add_picture(self, png: bytes, name: str) -> None:
        """Attach a pasted picture."""
        self._add_bytes(png, name if kind_of_name(name) == "image" else f"{name}.png")

    def add_text(self, text: str) -> None:
        """Attach a long pasted text as a card."""
        self._add_bytes(text.encode("utf-8", "replace"), PASTED_TEXT)

    def prefill(self, text: str) -> None:
        """Put words into the composer, to be changed or sent; what stands there goes before."""
        self._text = f"{self._text.rstrip()}\n{text}" if self._text.strip() else text
        self.text_replaced.emit(self._text)
        self._timer.start()
        self.refresh()

    def remove(self, attachment_id: str) -> None:
        """Take a card away."""
        self._cards = [card for card in self._cards if card.id != attachment_id]
        self._reading.pop(attachment_id, None)
        look = self._looks.pop(attachment_id, None)
        if look is not None:
            look.cancel()  # the next file need not wait for it
        self._changed()

    def set_budget(self, attachment_id: str, soft_tokens: int) -> None:
        """Choose how finely a picture or clip is seen."""
        for card in self._cards:
            if card.id == attachment_id:
                card.soft_tokens = soft_tokens
        self._changed()

    def recall_last(self) -> None:
        """Put an earlier question back into an empty composer; again for the one before."""
        questions = [t.text for t in self._path() if t.role == "user" and t.text.strip()]
        is_shown = 0 <= self._recalled < len(questions)
        if not questions or (self._text and not is_shown):
            return
        self._recalled = max(0, (self._recalled if is_shown else len(questions)) - 1)
        self._text = questions[self._recalled]
        self.text_replaced.emit(self._text)
        self._timer.start()
        self.refresh()

    def take(self) -> tuple[str, tuple[Attachment, ...]]:
        """What is to be sent; the composer is empty afterwards."""
        taken = self._text.strip("\n"), (*self.companions(), *self._attachments())
        self._replace("", [])
        self.save_draft()
        return taken

    def lift(self) -> Draft:
        """What stands here, taken out to be put into another conversation."""
        lifted = Draft(self._text, self._attachments())
        self._replace("", [])
        self.save_draft()
        return lifted

    def put(self, draft: Draft) -> None:
        """Show this instead of what stands here."""
        self._replace(draft.text, _cards(draft))
        self.save_draft()

    def open(self, conversation_id: str) -> None:
        """Save this conversation's draft and show that one's."""
        if self._timer.isActive():
            self.save_draft()
        self._id = conversation_id
        draft = self._desk.get(conversation_id).draft
        self._replace(draft.text, _cards(draft))

    def save_draft(self) -> None:
        """Keep what stands here; happens by itself half a second after each change."""
        self._timer.stop()
        if self._id:
            self._desk.save_draft(self._id, Draft(self._text, self._attachments()))

    def refresh(self) -> None:
        """Something else has changed what can be sent or what it costs."""
        if self.can_send != self._could_send:
            self._could_send = not self._could_send
            self.can_send_changed.emit(self._could_send)
        shown = self._cost()
        if shown != self._shown_cost:
            self._shown_cost = shown
            self.cost_changed.emit()

    def refresh_cards(self) -> None:
        """The cost of cards depends on settings and model, which have changed."""
        if self._cards:
            self.attachments_changed.emit()
        self.refresh()

    # --- cards -------------------------------------------------------------------------------

    @property
    def _has_content(self) -> bool:
        return bool(self._text.strip() or self._cards)

    def _new_card(self, name: str) -> _Card:
        card = _Card(new_id(), name)
        self._cards.append(card)
        self._reading[card.id] = self._id
        return card

    def _add_bytes(self, data: bytes, name: str) -> None:
        card = self._new_card(name)
        self._looks[card.id] = self._reader.read_bytes(data, name, card.id, self._done(card.id))
        self._changed()

    def _done(self, card_id: str) -> Callable[[Reading], None]:
        return lambda reading: self._read.emit(card_id, reading)

    def _on_read(self, card_id: str, reading: Reading) -> None:
        self._looks.pop(card_id, None)
        conversation_id = self._reading.pop(card_id, None)
        if conversation_id is None:
            return  # removed
        if conversation_id != self._id:
            self._add_to_draft(conversation_id, reading)
            return
        card = next((each for each in self._cards if each.id == card_id), None)
        if card is None:  # the conversation was left meanwhile and opened again
            card = _Card(card_id, reading.attachment.name if reading.attachment else "File")
            self._cards.append(card)
        card.attachment, card.problem = reading.attachment, reading.problem
        card.state = "failed" if reading.attachment is None else "ready"
        if reading.problem:
            self.problem.emit(reading.problem)
        self._changed()

    def _add_to_draft(self, conversation_id: str, reading: Reading) -> None:
        """The file belongs to a conversation that was left while it was being read."""
        if reading.attachment is None:
            self.problem.emit(reading.problem)
            return
        try:
            draft = self._desk.get(conversation_id).draft
        except KeyError:  # deleted
            return
        added = replace(draft, attachments=(*draft.attachments, reading.attachment))
        self._desk.save_draft(conversation_id, added)

    def _on_picture_found(self, sha256: str) -> None:
        if any(card.attachment and card.attachment.sha256 == sha256 for card in self._cards):
            self.attachments_changed.emit()

    def _changed(self) -> None:
        self._timer.start()
        self.attachments_changed.emit()
        self.refresh()

    def _replace(self, text: str, cards: list[_Card]) -> None:
        self._text, self._cards, self._recalled = text, cards, -1
        self._timer.stop()
        self.text_replaced.emit(text)
        self.attachments_changed.emit()
        self.refresh()

    def _attachments(self) -> tuple[Attachment, ...]:
        return tuple(self._costed(card) for card in self._cards if card.attachment is not None)

    def _costed(self, card: _Card) -> Attachment:
        assert card.attachment is not None
        attachment = replace(card.attachment, soft_tokens=card.soft_tokens)
        settings = self._desk.get(self._id).settings
        try:
            tokens = cost(attachment, settings, self._models.image_tokens)
        except MediaError:  # beyond the engine's limits; it will say so itself
            tokens = attachment.tokens
        return replace(attachment, tokens=tokens)

    def _view(self, card: _Card) -> AttachmentView:
        if card.attachment is None:
            kind = kind_of_name(card.name) or "text"
            caption = "Reading…" if card.state == "reading" else card.problem
            return AttachmentView(
                card.id, kind, card.name, caption, b"", card.state, 0.0, card.problem
            )
        attachment = self._costed(card)
        view = attachment_view(attachment, self._pictures.thumbnail, budgets=True)
        if not view.budgets:
            return view
        settings = self._desk.get(self._id).settings
        return replace(view, budget=budget(attachment, settings, self._models.image_tokens))

    # --- cost --------------------------------------------------------------------------------

    def _path(self) -> tuple[Turn, ...]:
        return active_path(self._desk.get(self._id)) if self._id else ()

    def _new_tokens(self) -> int:
        sent = (*self.companions(), *self._attachments())
        return text_tokens(self._text) + sum(attachment.tokens for attachment in sent)

    def _total(self, path: tuple[Turn, ...]) -> int:
        if not self._id or not self._has_content:
            return 0
        return context_use(path, 0).total + self._new_tokens()

    def _cost(self) -> str:
        """Also when the first word may be expected, where earlier answers tell the speed."""
        if not self._id or not self._has_content:
            return ""
        path = self._path()
        line = f"≈ {count(self._total(path), 'token')}"
        speeds = [
            turn.statistics.prefill_tokens_per_s
            for turn in path
            if turn.statistics is not None and turn.statistics.prefill_tokens_per_s
        ]
        has_media = bool(self.companions()) or any(card.attachment for card in self._cards)
        if not speeds or has_media:  # how long files take was not measured yet
            return line
        seconds = max(0.1, self._new_tokens() / speeds[-1])
        when = f"{seconds:.1f} s" if seconds < 10 else about(seconds).removeprefix("about ")
        return f"{line} · first word in ≈ {when}"


def _cards(draft: Draft) -> list[_Card]:
    return [_Card(a.id, a.name, "ready", a, soft_tokens=a.soft_tokens) for a in draft.attachments]
