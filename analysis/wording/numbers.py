"""Numbers, units and lists as a careful printer would set them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MINUS = "−"
THIN = "\u202f"  # narrow no-break space: groups thousands without letting a line break there
TOGETHER = "\u00a0"  # a space that keeps an interval on one line
UNKNOWN = "n/a"
MOST_DECIMALS = 6


def magnitude(value: float) -> int:
    """Power of ten of the leading digit; 0 for zero and for what is not finite."""
    return math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0


def decimals_for(*values: float, spread: float | None = None) -> int:
    """Decimals worth printing: one or two digits of the uncertainty, at most four of the largest number.

    The uncertainty is printed to two digits where it begins with 1 or 2. `spread` is the half-width of an
    interval; without it three digits of the largest number are printed. A number that is not zero is never
    rounded to zero.
    """
    finite = [abs(v) for v in values if math.isfinite(v)]
    largest = magnitude(max(finite, default=0.0))
    decimals = 2 - largest
    if spread is not None and math.isfinite(spread) and spread > 0:
        digits = 1 if spread < 3 * 10.0 ** magnitude(spread) else 0
        decimals = min(digits - magnitude(spread), 3 - largest)
    decimals = max(decimals, 0)
    while decimals < MOST_DECIMALS and any(v > 0 and round(v, decimals) == 0 for v in finite):
        decimals += 1
    return min(decimals, MOST_DECIMALS)


def number(value: float, decimals: int | None = None, *, signed: bool = False) -> str:
    """A number with a true minus sign and thin spaces; `signed` puts a plus in front of gains."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    rounded = round(value, decimals_for(value) if decimals is None else decimals)
    text = f"{abs(rounded):,.{decimals_for(value) if decimals is None else decimals}f}".replace(",", THIN)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def unit_text(unit: str) -> str:
    """A unit with its thousands set as ours are."""
    return re.sub(r"(?<=\d),(?=\d{3})", THIN, unit)


@dataclass(frozen=True)
class Scale:
    """How a unit is printed: shares become per cents, and their changes percentage points."""

    factor: float
    level: str
    change: str
    suffix: str
    change_suffix: str


def scale_of(unit: str) -> Scale:
    """The scale of a unit, for axes (`level`, `change`) and behind a number (`suffix`, `change_suffix`)."""
    if unit == "share" or unit.startswith("share "):
        rest = unit_text(unit.removeprefix("share"))
        return Scale(100.0, f"%{rest}", f"percentage points{rest}", "%", " percentage points")
    name = unit_text(unit)
    return Scale(1.0, name or "number", name or "number", f" {name}".rstrip(), f" {name}".rstrip())


def quantity(value: float, unit: str, decimals: int | None = None) -> str:
    """A level with its unit: 0.18 of a share is 18.0%."""
    scale = scale_of(unit)
    text = number(value * scale.factor, decimals)
    return text if text == UNKNOWN else text + scale.suffix


def lever_value(value: float, unit: str) -> str:
    """A value that somebody chose, in as few digits as it was chosen in: 12%, 0.5, 1 200 yuan; one drawn, in three."""
    scale = scale_of(unit)
    scaled = value * scale.factor
    is_chosen = not math.isfinite(scaled) or math.isclose(float(f"{scaled:.6g}"), scaled, rel_tol=1e-9)
    text = f"{scaled:,.6g}".replace(",", THIN).replace("-", MINUS) if is_chosen else number(scaled)
    return text + (scale.suffix if scale.factor != 1.0 else f" {unit_text(unit)}".rstrip())


def interval(low: float, high: float, decimals: int) -> str:
    """`[low, high]`, or words where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "[no interval]"
    return f"[{number(low, decimals)},{TOGETHER}{number(high, decimals)}]"


def estimate(effect: float, low: float, high: float, *, factor: float = 1.0, signed: bool = True) -> str:
    """`+412 [380, 444]`: an effect and its 95% interval, without the unit."""
    effect, low, high = effect * factor, low * factor, high * factor
    decimals = decimals_for(effect, low, high, spread=(high - low) / 2)
    return f"{number(effect, decimals, signed=signed)} {interval(low, high, decimals)}"


def size(effect: float, low: float, high: float, *, factor: float = 1.0) -> str:
    """How much, after a verb that says the direction: a loss of -390 [-420, -360] is 390 [360, 420]."""
    if effect < 0:
        effect, low, high = -effect, -high, -low
    return estimate(effect, low, high, factor=factor, signed=False)


def listed(items: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def sentence(text: str) -> str:
    """With a capital in front and a full stop behind."""
    text = text.strip()
    end = "" if text.endswith((".", "?", "!")) else "."
    return capital(text) + end


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """`1 replicate`, `20 replicates`."""
    return f"{number(n, 0)} {noun if n == 1 else plural or noun + 's'}"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` signs, broken between words only; thin spaces hold together."""
    lines: list[str] = []
    for word in re.split(r"[ \n\t]+", text.strip()):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def finite(values: Iterable[float]) -> list[float]:
    """Those that are numbers."""
    return [float(v) for v in values if v is not None and math.isfinite(v)]


def capital(text: str) -> str:
    """With a capital in front, and otherwise as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """As it stands inside a sentence."""
    return text[:1].lower() + text[1:]
