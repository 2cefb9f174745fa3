"""The printed calendar as plain data: everything that the template shows, in words, nothing for it to work out."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from gradatim.domain.approval import Approval, Role
from gradatim.domain.calendar import Calendar
from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import Finding
from gradatim.domain.knowledge import DangerSign, Level
from gradatim.domain.making import portions
from gradatim.domain.monograph import Leaflet
from gradatim.domain.plan import Plan, Purpose
from gradatim.domain.tablets import Portion
from gradatim.report.calendar_days import sections, step_rows, together
from gradatim.report.sentences import said_on_page
from gradatim.report.staircase import staircase, to_svg
from gradatim.report.staircase.figure import described
from gradatim.words import period, phrase, say_finding, short_day, sources_text, supply_text

_FIGURE_WIDTH = 510  # points: the width of the printed page inside its margins
_HEAD = 48  # letters of a name or plan id that the head of a page has room for
LARGE = 1.35


def page_data(calendar: Calendar, leaflet: Leaflet, *, paper: str, large: bool) -> dict[str, Any]:
    """All that is printed."""
    plan = calendar.plan
    name = (calendar.person.called or "").strip()
    for_whom = name or phrase("page.nobody")
    draft = any(span.plan.approval is None for span in calendar.spans) or plan.approval is None
    figure = staircase(calendar)
    when = period(calendar.first, calendar.last)
    width = round(_FIGURE_WIDTH / (LARGE if large else 1))
    return {
        "say": said_on_page(), "paper": paper, "scale": LARGE if large else 1, "large": large, "draft": draft,
        "title": phrase("page.title-draft" if draft else "page.title", name=for_whom, rev=plan.rev, days=when),
        "heading": phrase("page.heading", name=name) if name else phrase("page.heading-nobody"),
        "when": when,
        "head": {"name": _short(name) or phrase("page.name-blank"), "plan": phrase("page.head-plan", plan=_short(plan.id), version=plan.version)},
        "state": phrase(f"standing.{calendar.course.standing(plan, _local(calendar, calendar.issued).date())}"),
        "valid": short_day(plan.until), "printed": _moment(calendar, calendar.issued),
        "issued": list(calendar.issued.utc().timetuple()[:6]),
        "figure": {"svg": to_svg(figure, width, title=phrase("page.figure", days=when), medium="paper"), "alt": described(figure)},
        "approval": _approval(calendar, plan.approval),
        "facts": _facts(calendar, plan),
        "overrides": [
            f"{_rule(calendar, o.rule)} {o.by} ({_role(o.role)}), {_moment(calendar, o.at)}: “{o.reason}”" for o in plan.overrides
        ],
        "supply": [together(supply_text(need)) + _splits(need.splits) for need in calendar.supply],
        "findings": [_finding(calendar, finding) for finding in calendar.findings],
        "danger": _danger(leaflet.danger_signs),
        "missed": leaflet.missed_dose_for(calendar.person.market).text,
        "sections": sections(calendar, large=large),
        "versions": {str(span.plan.version): phrase("page.version", version=span.plan.version) for span in calendar.spans},
        **_steps(calendar, large=large),
    }  # fmt: skip


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _HEAD else f"{flat[: _HEAD - 1]}…"


def _local(calendar: Calendar, instant: Instant) -> datetime:
    return instant.local(calendar.person.zone)


def _moment(calendar: Calendar, instant: Instant) -> str:
    return f"{short_day(_local(calendar, instant).date())}, {_local(calendar, instant):%H:%M}"


def _approval(calendar: Calendar, approval: Approval | None) -> dict[str, str]:
    if approval is None:
        return {"label": phrase("page.draft"), "text": phrase("page.not-approved")}
    when, role = _moment(calendar, approval.at), _role(approval.role)
    if approval.copied_from is None:
        return {"label": phrase("page.approved-by"), "text": f"{approval.by}, {role}, {when}"}
    copied = approval.copied_from
    return {
        "label": phrase("page.copied"),
        "text": phrase(
            "page.copied-by", prescriber=copied.prescriber, dated=copied.dated, by=approval.by, role=role, at=when
        ),
    }


def _role(role: Role) -> str:
    return phrase(f"role.{role}")


def _facts(calendar: Calendar, plan: Plan) -> list[dict[str, Any]]:
    facts = [
        (
            phrase("page.fact-plan"),
            phrase(
                "page.plan-of",
                plan=plan.id,
                version=plan.version,
                purpose=phrase(f"purpose.{plan.purpose}"),
                day=plan.start,
            ),
        ),
        (phrase("page.fact-protocol"), _protocol(calendar, plan)),
        (phrase("page.fact-printed"), f"{_moment(calendar, calendar.issued)}, {calendar.person.zone}"),
    ]
    return [{"label": label, "text": text} for label, text in facts]


def _protocol(calendar: Calendar, plan: Plan) -> str:
    if plan.protocol is None:
        return phrase("page.own-steps")
    if plan.purpose is Purpose.TAPER or (
        plan.purpose is Purpose.CHANGE and any(t.id == plan.protocol for t in calendar.monograph.tapers)
    ):
        taper = calendar.monograph.taper(plan.protocol)
        return f"{taper.title} ({sources_text(taper.source)})"
    titration = calendar.monograph.titration(plan.protocol)
    return f"{titration.title} ({sources_text(titration.source)})"


def _rule(calendar: Calendar, rule: str) -> str:
    said = [say_finding(finding) for finding in calendar.findings if finding.rule == rule]
    return together(said[0]) if said else rule


def _splits(splits: int) -> str:
    return f" ({phrase('page.splits', n=splits)})" if splits else ""


def _finding(calendar: Calendar, finding: Finding) -> dict[str, str]:
    beyond, word = finding.blocks and calendar.overridden(finding), phrase(f"severity.{finding.severity}")
    return {
        "severity": finding.severity.value,
        "word": phrase("page.overridden", word=word) if beyond else word,
        "text": together(say_finding(finding)),
        "source": sources_text(finding.source),
    }


def _danger(signs: tuple[DangerSign, ...]) -> dict[str, Any]:
    """Emergencies in three groups by when they count; then what needs a call on the same day, with the first thing to do."""
    groups: dict[str, list[str]] = {"any_dose": [], "too_much": [], "too_little": []}
    for sign in signs:
        if sign.level is Level.EMERGENCY:
            stopped = sign.id.startswith("withdrawal-") and not sign.id.endswith("-pump")
            group = "too_much" if sign.id.startswith("overdose-") else "too_little" if stopped else "any_dose"
            groups[group].append(sign.sign)
    today = [(sign.act.split(". ")[0].rstrip(".") + ".", sign.sign) for sign in signs if sign.level is Level.TODAY]
    return {
        "emergency": [{"label": phrase(f"page.{key}"), "signs": found} for key, found in groups.items() if found],
        "today": [
            {"act": act, "signs": [sign for _, sign in found]}
            for act, found in groupby(today, key=lambda pair: pair[0])
        ],
    }


def _steps(calendar: Calendar, *, large: bool) -> dict[str, Any]:
    made: dict[tuple[int, OralDose], Portion] = {}
    for plan in {span.plan.version: span.plan for span in calendar.spans}.values():
        made |= {(plan.version, dose): portion for dose, portion in portions(plan, calendar.monograph).items()}
    rows = step_rows(calendar, made, large=large)
    cited = {row["source"] for row in rows if row["source"]}
    one = len(cited) == 1
    for row in rows:
        row["source"] = "" if one else sources_text(row["source"])
    said = (
        ""
        if len(cited) > 1
        else phrase("page.source-of-steps", sources=sources_text(cited.pop()))
        if one
        else phrase("page.source-prescriber")
    )
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row["version"])]
    return {"steps": grouped, "steps_source": said}
