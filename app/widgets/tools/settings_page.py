"""The settings page of tools: what each may do without asking, which can be taken back here."""

from __future__ import annotations

from app.core.conversation import Settings
from app.viewmodels.tool_values import ToolChoice
from app.viewmodels.tools import ToolsViewModel
from app.widgets.settings_rows import Page
from app.widgets.theme import Theme

ASKS, ALWAYS, NEVER = ("Ask each time", ""), ("Always allow", "always"), ("Never allow", "never")
WHERE = (
    "Which tools Gemma is told of is chosen in the inspector of a conversation. The calculator, "
    "dates and units work with what they are given and need no permission. All others ask; what is "
    "said here is what you answered with Always or Never."
)


def tools_page(tools: ToolsViewModel, theme: Theme) -> Page:
    """A row for each tool that asks."""
    page = Page(theme)
    page.add_text("Permissions", WHERE)
    for choice in tools.choices(Settings()):
        if choice.tool_class != "pure":
            _add(page, tools, choice)
    return page


def _add(page: Page, tools: ToolsViewModel, choice: ToolChoice) -> None:
    page.add_choice(
        choice.title,
        choice.purpose,
        (ASKS, ALWAYS, NEVER),
        lambda: tools.standing.get(choice.key, ""),
        lambda value: tools.set_standing(choice.key, str(value)),
    )
