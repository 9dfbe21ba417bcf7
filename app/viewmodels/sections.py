"""Summaries to the sections of the sidebar. Pure: the day is given."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.core.conversation import Folder, Hit, Summary
from app.viewmodels.values import Row, Section

Now = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now().astimezone()


def today() -> date:
    """The day that sections and captions are made for."""
    return _now().date()


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is to show: summaries, newest first, and which of them are being answered."""

    summaries: Sequence[Summary]
    running: frozenset[str] = frozenset()
    folders: Sequence[Folder] = field(default=())
    now: Now = _now


def sections(listing: Listing) -> list[Section]:
    """Pinned, each folder, then the rest by day. Empty folders are shown, empty days are not."""
    rest: list[Summary] = []
    pinned: list[Summary] = []
    known = {folder.id for folder in listing.folders}
    by_folder: dict[str, list[Summary]] = {folder.id: [] for folder in listing.folders}
    for summary in _newest_first(listing.summaries):
        if summary.is_pinned:
            pinned.append(summary)
        elif summary.folder_id in known and summary.folder_id is not None:
            by_folder[summary.folder_id].append(summary)
        else:
            rest.append(summary)
    done = [Section("Pinned", _rows(pinned, listing))] if pinned else []
    done += [
        Section(folder.name, _rows(by_folder[folder.id], listing), folder.id)
        for folder in sorted(listing.folders, key=lambda f: f.name.casefold())
    ]
    return done + _days(rest, listing)


def trash_sections(listing: Listing) -> list[Section]:
    """Everything in the trash under one label."""
    return [Section("Trash", _rows(_newest_first(listing.summaries), listing))]


def found_sections(listing: Listing, hits: Sequence[Hit]) -> list[Section]:
    """Conversations found by their title, then those found in their text."""
    by_id = {summary.id: summary for summary in listing.summaries}
    titles = dict.fromkeys(h.conversation_id for h in hits if h.turn_id is None)
    texts = dict.fromkeys(h.conversation_id for h in hits if h.turn_id is not None)
    found = [
        Section("Titles", _rows([by_id[i] for i in titles if i in by_id], listing)),
        Section(
            "Found in text",
            _rows([by_id[i] for i in texts if i in by_id and i not in titles], listing),
        ),
    ]
    return [section for section in found if section.rows]


def row_of(summary: Summary, listing: Listing) -> Row:
    """One conversation's row."""
    return _row(summary, listing.running, listing.now())


def _newest_first(summaries: Sequence[Summary]) -> list[Summary]:
    return sorted(summaries, key=lambda summary: summary.updated_at, reverse=True)


def _days(summaries: Sequence[Summary], listing: Listing) -> list[Section]:
    now = listing.now()
    this_day, zone = now.date(), now.tzinfo
    labels: dict[date, str] = {}
    groups: dict[str, list[Summary]] = {}
    for summary in summaries:
        day = summary.updated_at.astimezone(zone).date()
        if day not in labels:
            labels[day] = _label(day, this_day)
        groups.setdefault(labels[day], []).append(summary)
    return [Section(label, _rows(group, listing)) for label, group in groups.items()]


def _label(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=8):
        return "Previous 7 days"
    if day > today - timedelta(days=31):
        return "Previous 30 days"
    return f"{day:%B %Y}" if day.year != today.year else f"{day:%B}"


def _rows(summaries: Sequence[Summary], listing: Listing) -> tuple[Row, ...]:
    now = listing.now()
    return tuple(_row(summary, listing.running, now) for summary in summaries)


def _row(summary: Summary, running: frozenset[str], now: datetime) -> Row:
    return Row(
        summary.id,
        summary.title,
        _caption(summary, now),
        is_pinned=summary.is_pinned,
        is_unread=summary.is_unread,
        is_running=summary.id in running,
        folder_id=summary.folder_id,
        pane=summary.pane,
    )


def _caption(summary: Summary, now: datetime) -> str:
    """The time today, the day where no label says it, and what was in it."""
    moment = summary.updated_at.astimezone(now.tzinfo)
    if (now.date() - moment.date()).days <= 1:
        when = f"{moment.hour:02d}:{moment.minute:02d}"
    else:
        when = f"{moment.day} {month_abbr[moment.month]}"
    return f"{when} · {summary.caption}" if summary.caption else when
