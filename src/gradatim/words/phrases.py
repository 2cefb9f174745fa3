"""Doses, dates and tablets in words, as the rules for safe medication writing ask: mg and tablets together, no trailing zeros."""

from __future__ import annotations

import re
from datetime import date, time

from gradatim.domain.dose import digits, millilitres
from gradatim.domain.plan import Step
from gradatim.domain.product import Form, Product
from gradatim.domain.supply import Need
from gradatim.domain.tablets import WHOLE, Pieces, Portion, Solid
from gradatim.words.english import TEMPLATES

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PARTS = {0: "", 1: "¼", 2: "½", 3: "¾"}
_PARTS_IN_WORDS = {1: "a quarter", 2: "half", 3: "three quarters"}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def short_day(day: date) -> str:
    """``Tue 3 Mar 2026``."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_text(day: date) -> str:
    """``Tue 3 Mar``: where the year stands elsewhere on the page."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def day_time(at: time) -> str:
    """``08:00``."""
    return at.strftime("%H:%M")


_PARTS_OF_DAY = ((4, "bedtime"), (11, "morning"), (15, "midday"), (18, "afternoon"), (21, "evening"), (24, "bedtime"))


def part_of_day(at: time) -> str:
    """``bedtime (21:00)``: the word for most people, the clock for exactness."""
    return f"{next(word for hour, word in _PARTS_OF_DAY if at.hour < hour)} ({at:%H:%M})"


def period(first: date, last: date | None) -> str:
    """``Tue 1 Dec – Thu 3 Dec 2026``; ``from Thu 10 Dec 2026`` when open."""
    if last is None:
        return f"from {short_day(first)}"
    if first == last:
        return short_day(first)
    return f"{day_text(first) if first.year == last.year else short_day(first)} – {short_day(last)}"


def count_text(quarters: int) -> str:
    """``6`` quarters → ``1½``."""
    wholes, part = divmod(quarters, WHOLE)
    return f"{wholes or ''}{_PARTS[part]}" or "0"


def pieces_text(part: Pieces) -> str:
    """``1½ tablets of 10 mg``; ``½ tablet of 10 mg``."""
    return f"{count_text(part.quarters)} {_noun(part.product, part.quarters)} of {part.product.strength}"


def _noun(product: Product, quarters: int) -> str:
    one = "packet" if product.form is Form.GRANULES else "tablet"
    return one if quarters <= WHOLE else f"{one}s"


def units_text(portion: Portion) -> str:
    """What to take, without the mg: ``1 tablet of 20 mg + ½ tablet of 10 mg``; ``2.5 mL of 1 mg/mL``."""
    if isinstance(portion, Solid):
        return " + ".join(map(pieces_text, portion.pieces))
    return f"{millilitres(portion.microlitres)} of {portion.product.concentration}"


def portion_text(portion: Portion) -> str:
    """What to take, with what it adds up to: ``1½ tablets of 10 mg = 15 mg``."""
    return f"{units_text(portion)} = {portion.dose}"


def dose_sentence(at: time, portion: Portion) -> str:
    """A dose as a person would say it: "At 8:00 take 15 mg: one and a half tablets of 10 mg"."""
    if isinstance(portion, Solid):
        units = " and ".join(_spoken(part) for part in portion.pieces)
    else:
        units = f"{digits(portion.microlitres, 1000)} mL of the liquid with {portion.product.concentration}"
    return f"At {at.hour}:{at.minute:02d} take {portion.dose}: {units}."


def _spoken(part: Pieces) -> str:
    wholes, rest = divmod(part.quarters, WHOLE)
    noun = _noun(part.product, part.quarters)
    number = _SMALL[wholes] if wholes < len(_SMALL) else str(wholes)
    if not rest:
        return f"{number} {noun} of {part.product.strength}"
    if not wholes:
        return f"{_PARTS_IN_WORDS[rest]} {'a' if rest == 2 else 'of a'} {noun} of {part.product.strength}"
    return f"{number} and {'a half' if rest == 2 else _PARTS_IN_WORDS[rest]} {noun} of {part.product.strength}"


def reason_text(step: Step) -> str:
    """Why a step is there; the prescriber's note after it."""
    said = TEMPLATES[f"because.{step.because}"]
    return f"{said}. {step.note}" if step.note else said


def grouped(text: str) -> str:
    """Thousands with a comma, as safe medication writing asks: ``1,250 mL``."""
    return re.sub(r"\d{4,}", lambda found: f"{int(found[0]):,}", text)


def supply_text(need: Need) -> str:
    """``126 tablets of 10 mg`` to hand out; ``150 mL of 1 mg/mL``."""
    if need.product.is_solid:
        noun = _noun(need.product, need.dispense * WHOLE)
        return f"{need.dispense:,} {noun} of {need.product.strength}"
    return f"{grouped(millilitres(need.microlitres))} of {need.product.concentration}"
