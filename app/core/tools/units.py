"""Unit conversion by pint, whose registry has the definitions of the BIPM, NIST and CODATA.

A unit is looked up, never worked out: only names, dots, slashes and small exponents get through.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any

from app.core.tools.values import ToolError

if TYPE_CHECKING:
    import pint

LONGEST = 60
DIGITS = 12
# Letters and signs one by one; a digit only as an exponent, after a letter (m2), or in 1/s.
_UNIT = re.compile(
    r"(?:[A-Za-zµΩÅ°_ /]|\*(?!\*)|(?:\*\*|\^)-?\d(?!\d)|(?<=[A-Za-z])\d(?!\d)|^1(?=/))+"
)
_EXPONENTS = str.maketrans({"²": "^2", "³": "^3", "·": "*", "μ": "µ", "’": "'"})
_WORDS = {
    "°c": "degC", "celsius": "degC", "c": "degC", "°f": "degF", "fahrenheit": "degF",
    "f": "degF", "°": "degree", "\"": "inch", "'": "foot", "mph": "mile/hour",
    "km/h": "kilometer/hour", "kmh": "kilometer/hour", "kph": "kilometer/hour",
    "sq ft": "foot^2", "sqft": "foot^2", "sqm": "meter^2", "cc": "cm^3",
}  # fmt: skip


def convert(value: str, source: str, target: str) -> str:
    """`value` of one unit in another, with 12 digits. Raises ToolError."""
    number = _number(value)
    registry, pint_error = _registry(), _pint_error()
    try:
        quantity: Any = registry.Quantity(number, _unit(source))
        found: Any = quantity.to(_unit(target))
    except ToolError:
        raise
    except Exception as error:  # whatever a foreign word does to the library
        if isinstance(error, pint_error):
            raise ToolError(_sentence(error, source, target)) from None
        raise ToolError(f"{source[:40]} cannot be converted to {target[:40]}.") from None
    return f"{_written(found.magnitude)} {target.strip()}"


def _number(value: str) -> Decimal:
    text = value.strip().replace("−", "-").replace("_", "")
    try:
        if len(text) > 60:
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        raise ToolError(f"“{value[:60]}” is no number. Write it like 12.5.") from None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise ToolError("The number is too large or too small.")
    return number


def _unit(text: str) -> Any:
    plain = " ".join(text.split()).translate(_EXPONENTS)
    named = _WORDS.get(plain.casefold(), plain)
    if len(named) > LONGEST or not _UNIT.fullmatch(named):
        raise ToolError(f"“{text[:40]}” is no unit. Write it like km/h, m^2 or degC.")
    named = named.replace("^", "**")
    return _registry().parse_units(named)


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    return pint.UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)


def _pint_error() -> type[Exception]:
    import pint

    return pint.PintError


def _sentence(error: Exception, source: str, target: str) -> str:
    import pint

    if isinstance(error, pint.UndefinedUnitError):
        names = error.unit_names
        said = names if isinstance(names, str) else ", ".join(map(str, names))
        return f"The unit “{said[:60]}” is not known. Write it in English, like km or kilometer."
    if isinstance(error, pint.DimensionalityError):
        return f"{source.strip()[:40]} and {target.strip()[:40]} do not measure the same."
    return f"{source.strip()[:40]} cannot be converted to {target.strip()[:40]}."


def _written(value: object) -> str:
    number = Decimal(str(value))
    rounded = Decimal(f"{number:.{DIGITS}g}").normalize()
    return (
        f"{rounded:f}"
        if -10 <= rounded.adjusted() < 25
        else f"{rounded:E}".replace("E+", "e").replace("E", "e")
    )
