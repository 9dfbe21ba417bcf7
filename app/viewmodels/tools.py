"""The tools there are, what the person said about them, and calls in words for cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Conversation, Settings, ToolRecord, Turn, active_path
from app.core.tools.audit import audit_line
from app.core.tools.builtin import builtin_tools
from app.core.tools.demonstration import in_its_words
from app.core.tools.permissions import Decision, decide, has_foreign_text
from app.core.tools.values import ToolSpec
from app.markdown.clean import visible
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.tool_values import ToolChoice, ToolView, arguments_said, stored_view

_LAPSED = (
    "You allowed it before. It is asked again because this conversation holds text of others, "
    "which may give orders."
)
_OUTSIDE = "It runs outside of Facet and may read, change or send anything."
LONGEST_WORDS = 400


class ToolsViewModel(QObject):
    """Facet's own tools and those of programs that the person added."""

    changed = Signal()

    def __init__(self, preferences: PreferencesViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._own = builtin_tools()
        self._foreign: dict[str, ToolSpec] = {}
        preferences.changed.connect(self.changed)

    @property
    def specs(self) -> Mapping[str, ToolSpec]:
        """Every tool by name, Facet's own first."""
        return {**self._foreign, **self._own} if self._foreign else self._own

    @property
    def standing(self) -> Mapping[str, str]:
        """What the person allowed always or never, by the tools' keys."""
        return dict(self._preferences.value.tool_permissions)

    def set_foreign(self, specs: Mapping[str, ToolSpec]) -> None:
        """The tools of the programs that run now. None of them can take the name of our own."""
        self._foreign = {name: spec for name, spec in specs.items() if name not in self._own}
        self.changed.emit()

    def offered(self, settings: Settings, is_demonstration: bool) -> tuple[ToolSpec, ...]:
        """The tools that the model is told of."""
        chosen = tuple(spec for name, spec in self.specs.items() if name in settings.tools)
        return in_its_words(chosen) if is_demonstration else chosen

    def choices(self, settings: Settings) -> list[ToolChoice]:
        """Every tool, and whether these settings offer it."""
        standing = self.standing
        own = [*self._own.values(), *(s for n, s in self._foreign.items() if n not in self._own)]
        return [
            ToolChoice(
                spec.name,
                spec.key,
                spec.title,
                spec.purpose,
                spec.tool_class,
                spec.name in settings.tools,
                standing.get(spec.key, ""),
                spec.server,
            )
            for spec in own
        ]

    def set_standing(self, key: str, permission: str) -> None:
        """Allow a tool always or never; "" takes that back."""
        kept = [(k, said) for k, said in self._preferences.value.tool_permissions if k != key]
        if permission in ("always", "never"):
            kept.append((key, permission))
        self._preferences.change(tool_permissions=tuple(kept))

    def forget_server(self, server: str) -> None:
        """What was said about the tools of a program does not hold for another of its name."""
        begin = f"{server}:"
        kept = tuple(p for p in self._preferences.value.tool_permissions
                     if not p[0].startswith(begin))  # fmt: skip
        self._preferences.change(tool_permissions=kept)

    def decision(self, spec: ToolSpec, conversation: Conversation, live: Turn) -> Decision:
        """Whether a call may run now."""
        path = [turn if turn.id != live.id else live for turn in active_path(conversation)]
        foreign = has_foreign_text(path, conversation.materials)
        return decide(spec, self.standing, conversation.grants, has_foreign_text=foreign)

    def view(
        self, record: ToolRecord, conversation: Conversation | None = None, live: Turn | None = None
    ) -> ToolView:
        """A call as a card; with `live` it can be answered if it waits."""
        spec = self.specs.get(record.name)
        if spec is None:
            return _visible(stored_view(record))
        view = ToolView(
            record.name,
            spec.title,
            _words(spec, record),
            arguments_said(record),
            record.state,
            record.result,
            audit=audit_line(record),
            server=record.server,
        )
        if conversation is not None and live is not None and record.state == "waiting":
            view = self._asking(view, spec, self.decision(spec, conversation, live))
        return _visible(view)

    def _asking(self, view: ToolView, spec: ToolSpec, decision: Decision) -> ToolView:
        if decision.verdict != "ask":
            return view
        notes = [spec.purpose] if spec.tool_class == "read" else [_OUTSIDE]
        if decision.has_lapsed:
            notes.append(_LAPSED)
        usual = None if spec.tool_class == "write" else decision.choices[0]
        return replace(view, choices=decision.choices, usual=usual, note=" ".join(notes))


def _words(spec: ToolSpec, record: ToolRecord) -> str:
    """The call in plain words; by its name where they cannot be made."""
    try:
        words = spec.say(record.arguments)
    except Exception:  # arguments of any kind, before they were checked
        words = ""
    words = " ".join(words.split())
    return (words[: LONGEST_WORDS - 1] + "…" if len(words) > LONGEST_WORDS else words) or spec.title


def _visible(view: ToolView) -> ToolView:
    """Foreign words with nothing hidden in them."""
    return replace(
        view,
        name=visible(view.name),
        words=visible(" ".join(view.words.split())),
        arguments=visible(view.arguments),
        result=None if view.result is None else visible(view.result),
        server=visible(view.server),
    )
