"""What the image pane shows: which picture or page, its pixels, the boxes that lie on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.bundled import example
from app.core.conversation import Attachment
from app.core.pyramid import Pixels
from app.viewmodels.image_pixels import ImagePixels, PictureReader
from app.viewmodels.image_values import EvidenceBox
from app.viewmodels.materials import MaterialsViewModel, MaterialView
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.pictures import Pictures

State = Literal["empty", "reading", "failed", "ready"]
KINDS = ("image", "document")
EXAMPLE, SMALL_EXAMPLE = "dashboard.png", "tiny-dashboard.png"


class ImageShown(QObject):
    """One of the conversation's pictures and documents is shown; the rest wait in the strip."""

    changed = Signal()  # another material, crop, cost, task, model
    picture_changed = Signal()  # other pixels
    boxes_changed = Signal()
    box_chosen = Signal(str)  # by the person, "" for none
    box_lit = Signal(str)  # to be shown

    def __init__(
        self,
        materials: MaterialsViewModel,
        models: ModelsViewModel,
        reader: PictureReader,
        pictures: Pictures,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._materials, self._models = materials, models
        self._pictures = pictures
        self._pixels = ImagePixels(reader, self)
        self._pages: dict[str, int] = {}
        self._boxes: tuple[EvidenceBox, ...] = ()
        self._lit = ""
        self._pixels.changed.connect(self._on_pixels)
        materials.changed.connect(self.refresh)
        materials.current_changed.connect(self.refresh)
        pictures.found.connect(self.changed)

    def refresh(self) -> None:
        """Something else may be shown, or it may cost something else."""
        self._pixels.show(self.attachment, self.page)
        self._renew_seen()
        self.changed.emit()

    # --- the materials ---------------------------------------------------------------------------

    def items(self) -> tuple[MaterialView, ...]:
        """Pictures and documents of the conversation, in order."""
        return tuple(item for item in self._materials.items() if item.kind in KINDS)

    @property
    def current_id(self) -> str:
        """The id of what is shown, "" for nothing."""
        view = self._view()
        return "" if view is None else view.id

    @property
    def state(self) -> State:
        """Whether there is a picture, and how far it is."""
        view = self._view()
        if view is None:
            return "empty"
        if view.state != "ready":
            return view.state
        if self._pixels.problem:
            return "failed"
        return "reading" if self._pixels.is_reading else "ready"

    @property
    def trouble(self) -> str:
        """Why the picture cannot be shown, in a sentence."""
        view = self._view()
        return "" if view is None else view.problem or self._pixels.problem

    @property
    def attachment(self) -> Attachment | None:
        """What is shown, when it has been read."""
        view = self._view()
        return None if view is None else view.attachment

    @property
    def name(self) -> str:
        """The file's name."""
        view = self._view()
        return "" if view is None else view.name

    @property
    def is_document(self) -> bool:
        """Whether pages are shown rather than a picture."""
        view = self._view()
        return view is not None and view.kind == "document"

    @property
    def page(self) -> int:
        """The page of a document that is shown, from 1; 0 for a picture."""
        return self._pages.get(self.current_id, 1) if self.is_document else 0

    def show_page(self, number: int) -> None:
        """Show another page of the document."""
        attachment = self.attachment
        if attachment is not None and self.is_document and 1 <= number <= attachment.pages:
            self._pages[self.current_id] = number
            self.refresh()

    def select(self, material_id: str) -> None:
        """Show another picture or document."""
        self._materials.select(material_id)

    def step(self, by: int) -> None:
        """Show the next picture, or the one before."""
        ids = [item.id for item in self.items()]
        if self.current_id in ids:
            self.select(ids[min(max(ids.index(self.current_id) + by, 0), len(ids) - 1)])

    def move(self, material_id: str, by: int) -> None:
        """Put a picture or document some places on in the strip."""
        ids = [item.id for item in self.items()]
        if material_id not in ids:
            return
        others = [item.id for item in self._materials.items() if item.id != material_id]
        neighbour = ids[min(max(ids.index(material_id) + by, 0), len(ids) - 1)]
        if neighbour != material_id:
            self._materials.move(material_id, others.index(neighbour) + (by > 0))

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files to the conversation."""
        self._materials.add_files(list(paths))

    def add_bytes(self, data: bytes, name: str) -> None:
        """Add a pasted picture."""
        self._materials.add_bytes(data, name)

    def add_example(self) -> None:
        """Add the bundled dashboard; a small one for the demonstration model."""
        path = self._example()
        if path is not None:
            self.add_files([path])

    @property
    def has_example(self) -> bool:
        """Whether this copy has an example."""
        return self._example() is not None

    def remove(self, material_id: str) -> None:
        """Take a picture or document out of the conversation."""
        self._materials.remove(material_id)

    def thumbnail(self, item: MaterialView) -> bytes:
        """A small picture file of a material, empty for none."""
        return b"" if item.attachment is None else self._pictures.thumbnail(item.attachment)

    # --- pixels ----------------------------------------------------------------------------------

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture or page; (0, 0) while nothing is known."""
        attachment, made = self.attachment, self._pixels.levels
        if attachment is not None and not self.is_document and attachment.width:
            return attachment.width, attachment.height
        return (made[0].shape[1], made[0].shape[0]) if made else (0, 0)

    @property
    def levels(self) -> tuple[Pixels, ...]:
        """The picture, uint8 RGB [H, W, 3], largest first, each half of the one before."""
        return self._pixels.levels

    @property
    def page_text(self) -> str:
        """The words of a page that has no picture; "" where there is one."""
        return self._pixels.text

    def want_detail(self, longest_px: float) -> None:
        """The picture is shown so many screen pixels long."""
        self._pixels.want(longest_px)

    # --- evidence --------------------------------------------------------------------------------

    @property
    def boxes(self) -> tuple[EvidenceBox, ...]:
        """Where figures were read on what is shown."""
        return tuple(box for box in self._boxes if box.page == self.page)

    @property
    def lit_box(self) -> str:
        """The id of the box that is lit, "" for none."""
        return self._lit

    def set_boxes(self, boxes: tuple[EvidenceBox, ...]) -> None:
        """Show these boxes."""
        if boxes != self._boxes:
            self._boxes = boxes
            self.boxes_changed.emit()

    def light_box(self, box_id: str) -> None:
        """Light a box and bring it into view; "" for none."""
        self._lit = box_id
        self.box_lit.emit(box_id)

    def choose_box(self, box_id: str) -> None:
        """The person pressed a box, or beside all of them ("")."""
        self.light_box(box_id)
        self.box_chosen.emit(box_id)

    # --- inside ----------------------------------------------------------------------------------

    def _view(self) -> MaterialView | None:
        """The chosen picture or document, else the newest one."""
        items = self.items()
        chosen = [item for item in items if item.id == self._materials.current_id]
        return chosen[0] if chosen else (items[-1] if items else None)

    def _renew_seen(self) -> None:
        """The picture as the model gets it may be another one."""

    def _example(self) -> Path | None:
        current = self._models.current
        is_small = current is not None and current.key == BUNDLED_KEY
        return example(SMALL_EXAMPLE if is_small else EXAMPLE) or example(EXAMPLE)

    def _on_pixels(self) -> None:
        self.picture_changed.emit()
        self._renew_seen()
        self.changed.emit()
