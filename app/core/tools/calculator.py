"""A calculator over decimal numbers: its own grammar, no `eval`, bounds on size and time.

    expression = term (("+" | "-") term)*
    term       = power (("*" | "/" | "//" | "%") power)*
    power      = sign ["**" power]
    sign       = ("+" | "-") sign | value ["%"]
    value      = number | constant | function "(" expression ("," expression)* ")" | "(" ... ")"

`×`, `·`, `÷`, `−` and `^` mean what they mean on paper. After a value `%` is a hundredth unless
a value follows. Results have 28 digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

from app.core.tools.values import ToolError

LONGEST = 500  # characters
DEEPEST = 40
DIGITS = 28
LARGEST_EXPONENT = 10_000  # of ten, in any value on the way
LARGEST_POWER = 10_000

_SPELLING = str.maketrans({"×": "*", "·": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "^": "\x00"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?)"
    r"|(?P<word>[A-Za-z]+|π|√)|(?P<sign>\*\*|//|[-+*/%(),\x00]))"
)
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_PI = Decimal("3.141592653589793238462643383279502884")
_E = Decimal("2.718281828459045235360287471352662498")
_CONSTANTS = {"pi": _PI, "π": _PI, "e": _E}


def calculate(expression: str) -> str:
    """The value of `expression`. Raises ToolError with what is wrong."""
    if len(expression) > LONGEST:
        raise ToolError(f"The expression is longer than {LONGEST} characters.")
    bounds = Context(
        prec=DIGITS + 6,
        Emax=LARGEST_EXPONENT,
        Emin=-LARGEST_EXPONENT,
        traps=[InvalidOperation, DivisionByZero, Overflow],
    )
    with localcontext(bounds) as context:
        try:
            value = _Reader(expression).all()
            context.prec = DIGITS
            value = +value
        except DivisionByZero:
            raise ToolError("Division by zero.") from None
        except Overflow:
            raise ToolError(f"The value is beyond 10 to the {LARGEST_EXPONENT:,}.") from None
        except InvalidOperation:
            raise ToolError("This has no value.") from None
    return _written(value)


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self._tokens = _tokens(expression)
        self._at = 0
        self._depth = 0

    def all(self) -> Decimal:
        value = self._sum()
        if self._kind() is not None:
            raise ToolError(f"“{self._text()}” does not belong there.")
        return value

    def _sum(self) -> Decimal:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ToolError(f"More than {DEEPEST} levels of brackets.")
        value = self._product()
        while (sign := self._take("+", "-")) is not None:
            other = self._product()
            value = value + other if sign == "+" else value - other
        self._depth -= 1
        return value

    def _product(self) -> Decimal:
        value = self._power()
        while (sign := self._take("*", "//", "/", "%")) is not None:
            other = self._power()
            if sign == "*":
                value *= other
            elif sign == "/":
                value /= other
            else:
                if other == 0:
                    raise ToolError("Division by zero.")
                whole = (value / other).to_integral_value("ROUND_FLOOR")
                value = whole if sign == "//" else value - whole * other
        return value

    def _power(self) -> Decimal:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ToolError(f"More than {DEEPEST} levels.")
        if (sign := self._take("+", "-")) is not None:
            value = self._power()
            value = value if sign == "+" else -value
        else:
            value = self._percent(self._value())
            if self._take("**", "\x00") is not None:
                value = _raised(value, self._power())
        self._depth -= 1
        return value

    def _percent(self, value: Decimal) -> Decimal:
        """`20 %` is a hundredth of 20; with a value after it, it is the rest of a division."""
        if self._text() == "%" and not self._begins_value(self._at + 1):
            self._at += 1
            return value / 100
        return value

    def _value(self) -> Decimal:
        kind, text = self._kind(), self._text()
        self._at += 1
        if kind == "number":
            return Decimal(text.replace("_", ""))
        if text == "(":
            value = self._sum()
            self._expect(")")
            return value
        if kind == "word":
            return self._word(text)
        raise ToolError(f"A number is missing before “{text}”." if text else "The end is missing.")

    def _word(self, word: str) -> Decimal:
        name = word.lower()
        if name in _CONSTANTS and self._text() != "(":
            return _CONSTANTS[name]
        if name not in _FUNCTIONS:
            known = ", ".join(name for name in _FUNCTIONS if name.isascii())
            raise ToolError(f"“{word[:40]}” is not known. Known are {known}, pi and e.")
        self._expect("(")
        values = [self._sum()]
        while self._take(",") is not None:
            values.append(self._sum())
        self._expect(")")
        least, most, function = _FUNCTIONS[name]
        if not least <= len(values) <= most:
            raise ToolError(f"{name} does not take {len(values)} values.")
        return function(values)

    def _kind(self) -> str | None:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else None

    def _text(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _begins_value(self, place: int) -> bool:
        if place >= len(self._tokens):
            return False
        kind, text = self._tokens[place]
        return kind in ("number", "word") or text == "("

    def _take(self, *signs: str) -> str | None:
        text = self._text()
        if self._kind() == "sign" and text in signs:
            self._at += 1
            return text
        return None

    def _expect(self, sign: str) -> None:
        if self._take(sign) is None:
            raise ToolError(f"“{sign}” is missing.")


def _tokens(expression: str) -> list[tuple[str, str]]:
    text = expression.translate(_SPELLING).rstrip().rstrip("=").rstrip()
    # 1,234,567 with commas between groups of three is one number, where no function lists values.
    if not re.search(r"[A-Za-z]\s*\(", text):
        text = re.sub(
            r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])", lambda m: m[0].replace(",", ""), text
        )
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ToolError(f"“{text[at:].strip()[:1]}” cannot be used in a calculation.")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    if not found:
        raise ToolError("The expression is empty.")
    return found


def _raised(base: Decimal, power: Decimal) -> Decimal:
    if abs(power) > LARGEST_POWER:
        raise ToolError(f"A power beyond {LARGEST_POWER:,} is not worked out.")
    if base == 0 and power == 0:
        return Decimal(1)
    if base == 0 and power < 0:
        raise ToolError("Division by zero.")
    return base**power


def _root(values: Sequence[Decimal]) -> Decimal:
    if values[0] < 0:
        raise ToolError("The root of a negative number.")
    return values[0].sqrt()


def _logarithm(values: Sequence[Decimal]) -> Decimal:
    if values[0] <= 0 or (len(values) > 1 and (values[1] <= 0 or values[1] == 1)):
        raise ToolError("This logarithm has no value.")
    if len(values) == 1:
        return values[0].log10()
    return values[0].ln() / values[1].ln()


def _ln(values: Sequence[Decimal]) -> Decimal:
    if values[0] <= 0:
        raise ToolError("This logarithm has no value.")
    return values[0].ln()


def _exp(values: Sequence[Decimal]) -> Decimal:
    return _raised(_E, values[0]) if abs(values[0]) > 100 else values[0].exp()


def _rounded(values: Sequence[Decimal]) -> Decimal:
    places = int(values[1]) if len(values) > 1 and abs(values[1]) <= DIGITS else 0
    step = Decimal(1).scaleb(-places)
    return (values[0] / step).to_integral_value("ROUND_HALF_UP") * step


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


_MANY = LONGEST
_FUNCTIONS: dict[str, tuple[int, int, Callable[[Sequence[Decimal]], Decimal]]] = {
    "sqrt": (1, 1, _root),
    "√": (1, 1, _root),
    "abs": (1, 1, lambda values: abs(values[0])),
    "round": (1, 2, _rounded),
    "floor": (1, 1, lambda values: values[0].to_integral_value("ROUND_FLOOR")),
    "ceil": (1, 1, lambda values: values[0].to_integral_value("ROUND_CEILING")),
    "min": (1, _MANY, min),
    "max": (1, _MANY, max),
    "sum": (1, _MANY, lambda values: sum(values, Decimal(0))),
    "mean": (1, _MANY, _mean),
    "ln": (1, 1, _ln),
    "log": (1, 2, _logarithm),
    "exp": (1, 1, _exp),
}


def _written(value: Decimal) -> str:
    """Without an exponent where that is short, and without zeros that say nothing."""
    if value == 0:
        return "0"
    value = value.normalize()
    exponent = value.adjusted()
    if -10 <= exponent < DIGITS:
        return f"{value:f}"
    return f"{value:E}".replace("E+", "e").replace("E", "e")
