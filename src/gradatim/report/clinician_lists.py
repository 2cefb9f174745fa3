"""The lists of the page for the clinician: what happened, what to look at, what is in the box, what the person asks, the sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gradatim.domain.citation import Citation
from gradatim.domain.entry import WatchAnswered
from gradatim.domain.finding import Fact, Finding, Message, message
from gradatim.domain.guardrail import Severity
from gradatim.domain.knowledge import Level
from gradatim.domain.product import Product
from gradatim.domain.record import Logged
from gradatim.domain.tablets import Pieces
from gradatim.domain.watch import Shown
from gradatim.report.clinician import Answered, Asked, ReportInput
from gradatim.words import day_text, say, say_finding, short_day, sources_text
from gradatim.words.phrases import liquid_text, pieces_text, product_name
from gradatim.words.sentence import known

_RUNS_OUT = frozenset({"stock.order", "stock.low", "stock.nearly-out", "stock.out"})  # they say the day themselves


def said(key: str, **facts: Fact) -> str:
    """A sentence of this page."""
    return say(message(f"report.{key}", **facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a list: how grave (empty for what is not graded), the text, and its source."""

    text: str
    sign: str = ""
    word: str = ""
    source: str = ""


def happened_of(made: ReportInput) -> tuple[Item, ...]:
    return tuple(
        Item(text=say(message("happened.dated", day=day_text(one.on), what=one.text)), sign=one.sign)
        for one in made.events
    )


def _finding(finding: Finding) -> Item:
    word = said(f"level-{finding.level.value}") if finding.level is not None else ""
    return Item(text=_clinical(finding), sign=finding.severity.value, word=word, source=sources_text(finding.source))


def _clinical(finding: Finding) -> str:
    """In the words for a clinician, where they differ. An emergency is said as the person was told."""
    key = f"clinical.{finding.message.key}"
    if not known(key):
        return say_finding(finding)
    return " ".join(filter(None, (say(Message(key, finding.message.facts)), finding.why)))


def open_emergency(one: Shown) -> bool:
    return one.finding.level is Level.EMERGENCY and one.answer is None


def findings_of(made: ReportInput) -> tuple[Item, ...]:
    """What fires and is not in the box of the first lines, then what was answered and fires no more."""
    shown = (shown_of(made, one) for one in made.findings if not open_emergency(one))
    return (*shown, *(_answered(made, one) for one in made.answered))


def shown_of(made: ReportInput, one: Shown) -> Item:
    item = _finding(one.finding)
    return item if one.answer is None else replace(item, text=_with_answer(made, "answered", item.text, one.answer))


def _answered(made: ReportInput, one: Answered) -> Item:
    if one.finding is None:
        text = said("answered-rule", rule=one.answer.what.rule)
        return Item(text=_with_answer(made, "answered-gone", text, one.answer), sign=Severity.INFO.value)
    item = _finding(one.finding)
    text = _with_answer(made, "answered-gone", say(one.finding.message), one.answer)
    return replace(item, text=text, sign=Severity.INFO.value, word="")


def _with_answer(made: ReportInput, key: str, text: str, answer: Logged[WatchAnswered]) -> str:
    words = " ".join(answer.what.said.split())
    return said(key, found=text, by=answer.what.by, day=day_text(made.record.day_of(answer.at)), said=words)


def supply_of(made: ReportInput) -> tuple[Item, ...]:
    """When the boxes run out, what is in them, and what has to be said of it."""
    ahead = made.outlook.earlier
    found = [_finding(finding) for finding in made.supply if finding.severity in (Severity.URGENT, Severity.STOP)]
    told = {finding.message.key for finding in made.supply} & _RUNS_OUT
    if ahead.first is not None and ahead.days_left is not None and not told:
        names = ", ".join(product_name(product.name) for product in ahead.lacking)
        facts: dict[str, Fact] = {
            "day": ahead.first.day,
            "at": f"{ahead.first.at:%H:%M}",
            "days": ahead.days_left,
            "products": names,
        }
        found.append(Item(text=said("run-out", **facts)))
    found += [_finding(finding) for finding in made.supply if finding.severity is Severity.CAUTION]
    found += [
        Item(text=said("left", amount=_left(one.stock.product, one.stock.amount)))
        for one in ahead.products
        if one.stock.amount is not None
    ]
    found += [_finding(finding) for finding in made.supply if finding.severity is Severity.INFO]
    return tuple(found)


def _left(product: Product, amount: int) -> str:
    sign = "−" if amount < 0 else ""
    if not product.is_solid:
        return f"{sign}{liquid_text(abs(amount), str(product.concentration))}"
    return f"{sign}{pieces_text(Pieces(product, abs(amount)))}"


def question_of(asked: Asked) -> str:
    return f"{asked.text} ({short_day(asked.on)})"


def sources_of(made: ReportInput) -> str:
    return said("sources-said", sources=sources_text(_cited(made)) or "–", monograph=made.monograph)


def _cited(made: ReportInput) -> tuple[Citation, ...]:
    """Every source once: of the findings, of the scales that are shown, of the plan's steps."""

    def all_of() -> Iterable[Citation]:
        for finding in (*(one.finding for one in made.findings), *made.supply):
            yield from finding.source
        for line in made.lines:
            yield from line.scale.source
        if made.span is not None:
            yield from made.span.stretch.step.source

    return tuple(dict.fromkeys(one for one in all_of() if one.key != "D"))
