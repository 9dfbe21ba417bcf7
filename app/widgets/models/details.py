"""Everything about one copy: where it is from, where it lies, its licence, its senses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.model_values import CopyView
from app.widgets.buttons import Button
from app.widgets.labels import Label
from app.widgets.models.opening import open_page
from app.widgets.popover import Popover
from app.widgets.proof_list import ProofList
from app.widgets.theme import Theme


class DetailsCard(Popover):
    """A pop-over; it goes away with its content."""

    def __init__(
        self,
        window: QWidget,
        copy: CopyView,
        folder: Path | None,
        catalogue: CatalogueViewModel,
        theme: Theme,
    ) -> None:
        super().__init__(window, f"Details of Gemma 4 {copy.name}", theme, width=380)
        self.closed.connect(self.deleteLater)
        self.body.setContentsMargins(14, 12, 14, 14)
        self.body.setSpacing(8)
        self.body.addWidget(Label(f"Gemma 4 {copy.name}", theme, "body_bold"))
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(_facts(copy, folder)):
            words = Label(text, theme, "small")
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(Label(name, theme, "small", "text2"), row, 0, top)
            grid.addWidget(words, row, 1, top)
        self.body.addWidget(sheet)
        proof = catalogue.work.proof
        summary = proof.summary(folder) if proof is not None and folder is not None else None
        if summary is not None and summary.state != "untested":
            self.body.addSpacing(2)
            self.body.addWidget(ProofList(summary, theme))
        page = catalogue.page(copy.key)
        if page:
            link = Button("Open its page", theme, icon="external-link", small=True)
            link.setToolTip(page)
            link.clicked.connect(lambda: open_page(page))
            self.body.addSpacing(2)
            self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeading)


def _facts(copy: CopyView, folder: Path | None) -> list[tuple[str, str]]:
    """Names and values, those that are known."""
    facts = [
        ("Copy", copy.caption),
        ("Size", copy.bytes_text),
        ("Senses", "; ".join(sense.words for sense in copy.senses)),
        ("Speed here", copy.speed if copy.is_speed_measured else f"{copy.speed} (estimated)"),
        ("Licence", copy.licence),
        ("Folder" if folder else "From", _breakable(str(folder) if folder else copy.origin)),
    ]
    return [(name, text) for name, text in facts if text and not text.startswith("–")]


def _breakable(path: str) -> str:
    """A path that may be wrapped after its separators."""
    return path.replace("/", "/\u200b")
