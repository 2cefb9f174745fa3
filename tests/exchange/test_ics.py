"""Calendar files, read by libraries that did not write them, and imported into calendars that keep what they had."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import icalendar
import pytest
import recurring_ical_events
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from gradatim.domain.approval import Approval, CopiedFrom, Override, Role
from gradatim.domain.calendar import Calendar, lay_out
from gradatim.domain.change import hold, retime, slow_down, step_back, switch
from gradatim.domain.clock import Instant, slot_of
from gradatim.domain.course import Blocked, Course, answer, approve, propose
from gradatim.domain.dose import OralDose
from gradatim.domain.fault import BadInput
from gradatim.domain.person import Age, Creatinine, Person, Sex, Weight
from gradatim.domain.plan import Answerer, Plan, Review
from gradatim.domain.prescription import Before, PerDay, Prescription, Reviews, TableRow, TaperOrder
from gradatim.domain.safety import review
from gradatim.domain.schedule import Mode
from gradatim.domain.taper import taper
from gradatim.domain.timeline import Answer
from gradatim.domain.titrate import titrate
from gradatim.exchange.ics import sequence, to_ics
from gradatim.monographs import monograph
from gradatim.words import short_day, units_text

DRAFT = "DRAFT, not approved: "
WAITS = "If the review said go on: "

MG = OralDose.mg
MONOGRAPH = monograph()
ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
)
START = date(2026, 12, 1)
SIGNED = Instant.parse("2026-11-20T10:00:00Z")


def at(text: str) -> Instant:
    return Instant.parse(text)


def person(zone: str = "Europe/London", called: str | None = None) -> Person:
    return Person(zone=zone, called=called, age=Age(45 * 12), sex=Sex.FEMALE, weight=Weight(62_000),
                  creatinine=Creatinine.parse("60 umol/L"), market="US")  # fmt: skip


def clock(*times: str) -> tuple[time, ...]:
    return tuple(time.fromisoformat(one) for one in times)


ORDER = Prescription(start=START, times=clock("08:00", "14:00", "21:00"), products=("us/10", "us/20"),
                     protocol="us-label", target=MG(60))  # fmt: skip
UNASKED = replace(ORDER, reviews=Reviews(before=Before.NONE))


def course(order: Prescription = ORDER, plan_id: str = "p1") -> Course:
    return Course(versions=(titrate(order, person(), MONOGRAPH, plan_id),))


ASKED, NOT_ASKED = Reviews(), Reviews(before=Before.NONE)


def down(reviews: Reviews = ASKED) -> Course:
    order = TaperOrder(start=START, times=clock("08:00", "14:00", "21:00"), current=(MG(10), MG(10), MG(10)),
                       products=("us/10",), on_drug_days=100, step=PerDay(amount=MG(5)), interval_days=7,
                       reviews=reviews)  # fmt: skip
    return Course(versions=(taper(order, MONOGRAPH, "p1"),))


def signed(
    open_course: Course, when: Instant = SIGNED, by: str = "Dr B. Name", copied: CopiedFrom | None = None
) -> Course:
    """The newest version approved, with every stop overridden."""
    findings = review(open_course.latest, person(), MONOGRAPH, open_course.versions[:-1])
    overrides = tuple(
        Override(rule=f.rule, by=by, role=Role.PRESCRIBER, reason="seen weekly", at=when) for f in findings if f.blocks
    )
    approval = Approval(by=by, role=Role.PRESCRIBER, at=when, copied_from=copied)
    return approve(propose(open_course), findings, approval, overrides, slot_of(when, "Europe/London").day)


def laid(of: Course, issued: str = "2026-11-21T09:30:00Z", zone: str = "Europe/London", **more: Any) -> Calendar:
    return lay_out(of, replace(more.pop("who", person()), zone=zone), MONOGRAPH, at(issued), **more)


# --- reading ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """An event as a reader sees it."""

    uid: str
    start: datetime
    end: datetime
    status: str
    summary: str
    description: str
    sequence: int
    stamp: datetime
    alarms: tuple[str, ...]


def moment(found: object) -> datetime:
    assert isinstance(found, datetime)
    return found


def by_icalendar(data: bytes) -> list[Seen]:
    return [
        Seen(str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend"), str(e["status"]), str(e["summary"]),
             str(e.get("description", "")), e.decoded("sequence"), e.decoded("dtstamp"),
             tuple(str(alarm["description"]) for alarm in e.walk("VALARM")))
        for e in icalendar.Calendar.from_ical(data).walk("VEVENT")
    ]  # fmt: skip


def by_ical(data: bytes) -> list[Seen]:
    return [
        Seen(e.uid or "", moment(e.dtstart), moment(e.dtend), str(e.status and e.status.value), e.summary or "",
             e.description or "", e.sequence or 0, moment(e.dtstamp), tuple(str(a.description) for a in e.alarm))
        for e in IcsCalendarStream.calendar_from_ics(data.decode()).events
    ]  # fmt: skip


def by_vobject(data: bytes) -> list[Seen]:
    return [
        Seen(e.uid.value, e.dtstart.value, e.dtend.value, e.status.value, e.summary.value,
             getattr(e, "description", e.uid).value, int(e.sequence.value), e.dtstamp.value,
             tuple(alarm.description.value for alarm in e.contents.get("valarm", [])))
        for e in vobject.readOne(data.decode()).contents.get("vevent", [])
    ]  # fmt: skip


READERS = (by_icalendar, by_ical, by_vobject)
each_reader = pytest.mark.parametrize("read", READERS)


def instants(seen: list[Seen]) -> list[tuple[str, Instant]]:
    return sorted((one.uid, Instant.of(one.start)) for one in seen if one.status != "CANCELLED")


def planned(calendar: Calendar) -> list[tuple[str, Instant]]:
    return sorted((f"{dose.id}@gradatim", dose.instant) for dose in calendar.doses)


# --- what is in a file -----------------------------------------------------------------------------------------


@each_reader
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "start", [date(2026, 3, 6), date(2026, 3, 27), date(2026, 4, 3), date(2026, 10, 23), date(2026, 10, 30)]
)
def test_every_reader_sees_the_instants_of_the_plan(read: Any, zone: str, start: date) -> None:
    times = clock("00:30", "02:30", "14:00", "23:45")
    calendar = laid(signed(course(replace(UNASKED, start=start, times=times)), at("2026-01-02T10:00:00Z")), zone=zone)
    seen = read(to_ics(calendar))
    assert instants(seen) == planned(calendar)
    assert all(one.end - one.start == timedelta(minutes=15) for one in seen)
    assert all(one.start.utcoffset() == timedelta(0) for one in seen)


@pytest.mark.parametrize("zone", ZONES)
def test_expansion_adds_and_loses_nothing(zone: str) -> None:
    calendar = laid(signed(course(replace(UNASKED, start=date(2026, 10, 20))), at("2026-10-01T10:00:00Z")), zone=zone)
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(to_ics(calendar))).between(
        (2026, 1, 1), (2027, 12, 31)
    )
    assert sorted((str(e["uid"]), Instant.of(e.decoded("dtstart"))) for e in found) == planned(calendar)


def test_what_one_event_says() -> None:
    calendar = laid(signed(course()), who=person(called="Ann"))
    first = by_icalendar(to_ics(calendar, alarm_minutes=10, missed_dose="Take it within two hours. Never double."))[0]
    assert first.uid == "p1:2026-12-01:s1@gradatim"
    assert first.summary == "Baclofen 5 mg: ½ tablet of 10 mg"
    assert first.alarms == (first.summary,)
    assert first.description.splitlines() == [
        "At 8:00 take 5 mg: half a tablet of 10 mg.",
        "½ tablet of 10 mg = 5 mg.",
        "Tue 1 Dec 2026, 08:00, Europe/London.",
        "Step 1 of 4: Start.",
        "Before the next step there is a review on Fri 4 Dec 2026, for the person: Is the sleepiness bearable? Is "
        "walking and standing as good as before, or better? Are you free of danger signs? "
        'Nothing changes until it is answered with "go on".',
        "If it was missed: Take it within two hours. Never double.",
        "For Ann.",
        "Plan p1 v1, file made on Sat 21 Nov 2026.",
        "Approved by Dr B. Name, prescriber, on Fri 20 Nov 2026.",
        f"Valid until {short_day(calendar.plan.until)}. "
        "The doses do not stop then, but somebody has to look at the plan.",
    ]


def test_the_head_of_a_file() -> None:
    calendar = laid(signed(course()), who=person(called="Ann"), zone="America/New_York")
    head = icalendar.Calendar.from_ical(to_ics(calendar))
    assert {name: str(head[name]) for name in head} == {
        "VERSION": "2.0", "PRODID": "-//Gradatim//Gradatim//EN", "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH",
        "X-WR-CALNAME": "Baclofen: Ann", "X-WR-TIMEZONE": "America/New_York",
    }  # fmt: skip
    event = head.walk("VEVENT")[0]
    assert event.decoded("dtstamp") == calendar.issued.utc()
    assert event.decoded("last-modified") == SIGNED.utc()
    assert (event["transp"], event["status"]) == ("TRANSPARENT", "CONFIRMED")
    assert not head.walk("VTIMEZONE")
    assert "RRULE" not in event


@pytest.mark.parametrize("minutes", [0, 1, 10, 90])
def test_the_alarm_rings_so_long_before(minutes: int) -> None:
    event = icalendar.Calendar.from_ical(to_ics(laid(signed(course())), alarm_minutes=minutes)).walk("VEVENT")[0]
    (alarm,) = event.walk("VALARM")
    assert (alarm["action"], alarm.decoded("trigger")) == ("DISPLAY", timedelta(minutes=-minutes))


@pytest.mark.parametrize("minutes", [-1, 241, 10_000])
def test_an_alarm_after_the_dose_or_near_the_one_before_is_refused(minutes: int) -> None:
    with pytest.raises(BadInput, match="alarm_minutes"):
        to_ics(laid(signed(course())), alarm_minutes=minutes)


def test_a_transcription_says_whose_paper_it_is() -> None:
    copied = CopiedFrom(prescriber="Dr Grey", dated=date(2026, 11, 3))
    said = by_ical(to_ics(laid(signed(course(), by="Ann Lee", copied=copied))))[0].description
    assert "Copied from Dr Grey's paper of Tue 3 Nov 2026 by Ann Lee, prescriber." in said
    assert "Approved" not in said


def test_a_time_that_the_clocks_skip_is_said_as_the_wall_shows_it() -> None:
    calendar = laid(signed(course(replace(UNASKED, start=date(2027, 3, 28), times=clock("01:30", "14:00")))))
    said = by_icalendar(to_ics(calendar))[0].description
    assert said.startswith("At 2:30 take 5 mg")
    assert "02:30, Europe/London." in said
    assert "On other days at 01:30: the clocks change on this day." in said


def test_lines_are_short_and_end_as_the_format_wants() -> None:
    data = to_ics(laid(signed(course())))
    lines = data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_a_long_file() -> None:
    calendar = laid(
        signed(course(replace(UNASKED, times=clock("06:00", "14:00", "22:00")))), last=START + timedelta(days=179)
    )
    assert [len(read(to_ics(calendar))) for read in READERS] == [540] * 3


def test_the_same_calendar_gives_the_same_bytes() -> None:
    assert to_ics(laid(signed(course()))) == to_ics(laid(signed(course())))


# --- drafts, blocks, neutral titles ----------------------------------------------------------------------------


@each_reader
@pytest.mark.parametrize("put", [lambda c: c, propose])
def test_a_draft_never_rings(read: Any, put: Any) -> None:
    data = to_ics(laid(put(course())), alarm_minutes=10)
    seen = read(data)
    assert b"VALARM" not in data
    assert seen
    assert {one.status for one in seen} == {"TENTATIVE"}
    assert all(one.summary.startswith(DRAFT) and not one.alarms for one in seen)
    assert all(one.description.startswith("This is a draft. It is not approved: do not take") for one in seen)


def test_a_blocked_plan_makes_no_file() -> None:
    high = course(
        replace(
            UNASKED,
            protocol=None,
            target=None,
            table=(TableRow(days=3, doses=(MG(100),) * 3), TableRow(days=3, doses=(MG(120),) * 3)),
        )
    )
    calendar = laid(high)
    assert calendar.stops
    with pytest.raises(Blocked) as raised:
        to_ics(calendar)
    assert raised.value.findings == calendar.stops
    assert by_icalendar(to_ics(laid(signed(high))))


@each_reader
@pytest.mark.parametrize("of", [course(), signed(course()), signed(course(plan_id="Baclofen-2026"), by="Dr Baclofen")])
def test_neutral_titles_and_alarms_name_no_drug_and_no_dose(read: Any, of: Course) -> None:
    data = to_ics(laid(of), neutral=True, missed_dose="Baclofen: never double.")
    head = icalendar.Calendar.from_ical(data)
    shown = [str(head["x-wr-calname"])]
    for one in read(data):
        shown += [one.summary, *one.alarms]
        assert "baclofen" not in one.description.lower()
        assert re.search(r"At \d+:\d\d take [\d.]+ mg: ", one.description)
    assert any(text.endswith("Time for the 08:00 item") for text in shown)
    assert not [text for text in shown if re.search(r"baclofen|mg\b|tablet|\bmL", text, re.IGNORECASE)]


HOSTILE = (
    "Dr Eve\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Baclofen 100 mg; take, now\\n",
    "Dr \u202e51 mg\u202c; BEGIN:VEVENT\u2028DTSTART:20270101T000000Z\x0b\x85\x1c\x00",
    'x" ; , : \\ \\n \\; DESCRIPTION:no' * 20,
    "Δρ Ωμέγα 👩🏽‍⚕️ " * 30,
)


@each_reader
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(read: Any, name: str) -> None:
    of = signed(course(), by=name, copied=CopiedFrom(prescriber=name, dated=START))
    calendar = laid(of, who=person(called=name))
    seen = read(to_ics(calendar, missed_dose=name))
    assert instants(seen) == planned(calendar)
    clean = " ".join(
        re.sub("[\u202a-\u202e]|[\x00-\x1f\x85\u2028]+", lambda m: "" if m[0] > "\u2029" else " ", name).split()
    )
    for one in seen:
        assert one.summary.removeprefix(WAITS).startswith("Baclofen ")
        assert f"For {clean}." in one.description.split("\n")
        assert len(one.alarms) == 1


@each_reader
@pytest.mark.parametrize("plan_id", ["a;b,c", "a\r\nBEGIN:VEVENT", "ü/ñ@x y", 'q"q\\n'])
def test_a_strange_plan_id_keeps_events_apart(read: Any, plan_id: str) -> None:
    calendar = laid(signed(course(plan_id=plan_id)))
    seen = read(to_ics(calendar))
    assert len({one.uid for one in seen}) == len(seen) == len(calendar.doses)
    assert all(re.fullmatch(r"[A-Za-z0-9%:._~-]+@gradatim", one.uid) for one in seen)


# --- reviews ---------------------------------------------------------------------------------------------------


def go_on(review_id: str, on: date, go: bool = True) -> Answer:
    return Answer(review=review_id, go_on=go, by="Ann", role=Answerer.PERSON, on=on, from_day=on)


def reviews_of(plan: Plan) -> list[str]:
    return [item.id for item in plan.items if isinstance(item, Review)]


def on_day(seen: list[Seen], day: date) -> Seen:
    return next(one for one in seen if f":{day}:s1" in one.uid)


def test_every_dose_behind_an_unanswered_review_says_so_where_it_rings() -> None:
    of = signed(course())
    seen = by_icalendar(to_ics(laid(of)))
    for one in seen:
        waits = one.start.date() >= date(2026, 12, 4)
        assert (WAITS in one.summary) is waits
        assert one.alarms == (one.summary,)
        assert ("otherwise" in one.description) is waits
    before = "08:00 ½ tablet of 10 mg = 5 mg; 14:00 ½ tablet of 10 mg = 5 mg; 21:00 ½ tablet of 10 mg = 5 mg."
    second = on_day(seen, date(2026, 12, 4)).description
    assert second.startswith(
        f'Only if the review before this step was answered with "go on"; otherwise keep taking {before}'
    )
    third = on_day(seen, date(2026, 12, 7)).description
    assert "Only if all 2 reviews before this step" in third
    assert f"While none of them is answered keep taking {before}" in third


def test_a_review_answered_in_time_opens_its_step_only() -> None:
    of = signed(course())
    of = answer(of, go_on(reviews_of(of.latest)[0], date(2026, 12, 3)))
    seen = by_icalendar(to_ics(laid(of, "2026-12-03T12:00:00Z")))
    assert on_day(seen, date(2026, 12, 4)).summary == "Baclofen 10 mg: 1 tablet of 10 mg"
    fourth = on_day(seen, date(2026, 12, 7))
    assert fourth.summary == f"{WAITS}Baclofen 15 mg: 1½ tablets of 10 mg"
    assert "otherwise keep taking 08:00 1 tablet of 10 mg = 10 mg; " in fourth.description


def test_a_late_answer_moves_the_planned_dates_with_it() -> None:
    of = signed(course())
    late = answer(of, go_on(reviews_of(of.latest)[0], date(2026, 12, 6)))
    for mode in (Mode.PLANNED, Mode.TO_TAKE):
        calendar = laid(late, "2026-12-06T12:00:00Z", mode=mode)
        seen = by_icalendar(to_ics(calendar))
        assert instants(seen) == planned(calendar)
        assert on_day(seen, date(2026, 12, 5)).summary == "Baclofen 5 mg: ½ tablet of 10 mg"
        assert on_day(seen, date(2026, 12, 6)).summary == "Baclofen 10 mg: 1 tablet of 10 mg"


def test_the_doses_to_take_stay_while_nobody_answers() -> None:
    seen = by_icalendar(to_ics(laid(signed(course()), mode=Mode.TO_TAKE)))
    assert {one.summary for one in seen} == {"Baclofen 5 mg: ½ tablet of 10 mg"}
    assert all('Nothing changes until it is answered with "go on".' in one.description for one in seen)


def test_the_last_doses_of_a_way_down_say_that_they_stay_until_the_review() -> None:
    calendar = laid(signed(down()))
    last = by_icalendar(to_ics(calendar))[-1]
    assert 'Nothing changes until it is answered with "go on".' in last.description
    assert "otherwise stay with the step that you are on" in last.description


# --- a calendar that keeps what it had -------------------------------------------------------------------------


class Store:
    """A phone's calendar, by UID: a higher SEQUENCE wins; not ``strict``: an equal one with a later DTSTAMP too."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.kept: dict[str, Seen] = {}

    def add(self, data: bytes) -> Store:
        for new in by_ical(data):
            old = self.kept.get(new.uid)
            if (
                old is None
                or new.sequence > old.sequence
                or (not self.strict and (new.sequence, new.stamp) > (old.sequence, old.stamp))
            ):
                self.kept[new.uid] = new
        return self

    @property
    def shown(self) -> list[Seen]:
        return sorted(
            (one for one in self.kept.values() if one.status != "CANCELLED"), key=lambda one: (one.start, one.uid)
        )

    @property
    def ringing(self) -> list[Seen]:
        return [one for one in self.shown if one.alarms]


both_stores = pytest.mark.parametrize("strict", [True, False])


@both_stores
def test_importing_twice_changes_nothing(strict: bool) -> None:
    data = to_ics(laid(signed(course())))
    store = Store(strict=strict).add(data)
    before = dict(store.kept)
    assert store.add(data).kept == before


CHANGED = date(2026, 12, 8)
MADE = "2026-12-07T09:00:00Z"
CHANGES: dict[str, Callable[[Course], Plan]] = {
    "hold for a week": lambda c: hold(c, CHANGED, 7),
    "hold": lambda c: hold(c, CHANGED, None),
    "step back": lambda c: step_back(c, CHANGED, None, MONOGRAPH),
    "slow down": lambda c: slow_down(c, CHANGED, 9),
    "switch": lambda c: switch(c, CHANGED, ("us/5",), MONOGRAPH),
    "retime": lambda c: retime(c, CHANGED, clock("07:00", "13:15", "22:30")),
    "down instead": lambda c: taper(
        TaperOrder(start=CHANGED, times=clock("08:00", "14:00", "21:00"), current=c.taken_before(CHANGED, 3) or (MG(0),) * 3, products=("us/10",),
                   on_drug_days=7, step=PerDay(amount=MG(15)), interval_days=3, reviews=NOT_ASKED),
        MONOGRAPH, "p1"),
    "once a day": lambda _: titrate(
        replace(ORDER, start=CHANGED, times=clock("21:00"), protocol=None, target=None,
                table=(TableRow(days=9, doses=(MG(5),)),)),
        person(), MONOGRAPH, "p1"),
}  # fmt: skip


def in_force(first: Course) -> Course:
    """Approved, and its first review, if it has one, answered in time."""
    one = signed(first)
    ids = reviews_of(one.latest)
    return answer(one, go_on(ids[0], date(2026, 12, 3))) if ids else one


def to_the_end(of: Course) -> Calendar:
    """Every day that any version's file may have filled, from the newest version's start."""
    return laid(of, MADE, last=max(plan.until for plan in of.versions))


def after_change(kind: str, before: Course) -> Course:
    return signed(before.with_draft(CHANGES[kind](before)), at("2026-12-07T08:00:00Z"))


@both_stores
@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize(
    "first", [course(UNASKED), course(ORDER), down(NOT_ASKED), down()], ids=["up", "up asked", "down", "down asked"]
)
def test_a_change_leaves_exactly_the_new_course(kind: str, strict: bool, first: Course) -> None:
    one = in_force(first)
    two = after_change(kind, one)
    store = Store(strict=strict).add(to_ics(laid(signed(first)))).add(to_ics(laid(one, "2026-12-04T09:00:00Z")))
    store.add(to_ics(laid(one, "2026-12-05T09:00:00Z", mode=Mode.TO_TAKE)))
    new, end = laid(two, MADE), {f"{dose.id}@gradatim": dose for dose in to_the_end(two).doses}
    store.add(to_ics(new))
    later = [seen for seen in store.shown if Instant.of(seen.start) >= at("2026-12-08T00:00:00Z")]
    assert [pair for pair in instants(later) if slot_of(pair[1], "Europe/London").day <= new.last] == planned(new)
    for seen in later:  # beyond the last day too, where the earlier version had filled days
        dose = end[seen.uid]
        units = seen.summary.removeprefix(WAITS).split(": ")[1]
        assert (Instant.of(seen.start), units) == (dose.instant, units_text(dose.portion))
    assert len(store.ringing) == len(store.shown)
    assert len(store.shown) - len(later) == sum(dose.day < CHANGED for dose in laid(one).doses)
    assert all(
        not seen.alarms and seen.sequence > sequence(one.latest, new.issued)
        for seen in store.kept.values()
        if seen.status == "CANCELLED"
    )


def test_what_a_change_takes_away_is_cancelled_by_its_own_id() -> None:
    one = signed(down(NOT_ASKED))
    two = after_change("once a day", one)
    old = {dose.id for dose in laid(one).doses if dose.day >= CHANGED}
    new = {dose.id for dose in laid(two, MADE).doses}
    gone = [seen for seen in by_vobject(to_ics(laid(two, MADE))) if seen.status == "CANCELLED"]
    assert old - new
    assert {seen.uid for seen in gone} == {f"{id}@gradatim" for id in old - new}
    assert {seen.summary for seen in gone} == {"CANCELLED: this dose is no longer in the plan"}


@both_stores
def test_a_draft_of_a_change_silences_nothing(strict: bool) -> None:
    one = signed(course())
    store = Store(strict=strict).add(to_ics(laid(one)))
    ringing = store.ringing
    store.add(to_ics(laid(one.with_draft(CHANGES["once a day"](one)), MADE)))
    assert store.ringing == ringing
    assert all(seen.summary.startswith(DRAFT) for seen in store.shown if not seen.alarms)


@both_stores
def test_approval_turns_the_silent_draft_into_what_rings(strict: bool) -> None:
    calendar = laid(signed(course()), "2026-11-20T10:00:00Z")
    store = Store(strict=strict).add(to_ics(laid(course(), "2026-11-20T10:00:00Z"))).add(to_ics(calendar))
    assert instants(store.ringing) == instants(store.shown) == planned(calendar)


@both_stores
def test_an_older_file_or_an_older_copy_of_the_plan_does_not_win(strict: bool) -> None:
    one = signed(course(UNASKED))
    two = after_change("step back", one)
    new = laid(two, MADE)
    store = Store(strict=strict).add(to_ics(new)).add(to_ics(laid(one))).add(to_ics(laid(one, "2029-01-01T00:00:00Z")))
    uids = {uid for uid, _ in planned(new)}
    assert instants([seen for seen in store.shown if seen.uid in uids]) == planned(new)
    assert all("p1 v2" in store.kept[uid].description for uid in uids)


@both_stores
@pytest.mark.parametrize("first", [course(), down()], ids=["up", "down"])
def test_an_answer_opens_the_step_on_the_phone_too(strict: bool, first: Course) -> None:
    one = signed(first)
    store = Store(strict=strict).add(to_ics(laid(one, mode=Mode.TO_TAKE)))
    for place, review_id in enumerate(reviews_of(one.latest)):
        one = answer(one, go_on(review_id, date(2026, 12, 3) + timedelta(days=9 * place)))
        calendar = laid(one, f"{date(2026, 12, 3) + timedelta(days=9 * place)}T12:00:00Z", mode=Mode.TO_TAKE)
        store.add(to_ics(calendar))
        assert instants(store.shown) == planned(calendar)
        assert [seen.summary for seen in store.shown] == [
            f"Baclofen {dose.dose}: {units_text(dose.portion)}" for dose in calendar.doses
        ]


STAIRS = replace(
    ORDER,
    protocol=None,
    target=None,
    table=tuple(
        TableRow(days=3, doses=doses) for doses in [(MG(0), MG(0), MG(5)), (MG(5), MG(0), MG(5)), (MG(5), MG(5), MG(0))]
    ),
)


@both_stores
@pytest.mark.parametrize("answers", range(3))
def test_planned_and_to_take_in_one_calendar_leave_only_what_was_imported_last(strict: bool, answers: int) -> None:
    open_course = course(STAIRS)
    one = signed(open_course)
    store = Store(strict=strict).add(to_ics(laid(open_course, "2026-11-20T09:00:00Z"))).add(to_ics(laid(one)))
    for place, review_id in enumerate(reviews_of(one.latest)[:answers]):
        one = answer(one, go_on(review_id, date(2026, 12, 3) + timedelta(days=3 * place)))
    to_take = laid(one, "2026-12-07T09:00:00Z", mode=Mode.TO_TAKE)
    assert instants(store.add(to_ics(to_take)).ringing) == instants(store.shown) == planned(to_take)
    anew = laid(one, "2026-12-07T10:00:00Z")
    store.add(to_ics(anew))
    assert instants([seen for seen in store.shown if seen.uid in dict(planned(anew))]) == planned(anew)
    held = {uid for uid, _ in planned(to_take)}
    assert {seen.uid for seen in store.shown} == held | set(
        dict(planned(anew))
    )  # what is to be taken is never cancelled


@both_stores
def test_a_move_to_another_zone_moves_every_event(strict: bool) -> None:
    one = signed(course(UNASKED))
    there = laid(one, "2026-12-05T09:00:00Z", "Asia/Tokyo")
    store = Store(strict=strict).add(to_ics(laid(one))).add(to_ics(there))
    assert instants(store.shown) == planned(there)


@both_stores
def test_a_short_file_after_a_change_still_replaces_all_that_was_planned(strict: bool) -> None:
    one = signed(course(UNASKED))
    two = after_change("step back", one)
    store = Store(strict=strict).add(to_ics(laid(one)))
    short = to_ics(laid(two, MADE, last=CHANGED + timedelta(days=2)))
    assert len({seen.uid for seen in by_ical(short)}) == len(by_ical(short))
    store.add(short)
    old = {dose.id for dose in laid(one).doses}
    whole = {f"{dose.id}@gradatim": dose for dose in laid(two, MADE).doses if dose.id in old}
    assert {uid: units_text(dose.portion) for uid, dose in whole.items()} == {
        uid: store.kept[uid].summary.removeprefix(WAITS).split(": ")[1] for uid in whole
    }


def test_a_short_file_of_the_same_version_cancels_nothing_beyond_it() -> None:
    one = signed(course(UNASKED))
    store = Store(strict=True).add(to_ics(laid(one))).add(to_ics(laid(one, MADE, last=CHANGED)))
    assert instants(store.shown) == planned(laid(one))


@both_stores
def test_a_short_file_of_the_doses_to_take_cancels_none_that_is_still_to_be_taken(strict: bool) -> None:
    one = signed(course(STAIRS))
    whole = laid(one, mode=Mode.TO_TAKE)
    store = Store(strict=strict).add(to_ics(whole)).add(to_ics(laid(one, MADE, mode=Mode.TO_TAKE, last=CHANGED)))
    assert instants(store.shown) == planned(whole)


@both_stores
def test_a_second_change_before_the_first_one_began(strict: bool) -> None:
    one = signed(course(UNASKED))
    two = after_change("once a day", one)
    three = signed(two.with_draft(hold(two, date(2026, 12, 12), 5)), at("2026-12-07T10:00:00Z"))
    store = Store(strict=strict).add(to_ics(laid(one))).add(to_ics(laid(three, "2026-12-07T11:00:00Z")))
    whole = laid(three, first=START, last=max(plan.until for plan in three.versions))
    assert instants(store.shown) == planned(whole)


# --- the numbers, read back from the words ---------------------------------------------------------------------


PARTS = {"": Fraction(0), "¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4)}
PIECE = re.compile(r"(\d*)([¼½¾]?) (?:tablet|packet)s? of ([\d,.]+) mg")
DROP = re.compile(r"([\d,.]+) mL of ([\d,.]+) mg/mL")


TAKE = re.compile(r"^At \d+:\d\d take ([\d,.]+) mg: .*\.\n(.*) = ([\d,.]+) mg\.$", re.MULTILINE)


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def amount(units: str) -> Fraction:
    """What some units add up to, in mg."""
    whole = Fraction(0)
    for unit in units.split(" + "):
        if solid := PIECE.fullmatch(unit):
            whole += (int(solid[1] or 0) + PARTS[solid[2]]) * number(solid[3])
        else:
            liquid = DROP.fullmatch(unit)
            assert liquid, unit
            whole += number(liquid[1]) * number(liquid[2])
    return whole


SHELVES = (("us/5", "us/10", "us/20"), ("us/10", "us/20"), ("us/10",), ("uk/5", "uk/10"), ("de/10", "de/25"))


@cache
def liquids() -> tuple[tuple[str, ...], ...]:
    return tuple((p.id,) for p in MONOGRAPH.products if not p.is_solid and p.concentration)


@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    """A random table, with or without reviews, on a random shelf, at random times."""
    minutes = sorted(draw(st.sets(st.integers(0, 95), min_size=1, max_size=4)))
    times = tuple(time(*divmod(15 * quarter, 60)) for quarter in minutes)
    dose = st.integers(0, 16).map(lambda half: MG(5 * half))
    row = st.builds(TableRow, days=st.integers(1, 4), doses=st.tuples(*[dose] * len(times)))
    table = tuple(draw(st.lists(row, min_size=1, max_size=4)))
    reviews = Reviews(before=draw(st.sampled_from([Before.EACH, Before.NONE])))
    return Prescription(start=draw(st.dates(date(2024, 1, 1), date(2029, 12, 31))), times=times,
                        products=draw(st.sampled_from(SHELVES + liquids())), table=table, reviews=reviews)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(prescriptions(), st.sampled_from(ZONES), st.booleans(), st.sampled_from(READERS))
def test_whatever_is_prescribed_is_what_is_read(order: Prescription, zone: str, neutral: bool, read: Any) -> None:
    try:
        plan = titrate(order, person(), MONOGRAPH, "p1")
    except BadInput:
        return  # not to be made from this shelf
    of = signed(Course(versions=(plan,)), at("2023-12-01T00:00:00Z"))
    calendar = laid(of, "2023-12-02T00:00:00Z", zone)
    seen = {one.uid: one for one in read(to_ics(calendar, neutral=neutral)) if one.status != "CANCELLED"}
    assert sorted((uid, Instant.of(one.start)) for uid, one in seen.items()) == planned(calendar)
    for dose in calendar.doses:
        one = seen[f"{dose.id}@gradatim"]
        ((taken, units, total),) = TAKE.findall(one.description)
        assert amount(units) == number(total) == number(taken) == Fraction(dose.dose.micrograms, 1000)
        if not neutral:
            said, units = one.summary.removeprefix(WAITS).removeprefix("Baclofen ").split(" mg: ", 1)
            assert amount(units) == number(said) == Fraction(dose.dose.micrograms, 1000)


def test_units_that_do_not_make_the_dose_are_never_written() -> None:
    calendar = laid(signed(course()))
    wrong = replace(calendar.doses[0], dose=MG(50))
    with pytest.raises(ValueError, match="add up to 5 mg, not 50 mg"):
        to_ics(replace(calendar, doses=(wrong, *calendar.doses[1:])))


def test_sequences_rise_with_version_approval_and_time_and_fit_the_format() -> None:
    draft = course().latest
    plan = signed(course()).latest
    late = Instant.of(datetime(2100, 1, 1, tzinfo=UTC))
    rising = [sequence(draft, SIGNED), sequence(plan, SIGNED), sequence(plan, SIGNED.plus(60)), sequence(plan, late),
              sequence(replace(draft, version=2), SIGNED), sequence(replace(plan, version=2), SIGNED)]  # fmt: skip
    assert rising == sorted(set(rising))
    assert sequence(replace(plan, version=1000), late) < 2**31
