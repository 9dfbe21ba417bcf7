"""One conversation to one file: content, layout, writing. What the window and the command call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.conversation import Conversation
from app.reports.content import build_report
from app.reports.html import render_html
from app.reports.markdown import render_markdown
from app.reports.options import Progress, ReportError, ReportOptions
from app.reports.surroundings import Surroundings, surroundings
from app.reports.values import Report
from app.reports.write import assets_folder, write_report

CONTENT, LAYOUT = 0.45, 0.9  # shares of the work done after each step


def export(
    conversation: Conversation,
    options: ReportOptions,
    path: Path,
    blob: Callable[[str], Path],
    progress: Progress = lambda _share: None,
    around: Surroundings | None = None,
) -> None:
    """Writes the report to `path`, whole or not at all.

    `blob` gives the path of a stored file; `progress` may raise Cancelled. A PDF needs Qt; where
    it is not running, call this on the main thread. Raises ReportError.
    """
    report = build_report(
        conversation,
        options,
        blob,
        around or surroundings(),
        lambda share: progress(share * CONTENT),
    )

    def laid_out(share: float) -> None:
        progress(CONTENT + share * (LAYOUT - CONTENT))

    assets: dict[str, bytes] = {}
    match options.format:
        case "html":
            main = render_html(report, laid_out)
        case "markdown":
            made = render_markdown(report, assets_folder(path).name, laid_out)
            main, assets = made.text, made.assets
        case "pdf":
            main = _pdf(report, options, laid_out)
    write_report(path, main, assets, lambda: progress(LAYOUT))
    progress(1.0)


def _pdf(report: Report, options: ReportOptions, progress: Progress) -> bytes:
    # Imported here: the other formats work where Qt does not.
    try:
        from app.reports.pdf import render_pdf
        from app.reports.pdf_alone import ensure_application
    except ImportError as error:
        raise ReportError(
            f"A PDF cannot be made on this machine: {error}.", "Export HTML or Markdown instead."
        ) from error
    ensure_application()
    return render_pdf(report, options.paper, progress)
