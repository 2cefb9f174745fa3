"""Doses, dates and tablets in words, as the rules for safe medication writing ask: mg and tablets together, no trailing zeros."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache, reduce

from gradatim.domain.dose import OralDose, digits, millilitres
from gradatim.domain.guardrail import Bound
from gradatim.domain.plan import Step
from gradatim.domain.product import Form
from gradatim.domain.supply import Need
from gradatim.domain.tablets import WHOLE, Pieces, Portion, Solid
from gradatim.languages import catalogue, spoken
from gradatim.words.sentence import grouped, listed, numbers, sentence

_PARTS = {0: "", 1: "¼", 2: "½", 3: "¾"}
_PARTS_IN_WORDS = {0: "", 1: "-quarter", 2: "-half", 3: "-three-quarters"}
_SMALL = 12  # numbers that are said as words


def weekday(day: date) -> str:
    """``Tue``."""
    return sentence(f"weekday.{day.weekday()}")


def month(day: date) -> str:
    """``Mar``."""
    return sentence(f"month.{day.month}")


def short_day(day: date) -> str:
    """``Tue 3 Mar 2026``."""
    return sentence("date.with-year", weekday=weekday(day), day=day.day, month=month(day), year=day.year)


def day_text(day: date) -> str:
    """``Tue 3 Mar``: where the year stands elsewhere on the page."""
    return sentence("date.day", weekday=weekday(day), day=day.day, month=month(day))


def day_of_month(day: date) -> str:
    """``3 Mar``: at the foot of a figure."""
    return sentence("date.short", day=day.day, month=month(day))


def day_time(at: time) -> str:
    """``08:00``."""
    return at.strftime("%H:%M")


def dates_pattern() -> str:
    """A regular expression of the days that `short_day` and `day_text` write, for pages on which no line ends inside one."""
    weekdays, months = (
        "|".join(re.escape(sentence(f"{name}.{place}")) for place in places)
        for name, places in (("weekday", range(7)), ("month", range(1, 13)))
    )
    filled = sentence("date.with-year", weekday="§w", day="§d", month="§m", year="§y")
    rest = filled.removeprefix(sentence("date.day", weekday="§w", day="§d", month="§m"))
    pattern = re.escape(filled.removesuffix(rest)) + (f"(?:{re.escape(rest)})?" if rest else "")
    for sign, means in {"§w": f"(?:{weekdays})", "§d": r"\d+", "§m": f"(?:{months})", "§y": r"\d{4}"}.items():
        pattern = pattern.replace(re.escape(sign), means)
    return pattern.replace("\\ ", " ")


_PARTS_OF_DAY = ((4, "bedtime"), (11, "morning"), (15, "midday"), (18, "afternoon"), (21, "evening"), (24, "bedtime"))


def part_of_day(at: time) -> str:
    """``bedtime (21:00)``: the word for most people, the clock for exactness."""
    part = next(word for hour, word in _PARTS_OF_DAY if at.hour < hour)
    return sentence(f"part-of-day.{part}", clock=f"{at:%H:%M}")


def period(first: date, last: date | None) -> str:
    """``Tue 1 Dec – Thu 3 Dec 2026``; ``from Thu 10 Dec 2026`` when open."""
    if last is None:
        return sentence("date.from", day=short_day(first))
    if first == last:
        return short_day(first)
    return f"{day_text(first) if first.year == last.year else short_day(first)} – {short_day(last)}"


def dose_text(dose: OralDose) -> str:
    """``12.5 mg``, with the decimal sign of the language."""
    return numbers(str(dose))


def bound_text(bound: Bound) -> str:
    """A limit: ``80 mg``; ``3 days``."""
    number, _, unit = str(bound).partition(" ")
    if unit.rstrip("s") not in ("day", "hour"):
        return numbers(str(bound))
    return sentence(f"span.{unit.rstrip('s')}s", n=1 if bound.value == 1 else 2, number=numbers(number))


def days_text(count: int) -> str:
    """``1 day``, ``3 days``."""
    return sentence("span.days", n=count, number=str(count))


def count_text(quarters: int) -> str:
    """``6`` quarters → ``1½``."""
    wholes, part = divmod(quarters, WHOLE)
    return f"{wholes or ''}{_PARTS[part]}" or "0"


def tablets_text(quarters: int, strength: str, *, packets: bool = False) -> str:
    """``1½ tablets of 10 mg``; ``½ tablet of 10 mg``; without a strength ``84 tablets``."""
    key = f"amount.{'packets' if packets else 'tablets'}{'' if strength else '-bare'}"
    size = (
        ""
        if quarters % WHOLE == 0
        else "-below-one"
        if quarters < WHOLE
        else "-one-and"
        if quarters < 2 * WHOLE
        else ""
    )
    count = grouped(count_text(quarters))
    return sentence(f"{key}{size}", n=quarters // WHOLE, count=count, strength=numbers(strength))


def pieces_text(part: Pieces) -> str:
    """``1½ tablets of 10 mg``; ``½ tablet of 10 mg``."""
    return tablets_text(part.quarters, str(part.product.strength), packets=part.product.form is Form.GRANULES)


def liquid_text(microlitres: int, concentration: str) -> str:
    """``2.5 mL of 1 mg/mL``."""
    return sentence("amount.liquid", volume=volume_text(microlitres), concentration=numbers(concentration))


def volume_text(microlitres: int) -> str:
    """``2.5 mL``; ``1,250 mL``."""
    return grouped(numbers(millilitres(microlitres)))


def units_text(portion: Portion) -> str:
    """What to take, without the mg: ``1 tablet of 20 mg + ½ tablet of 10 mg``; ``2.5 mL of 1 mg/mL``."""
    if isinstance(portion, Solid):
        return " + ".join(map(pieces_text, portion.pieces))
    return liquid_text(portion.microlitres, str(portion.product.concentration))


def portion_text(portion: Portion) -> str:
    """What to take, with what it adds up to: ``1½ tablets of 10 mg = 15 mg``."""
    return f"{units_text(portion)} = {dose_text(portion.dose)}"


def dose_sentence(at: time, portion: Portion) -> str:
    """A dose as a person would say it: "At 8:00 take 15 mg: one and a half tablets of 10 mg"."""
    if isinstance(portion, Solid):
        units = reduce(listed, map(_spoken, portion.pieces))
    else:
        volume = numbers(f"{digits(portion.microlitres, 1000)} mL")
        units = sentence("spoken.liquid", volume=volume, concentration=numbers(str(portion.product.concentration)))
    return sentence("spoken.dose", clock=f"{at.hour}:{at.minute:02d}", dose=dose_text(portion.dose), units=units)


def _spoken(part: Pieces) -> str:
    wholes, rest = divmod(part.quarters, WHOLE)
    what = "packets" if part.product.form is Form.GRANULES else "tablets"
    number = sentence(f"number.{wholes}") if wholes <= _SMALL else str(wholes)
    key = f"spoken.{what}{'' if wholes else '-only'}{_PARTS_IN_WORDS[rest]}"
    return sentence(key, n=wholes, number=number, strength=numbers(str(part.product.strength)))


def product_name(name: str) -> str:
    """What a product is called in the language that is spoken, by its English name; another text as it is.

    A product is the same product in every language, and doses are counted by it, so that only its name is translated, here.
    """
    return name if spoken() == "en" else _product_names(spoken()).get(name, name)


@cache
def _product_names(language: str) -> Mapping[str, str]:
    return catalogue(language).renamed("products.products", "name")


def reason_text(step: Step) -> str:
    """Why a step is there; the prescriber's note after it."""
    said = sentence(f"because.{step.because}")
    return f"{said}. {step.note}" if step.note else said


def supply_text(need: Need) -> str:
    """``126 tablets of 10 mg`` to hand out; ``150 mL of 1 mg/mL``."""
    if need.product.is_solid:
        return tablets_text(
            need.dispense * WHOLE, str(need.product.strength), packets=need.product.form is Form.GRANULES
        )
    return liquid_text(need.microlitres, str(need.product.concentration))
