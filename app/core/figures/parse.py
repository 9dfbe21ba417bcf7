"""Figures from an answer: which column is the name, which the value, which a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.core.figures.amounts import amount, is_number, says_nothing
from app.core.figures.tables import DEEPEST, Printed, RawTable, clean, find_json, find_tables
from app.core.figures.values import Figure, new_id

MOST_FIGURES = 2000
SHARE_OF_NUMBERS = 0.5  # of the filled cells; a column with fewer numbers is words

_GROUP = re.compile(r"^(?:chart|panel|section|group|graph|widget|area|block|diagram|category)\b")
_LABEL = re.compile(
    r"^(?:kpi|metric|key figure|figure|label|name|item|indicator|measure|key|field)\b"
)
_VALUE = re.compile(r"^(?:value|amount|reading|current|actual|result|number|figure|total)\b")
_UNIT = re.compile(r"^(?:unit|units|uom)$")
_RATING = re.compile(
    r"^(?:rating|status|assessment|evaluation|verdict|grade|signal|rag|colou?r|trend|comment"
    r"|comments|note|notes|remark|remarks|interpretation|meaning|insight|why|reason|finding"
    r"|recommendation)\b"
)
_PLACE = re.compile(r"^(?:#|no\.?|nr\.?|rank|row|index|id|page|location|position|box(?:_2d)?)$")
_NAMES = ("label", "name", "title", "kpi", "metric", "figure", "chart", "key", "category", "x")
_TITLES = ("title", "name", "chart", "panel", "group", "section", "label")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_VALUES = ("value", "amount", "reading", "y")
_LISTS = ("charts", "items", "rows", "kpis", "figures", "panels", "metrics")
_GENERIC = ("", "value", "values", "amount", "reading", "figure", "number", "data")


def figures_of(answer: str) -> tuple[Figure, ...]:
    """All figures of an answer's tables; of its JSON where it has no table."""
    found: list[Figure] = []
    for table in find_tables(answer):
        found += figures_of_table(table)
    if not found:
        for value in find_json(answer):
            found += _of_json(value, "", 0)
    return _distinct(found[:MOST_FIGURES])


def figures_of_table(table: RawTable) -> tuple[Figure, ...]:
    """The figures of one table; empty when it holds no values."""
    heads = [head.casefold() for head in table.head]
    columns = range(len(heads))
    rating = _column(heads, _RATING)
    unit = _column(heads, _UNIT)
    skipped = {c for c in columns if _PLACE.match(heads[c]) or _RATING.match(heads[c])} | {unit}
    values = [c for c in columns if c not in skipped and _is_value(table, c, heads[c])]
    names = [c for c in columns if c not in skipped and c not in values]
    if not values:
        return ()
    if not names:  # a first column of years or numbers is the name of its row
        names, values = values[:1], values[1:]
        if not values:
            return ()
    group = next((c for c in names if _GROUP.match(heads[c])), None) if len(names) > 1 else None
    label = next((c for c in names if c != group and _LABEL.match(heads[c])), None)
    if label is None:
        label = next(c for c in names if c != group)
    return tuple(_rows(table, group, label, values, unit, rating))


def _rows(
    table: RawTable,
    group: int | None,
    label: int,
    values: Sequence[int],
    unit: int | None,
    rating: int | None,
) -> Iterator[Figure]:
    last_group = ""
    is_wide = len(values) > 1 and len(table.rows) == 1
    for row in table.rows:
        name = row[label]
        section = last_group = (row[group] or last_group) if group is not None else table.heading
        for column in values:
            value = row[column]
            if not value and (not name or len(values) > 1):
                continue
            head = table.head[column]
            if len(values) == 1:
                place, who = section, name or section
            elif is_wide:
                place, who = name if group is None else section, head
            else:
                what = _BRACKETS.sub("", head) or head
                place, who = what if group is None else f"{section}, {what}", name
            yield _figure(who, _with_unit(value, row[unit] if unit is not None else "", head),
                          place, row[rating] if rating is not None else "")  # fmt: skip


def _is_value(table: RawTable, column: int, head: str) -> bool:
    cells = [row[column] for row in table.rows if row[column] and not says_nothing(row[column])]
    if _VALUE.match(head) and column > 0:
        return True
    if not cells:
        return False
    numbers = sum(map(is_number, cells))
    # The first column names rows, even by numbers, unless it says that it holds values.
    return column > 0 and numbers > SHARE_OF_NUMBERS * len(cells)


def _column(heads: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((c for c, head in enumerate(heads) if pattern.match(head)), None)


def _with_unit(value: str, unit: str, head: str) -> str:
    """The value with a unit that stands in a column of its own or in the heading's brackets."""
    read = amount(value)
    if read is None or read.unit:
        return value
    if not unit:
        named = re.search(r"[(\[]([^()\[\]\d]{1,12})[)\]]\s*$|[,/]\s*(%|[€$£¥])$", head)
        unit = (named[1] or named[2]) if named else ""
    if not unit or says_nothing(unit):
        return value
    joined = f"{value} {unit}".strip()
    return joined if amount(joined) is not None else value


def _figure(label: str, value: str, group: str, rating: str = "") -> Figure:
    group = "" if group.casefold() in _GENERIC else group
    name = label or group or "Value"
    nothing = says_nothing(value)
    shown = "" if nothing else value
    return Figure(new_id(), name, shown, group if group != name else "", rating=rating, first=shown)


def _distinct(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Without exact repetitions: models like to say a table twice."""
    kept: dict[tuple[str, str, str], Figure] = {}
    for figure in figures:
        kept.setdefault((figure.group, figure.label, figure.value), figure)
    return tuple(kept.values())


# --- JSON ---------------------------------------------------------------------------------------


def _of_json(value: Any, group: str, depth: int) -> list[Figure]:
    if depth > DEEPEST:
        return []
    if isinstance(value, list):
        return _of_list(value, group, depth)
    if not isinstance(value, dict):
        return []
    keys = {str(key).casefold(): key for key in value}
    name_key = next((keys[k] for k in _NAMES if k in keys and _is_leaf(value[keys[k]])), None)
    value_key = next((keys[k] for k in _VALUES if k in keys and _is_leaf(value[keys[k]])), None)
    if name_key is not None and value_key is not None:
        return [_of_record(value, keys, name_key, value_key, group)]
    has_inside = any(not _is_leaf(each) for each in value.values())
    title_key = next((keys[k] for k in _TITLES if k in keys and _is_leaf(value[keys[k]])), None)
    title = _text(value[title_key]) if title_key is not None and has_inside else ""
    found: list[Figure] = []
    for key, each in value.items():
        if (title and key == title_key) or _RATING.match(str(key).casefold()) or key == "box_2d":
            continue
        if _is_leaf(each):
            if isinstance(each, Printed) or is_number(_text(each)):
                found.append(_figure(clean(str(key)), _text(each), title or group))
            elif each is None:
                found.append(_figure(clean(str(key)), "", title or group))
        else:
            generic = str(key).casefold() in (
                *_GENERIC,
                "charts",
                "items",
                "rows",
                "kpis",
                "figures",
            )
            inner = title or group if generic or title else clean(str(key))
            found += _of_json(each, inner, depth + 1)
    return found


def _of_record(
    value: dict[str, Any], keys: dict[str, str], name_key: str, value_key: str, group: str
) -> Figure:
    chart = keys.get("chart") or keys.get("group") or keys.get("panel")
    unit = _text(value[keys["unit"]]) if "unit" in keys else ""
    rating = next((_text(value[k]) for low, k in keys.items() if _RATING.match(low)), "")
    section = group
    if chart is not None and chart != name_key and _is_leaf(value[chart]):
        section = _text(value[chart])
    elif name_key == chart:
        other = next((keys[k] for k in _NAMES if k in keys and keys[k] != chart), None)
        if other is not None:
            section, name_key = _text(value[chart]), other
    printed = _with_unit(_text(value[value_key]), unit, "")
    return _figure(_text(value[name_key]), printed, section, rating)


def _of_list(values: list[Any], group: str, depth: int) -> list[Figure]:
    found: list[Figure] = []
    for number, each in enumerate(values[:MOST_FIGURES], 1):
        if isinstance(each, Printed):
            found.append(_figure(f"{group or 'Value'} {number}", str(each), group))
        elif (
            isinstance(each, list)
            and len(each) == 2
            and not isinstance(each[0], Printed)
            and _is_leaf(each[0])
            and isinstance(each[1], Printed)
        ):
            found.append(_figure(_text(each[0]), _text(each[1]), group))
        elif isinstance(each, dict):
            row = _of_json(each, group, depth + 1)
            found += row
        elif isinstance(each, list):
            found += _of_list(each, group, depth + 1) if depth < DEEPEST else []
    return found


def _is_leaf(value: Any) -> bool:
    return value is None or isinstance(value, str | bool)


def _text(value: Any) -> str:
    return "" if value is None else clean(str(value))
