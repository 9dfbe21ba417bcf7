"""The open conversation as it is shown right now: stored turns, and the one being written."""

from __future__ import annotations

from dataclasses import replace

from app.core.conversation import Conversation, ToolRecord, Turn, active_path
from app.viewmodels.answers import Answers
from app.viewmodels.desk import Desk
from app.viewmodels.pictures import Pictures
from app.viewmodels.tool_values import ToolView
from app.viewmodels.tools import ToolsViewModel
from app.viewmodels.values import TurnView
from app.viewmodels.views import Surroundings, receipts_by_question, turn_view, version_places
from inference import Receipt


class Shown:
    """Views of one conversation's turns; what they share is worked out once until `renew`."""

    def __init__(
        self, desk: Desk, answers: Answers, pictures: Pictures, tools: ToolsViewModel
    ) -> None:
        self.id = ""
        self._desk = desk
        self._answers = answers
        self._pictures = pictures
        self._tools = tools
        self._around: Surroundings | None = None

    @property
    def conversation(self) -> Conversation:
        """The stored value. Raises KeyError when none is open."""
        return self._desk.get(self.id)

    @property
    def path(self) -> tuple[Turn, ...]:
        """The turns from the first to the newest one shown, as they are right now."""
        return tuple(map(self.newest, active_path(self.conversation))) if self.id else ()

    def renew(self) -> None:
        """Something has changed that views of several turns depend on."""
        self._around = None

    def stored(self, turn_id: str) -> Turn:
        """A turn as saved. Raises KeyError."""
        return self._desk.turn(self.id, turn_id)

    def newest(self, turn: Turn) -> Turn:
        """The turn as it is being written, if it is."""
        live = self._answers.live_turn(self.id)
        if live is not None and live.id == turn.id:
            return live
        # Nobody writes it: a store that cannot be written keeps what a crash left.
        return replace(turn, state="interrupted") if turn.state == "streaming" else turn

    def views(self) -> list[TurnView]:
        """Every turn shown; a note without words is none."""
        around = self.around()
        return [turn_view(turn, around) for turn in self.path if turn.role != "note" or turn.text]

    def view(self, turn_id: str) -> TurnView:
        """One turn. Raises KeyError."""
        return turn_view(self.newest(self.stored(turn_id)), self.around())

    def receipt_of(self, turn_id: str) -> Receipt | None:
        """What the model received with this question, or for this answer."""
        receipt = self.around().receipts.get(turn_id)
        return receipt or self.newest(self.stored(turn_id)).receipt

    def around(self) -> Surroundings:
        """Versions and receipts of the whole conversation."""
        if self._around is None:
            conversation = self.conversation
            self._around = Surroundings(
                version_places(conversation),
                conversation.active_leaf,
                receipts_by_question(self.path),
                self._pictures.thumbnail,
                is_idle=not self._answers.is_running(self.id),
                tool_view=self._tool_view,
            )
        return self._around

    def _tool_view(self, turn: Turn, record: ToolRecord) -> ToolView:
        """A call; it can be answered while its answer is being made."""
        live = self._answers.live_turn(self.id)
        if live is None or live.id != turn.id or not self._answers.is_calling(self.id):
            return self._tools.view(record)
        return self._tools.view(record, self.conversation, live)
