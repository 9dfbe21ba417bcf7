"""The image pane: the crop that is asked about, its budget and cost, and the ready tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.core import crops
from app.core.conversation import Attachment
from app.core.costs import DEFAULT_BUDGET, page_budget
from app.core.costs import budget as budget_of
from app.core.crops import Crop, Nest
from app.core.pyramid import Pixels
from app.core.tasks import (
    BY_KEY,
    TASKS,
    Task,
    TaskKey,
    fields_of,
    fine_budget,
    schema_prompt,
)
from app.intake.selection import PageChoice, Selection
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.image_pixels import PictureReader
from app.viewmodels.image_shown import ImageShown
from app.viewmodels.image_values import BUDGET_NAMES, CostView, EvidenceBox, OtherView, TaskView
from app.viewmodels.materials import MaterialsViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.pictures import Pictures
from app.viewmodels.values import ModelChoice
from inference import IMAGE_BUDGETS, MediaError, plan_image

__all__ = ["CostView", "EvidenceBox", "ImageViewModel"]


class ImageViewModel(ImageShown):
    """What the image pane shows and does. Sizes and crops are pixels of the upright picture.

    `dashboard` reads a whole dashboard and checks its figures; whoever can do that sets it.
    """

    seen_changed = Signal()  # the picture as the model gets it, or whether that is shown
    problem = Signal(str)

    def __init__(
        self,
        materials: MaterialsViewModel,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        models: ModelsViewModel,
        reader: PictureReader,
        pictures: Pictures,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(materials, models, reader, pictures, parent)
        self.dashboard: Callable[[], None] | None = None
        self._chat, self._composer = chat, composer
        self._nests: dict[tuple[str, int], Nest] = {}
        self._pages_before: dict[str, tuple[PageChoice, ...]] = {}
        self._is_seen_shown = False
        self._pixels.seen_changed.connect(self.seen_changed)
        for signal in (models.changed, chat.settings_changed, composer.can_send_changed):
            signal.connect(self.refresh)
        chat.context_changed.connect(self.changed)
        self.refresh()

    # --- as the model gets it --------------------------------------------------------------------

    @property
    def is_seen_shown(self) -> bool:
        """Whether the picture is to be shown as the model gets it."""
        return self._is_seen_shown

    def show_seen(self, is_shown: bool) -> None:
        """Show the picture, or its crop, at the very pixels the model gets, or as it is."""
        if is_shown != self._is_seen_shown:
            self._is_seen_shown = is_shown
            self._renew_seen()
            self.seen_changed.emit()

    @property
    def seen(self) -> tuple[Pixels, ...]:
        """The picture or crop as the model gets it, and its halves; empty until it was made."""
        return self._pixels.seen

    @property
    def seen_problem(self) -> str:
        """Why it cannot be shown so."""
        return self._pixels.seen_problem

    # --- crops -----------------------------------------------------------------------------------

    @property
    def can_crop(self) -> bool:
        """Whether a question can be about a part of what is shown."""
        return self.state == "ready" and bool(self.levels)

    @property
    def nest(self) -> Nest:
        """The crops, from the outermost in; the last is in force."""
        chosen = self._chosen_crop()
        if chosen is None or not self.can_crop:
            return ()
        nest = self._nests.get(self._place, ())
        return nest if nest and nest[-1] == chosen else (chosen,)

    @property
    def crop(self) -> Crop | None:
        """What the next question is about; None for the whole picture."""
        return self.nest[-1] if self.nest else None

    def draw_crop(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Ask about a rectangle. Begun inside a crop it nests in it, else it takes its place."""
        if not self.can_crop:
            return False
        outer = crops.nest_at(self.nest, start)
        made = crops.drawn(start, end, outer[-1] if outer else self._whole())
        if made is None:
            return False
        self._set_nest((*outer, made))
        return True

    def start_crop(self) -> None:
        """Begin a crop in the middle of what is in force, to be moved by keys."""
        if self.can_crop:
            self._set_nest((*self.nest, crops.middle(self.crop or self._whole())))

    def clear_crop(self) -> bool:
        """Go back to the crop around the one in force, or to the whole picture."""
        nest = self.nest
        if nest:
            self._set_nest(nest[:-1])
        return bool(nest)

    def clear_crops(self) -> None:
        """Ask about the whole picture."""
        if self.nest:
            self._set_nest(())

    def nudge_crop(self, right: int, down: int) -> None:
        """Move the crop in force."""
        self._replace_crop(lambda crop, within: crops.moved(crop, right, down, within))

    def grow_crop(self, right: int, down: int) -> None:
        """Move the right and bottom edges of the crop in force."""
        self._replace_crop(lambda crop, within: crops.grown(crop, right, down, within))

    def pull_crop(self, edges: str, point: tuple[float, float]) -> None:
        """Pull edges ("l", "br", ...) of the crop in force to a point."""
        self._replace_crop(lambda crop, within: crops.pulled(crop, edges, point, within))

    # --- budget and cost -------------------------------------------------------------------------

    @property
    def budgets(self) -> tuple[int, ...]:
        """The soft-token budgets that can be chosen."""
        return IMAGE_BUDGETS

    @property
    def cost(self) -> CostView | None:
        """What the model gets with the budget in force."""
        attachment = self.attachment
        return None if attachment is None else self.cost_of(self._budget(attachment))

    def cost_of(self, budget: int) -> CostView | None:
        """What the model would get of the picture, or of the crop in force, with a budget."""
        attachment = self.attachment
        width, height = crops.size_of(self.crop) if self.crop else self.size
        if attachment is None or not width:
            return None
        try:
            plan = plan_image(height, width, budget)
        except MediaError:  # beyond the engine's limits; asking says so
            return None
        per_token = self._chat.media_seconds_per_token
        return CostView(
            budget,
            BUDGET_NAMES[budget],
            plan.model_width,
            plan.model_height,
            plan.soft_tokens,
            None if per_token is None else per_token * plan.soft_tokens,
            is_chosen=attachment.soft_tokens is not None,
        )

    @property
    def page_budget(self) -> int:
        """Soft tokens for the picture of a page."""
        attachment = self.attachment
        if attachment is None:
            return DEFAULT_BUDGET
        return page_budget(attachment, self._chat.settings, self._own_budget)

    def set_budget(self, soft_tokens: int) -> None:
        """Choose how finely the picture is seen."""
        if self.current_id:
            self._materials.set_budget(self.current_id, soft_tokens)

    # --- asking ----------------------------------------------------------------------------------

    def tasks(self) -> tuple[TaskView, ...]:
        """The ready tasks, in order."""
        return tuple(
            TaskView(task.key, task.title, self._why_not(task))
            for task in TASKS
            if task.key != "dashboard" or self.dashboard is not None
        )

    def others(self) -> tuple[OtherView, ...]:
        """Pictures that the shown one can be compared with."""
        shown = self.current_id
        return tuple(
            OtherView(item.id, item.name)
            for item in self.items()
            if item.id != shown and item.kind == "image" and item.attachment is not None
        )

    def run_task(self, key: TaskKey, *, fields: str = "", other_id: str = "") -> bool:
        """Ask a ready question now; whether it was asked. What stops it is said by `problem`.

        `fields` are the names for "schema", `other_id` the second picture for "compare".
        """
        task = BY_KEY[key]
        names = fields_of(fields)
        why = self._why_not(task)
        if key == "schema" and not why and not names:
            why = "Name at least one field to look for."
        if why:
            self.problem.emit(why)
            return False
        if task.needs_detail:
            self._see_finely()
        if key == "dashboard":
            assert self.dashboard is not None
            self.dashboard()
            return True
        prompt = schema_prompt(names) if key == "schema" else task.prompt
        title = f"{task.title.rstrip('…')}: {self.name}"
        return bool(self._chat.ask(prompt, self._going_along(key, other_id), title=title))

    @property
    def is_running(self) -> bool:
        """Whether an answer is being made."""
        return self._chat.is_running

    @property
    def sees(self) -> bool:
        """Whether the model in use can see."""
        return self._models.current is None or self._models.senses.sees

    @property
    def seeing_model(self) -> ModelChoice | None:
        """A model at hand that sees, where the one in use does not."""
        if self.sees:
            return None
        return next((choice for choice in self._models.choices() if choice.sees), None)

    def use_seeing_model(self) -> None:
        """Load the model that sees."""
        choice = self.seeing_model
        if choice is not None:
            self._models.choose(choice.key)

    # --- inside ----------------------------------------------------------------------------------

    def _whole(self) -> Crop:
        return crops.whole(*self.size)

    def _selection(self) -> Selection:
        attachment = self.attachment
        return attachment.selection if attachment is not None else Selection()

    @property
    def _place(self) -> tuple[str, int]:
        return self.current_id, self.page

    def _chosen_crop(self) -> Crop | None:
        """The crop that goes with the question, of what is shown."""
        selection = self._selection()
        if not self.is_document:
            return selection.crop
        return next((c.crop for c in selection.pages if c.number == self.page and c.crop), None)

    def _set_nest(self, nest: Nest) -> None:
        self._nests[self._place] = nest
        crop = nest[-1] if nest else None
        selection = self._selection()
        if self.is_document:
            selection = self._with_page_crop(selection, crop)
        else:
            selection = replace(selection, crop=crop)
        self._materials.set_selection(self.current_id, selection)

    def _with_page_crop(self, selection: Selection, crop: Crop | None) -> Selection:
        """Only the part of that page is asked about; without a part, the pages chosen before."""
        if not any(choice.crop for choice in selection.pages):
            self._pages_before[self.current_id] = selection.pages
        if crop is None:
            return replace(selection, pages=self._pages_before.pop(self.current_id, ()))
        return replace(selection, pages=(PageChoice(self.page, "picture", crop),))

    def _replace_crop(self, change: Callable[[Crop, Crop], Crop]) -> None:
        nest = self.nest
        if nest:
            within = nest[-2] if len(nest) > 1 else self._whole()
            made = change(nest[-1], within)
            if made != nest[-1]:
                self._set_nest((*nest[:-1], made))

    def _budget(self, attachment: Attachment) -> int:
        """As the engine will decide it for what is sent."""
        if self.is_document:
            return self.page_budget
        width, height = crops.size_of(self.crop) if self.crop else self.size
        sent = Attachment("", "image", "", "", 0, width=width or 1, height=height or 1)
        sent = replace(sent, soft_tokens=attachment.soft_tokens)
        return budget_of(sent, self._chat.settings, self._own_budget)

    @property
    def _own_budget(self) -> int:
        return self._models.image_tokens or DEFAULT_BUDGET

    def _see_finely(self) -> None:
        """Small print needs a budget that nobody has thought of; the bar shows the choice."""
        attachment = self.attachment
        if attachment is None or attachment.soft_tokens is not None:
            return
        width, height = crops.size_of(self.crop) if self.crop else self.size
        if width:
            budget = fine_budget(height, width, self._own_budget)
            self._materials.set_budget(attachment.id, budget)

    def _going_along(self, key: str, other_id: str) -> tuple[Attachment, ...]:
        """The pictures a task is about; the only one there is, sent before, is not sent again."""
        attachment = self.attachment
        if attachment is None:
            return ()
        wanted = [attachment]
        if key == "compare":
            other_id = other_id or self.others()[0].id
            wanted += [
                item.attachment for item in self.items() if item.id == other_id and item.attachment
            ]
        elif len(self.items()) == 1 and self._materials.is_sent(attachment):
            wanted = []
        return tuple(map(self._materials.costed, wanted))

    def _why_not(self, task: Task) -> str:
        if self.attachment is None:
            return "Add a picture or a document first."
        if not self.sees and not self.is_document:
            return "The model in use cannot see pictures."
        if task.pictures > 1 and not self.others():
            return "Add a second picture to compare."
        return self._composer.why_not

    def _renew_seen(self) -> None:
        attachment, cost = self.attachment, self.cost
        if not self._is_seen_shown or attachment is None or cost is None:
            self._pixels.forget_seen()
            return
        self._pixels.want_seen(attachment, cost.budget, self._page_index(attachment))

    def _page_index(self, attachment: Attachment) -> int:
        """Which of the pictures that are sent the shown page is."""
        drawn = [each.number for each in attachment.selection.pages if each.mode != "text"]
        return drawn.index(self.page) if self.page in drawn else 0
