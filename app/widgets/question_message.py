"""What the person asked: bubble, pictures or cards, receipt; and editing it in place."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.markdown.math import Formulas
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_text import AnswerText
from app.widgets.attachments import AttachmentRow, draw_picture, picture
from app.widgets.controls import Button, Control
from app.widgets.message import BLEED, Message
from app.widgets.message_actions import QUESTION_ACTIONS, MessageActions
from app.widgets.paint import round_rect
from app.widgets.question_editor import QuestionEditor
from app.widgets.receipt import ReceiptLine
from app.widgets.theme import Theme

RADIUS, PAD_X, PAD_Y = 12, 14, 10
WIDEST, PICTURE, PICTURE_GAP = 560, 152, 16
LINE_GAP = 2
NARROW = 440  # columns in which the picture stands above the text
FOLDED, FOLDED_NARROW = 16, 6  # lines of a long question that are shown at first
FOLD_INSET = 11  # room around the words of a quiet button


class BubblePicture(Control):
    """The one picture of a question, inside its bubble."""

    ring_radius = 7.0

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Picture", theme, parent)
        self._data = b""
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_data(self, data: bytes, name: str) -> None:
        """The picture's bytes and file name."""
        self._data = data
        self.setAccessibleName(f"Picture {name}")
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as allowed, as high as the picture is, within reason."""
        pixmap = picture(self._data)
        width = self.theme.px(PICTURE)
        if pixmap is None:
            return QSize(width, width * 3 // 4)
        height = round(width * pixmap.height() / pixmap.width())
        return QSize(width, max(width // 3, min(height, width * 3 // 2)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, rounded."""
        pixmap = picture(self._data)
        if pixmap is not None:
            painter = QPainter(self)
            draw_picture(painter, pixmap, QRectF(self.rect()), 7)
            round_rect(painter, QRectF(self.rect()), 7, edge=self.theme.tokens.line)


class QuestionMessage(Message):
    """Shows the person's turn at the right."""

    def __init__(self, theme: Theme, formulas: Formulas, parent: QWidget) -> None:
        super().__init__(theme, formulas, parent)
        self._bubble = QRectF()
        self._cards = AttachmentRow(theme, self, is_editable=False, is_right=True)
        self._cards.opened.connect(lambda _id: self.act("receipt"))
        self._picture = BubblePicture(theme, self)
        self._picture.clicked.connect(lambda: self.act("receipt"))
        self.text = AnswerText(theme, self)
        self.text.link_clicked.connect(lambda target: self.act("link", target))
        self.fold = Button("Show all", theme, "quiet", small=True, parent=self)
        self.fold.hide()
        self.fold.clicked.connect(self._turn_fold)
        self._is_unfolded = False
        self._receipt = ReceiptLine(theme, self)
        self._receipt.clicked.connect(lambda: self.act("receipt"))
        self._editor: QuestionEditor | None = None
        self.row = MessageActions(theme, QUESTION_ACTIONS, self)
        self.row.acted.connect(self._on_action)
        self.row.stepped.connect(lambda step: self.act("version", step))

    def fill(self, is_other: bool, document: AnswerDocument | None) -> None:
        """Put the turn into the parts."""
        view = self.view
        assert self.text is not None
        assert self.row is not None
        if is_other:
            self._end_edit()
            self._is_unfolded = False
        images = [a for a in view.attachments if a.kind == "image" and picture(a.thumbnail)]
        is_inside = len(view.attachments) == 1 and len(images) == 1
        self._picture.setVisible(is_inside)
        if is_inside:
            self._picture.set_data(images[0].thumbnail, images[0].name)
        self._cards.set_views(() if is_inside else view.attachments)
        self._cards.setVisible(bool(view.attachments) and not is_inside)
        if document is not None:
            self.text.show_document(document)
        self.text.setAccessibleName(self.spoken())
        self._receipt.setVisible(view.receipt is not None)
        if view.receipt is not None:
            self._receipt.set_view(view.receipt)
        self.row.show_turn(view, always_stats=False)

    def arrange(self, width: int) -> int:
        """Cards, bubble, receipt, from top to bottom, at the right."""
        y = 0
        if not self._cards.isHidden():
            height = self._cards.arrange(width)
            self._cards.setGeometry(BLEED, y, width, height)
            y += height + 8
        if self._editor is not None:
            height = self._editor.arrange(width)
            self._editor.setGeometry(BLEED, y, width, height)
            self._bubble = QRectF()
            return y + height
        y = self._arrange_bubble(width, y)
        return self._arrange_foot(width, y + LINE_GAP)

    def _arrange_bubble(self, width: int, y: int) -> int:
        assert self.text is not None
        document = self.text.shown()
        has_picture = not self._picture.isHidden()
        size = self._picture.sizeHint() if has_picture else QSize(0, 0)
        has_text = document is not None and bool(self.view.text)
        beside = size.width() + PICTURE_GAP if has_picture and has_text else 0
        self.text.setVisible(has_text)
        if not has_text and not has_picture:
            self._bubble = QRectF()
            return y
        is_narrow = width < self.theme.px(NARROW)
        if is_narrow:
            beside = 0
        room = min(self.theme.px(WIDEST), width) - 2 * PAD_X - beside
        text_width = text_height = 0
        if document is not None and has_text:
            text_width, text_height = _fitted(self.text, document, room)
        text_height, fold = self._fold_text(text_height, is_narrow)
        above = size.height() + PICTURE_GAP // 2 if is_narrow and has_picture and has_text else 0
        inside = max(above + text_height + fold, size.height())
        total = max(text_width + beside, size.width()) + 2 * PAD_X
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = BLEED if is_mirrored else BLEED + width - total
        self._bubble = QRectF(left, y, total, inside + 2 * PAD_Y)
        top = y + PAD_Y + above
        self.text.setGeometry(left + PAD_X, top, text_width, text_height)
        if fold:
            hint = self.fold.sizeHint()
            x = left + PAD_X - FOLD_INSET
            self.fold.setGeometry(x, top + text_height + 4, hint.width(), hint.height())
        if has_picture:
            x = left + total - PAD_Y - size.width()
            self._picture.setGeometry(x, y + PAD_Y, size.width(), size.height())
        return y + inside + 2 * PAD_Y

    def _fold_text(self, height: int, is_narrow: bool) -> tuple[int, int]:
        """How much of a text is shown, and the room for the button under it: 0 for a short one."""
        lines = FOLDED_NARROW if is_narrow else FOLDED
        most = round(lines * self.theme.line_height("bubble"))
        is_long = height > 1.5 * most
        self.fold.setVisible(is_long)
        if not is_long:
            return height, 0
        self.fold.setText("Show less" if self._is_unfolded else "Show all")
        shown = height if self._is_unfolded else most
        return shown, self.fold.sizeHint().height() + 4

    def unfold(self) -> None:
        """Show the whole text."""
        if not self.fold.isHidden() and not self._is_unfolded:
            self._turn_fold()

    def _turn_fold(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self.height_changed.emit(self.view.id)

    def _arrange_foot(self, width: int, y: int) -> int:
        """Receipt at the right, icons and versions at its left; below it where it is too long."""
        assert self.row is not None
        right = BLEED + width
        height = 24
        if not self._receipt.isHidden():
            size = self._receipt.sizeHint()
            wide = min(size.width() + 1, width)
            self._receipt.setGeometry(right - wide, y, wide, size.height())
            right -= wide + 12
            height = size.height()
        versions = self.row.versions.arrange()[0] if self.view.version_count > 1 else 0
        wide = self.row.icons_width() + versions + 8
        tall = self.row.arrange(wide)
        is_below = right - wide < BLEED
        if is_below:
            y, right, height = y + height, BLEED + width, 0
        self.row.setGeometry(max(0, right - wide), y, wide, tall)
        self.row.show()
        self.update()
        return y + max(height, tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bubble."""
        if not self._bubble.isEmpty():
            round_rect(QPainter(self), self._bubble, RADIUS, self.theme.tokens.user)

    # --- what can be done -----------------------------------------------------------------------

    def _on_action(self, name: str) -> None:
        if name == "edit":
            self.begin_edit()
        else:
            self.act(name, "plain" if name == "copy" else None)

    def begin_edit(self) -> None:
        """Put an editor in the bubble's place."""
        if self._editor is not None or not self.setting.can_edit:
            return
        self._editor = QuestionEditor(self.view.text, self.theme, self)
        self._editor.sent.connect(self._send_edit)
        self._editor.cancelled.connect(self._cancel_edit)
        self._editor.height_changed.connect(lambda: self.height_changed.emit(self.view.id))
        self._show_parts(is_editing=True)
        self._editor.show()
        self.height_changed.emit(self.view.id)
        self._editor.begin()

    def is_held(self) -> bool:
        """Also while it is being edited."""
        return self._editor is not None or super().is_held()

    def _send_edit(self, text: str) -> None:
        self._end_edit()
        self.height_changed.emit(self.view.id)
        self.act("edit", text)

    def _cancel_edit(self) -> None:
        self._end_edit()
        self.height_changed.emit(self.view.id)

    def _end_edit(self) -> None:
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self._show_parts(is_editing=False)

    def _show_parts(self, is_editing: bool) -> None:
        assert self.text is not None
        assert self.row is not None
        self.text.setVisible(not is_editing)
        self.row.setVisible(not is_editing)
        self._receipt.setVisible(not is_editing and self.view.receipt is not None)
        if is_editing:
            self._picture.hide()
            self.fold.hide()


def _fitted(text: AnswerText, document: AnswerDocument, room: int) -> tuple[int, int]:
    """The narrowest width that breaks no line that `room` would not break, and the height."""
    height = text.fit(room)
    if len(document.text) < 2_000:
        ideal = int(document.document.idealWidth()) + 1
        if ideal < room:
            return ideal, text.fit(ideal)
    return room, height
