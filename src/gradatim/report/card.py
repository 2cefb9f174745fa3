"""The hospital card: the drug, the dose really taken, the last dose, and why it must not stop. For the wallet and for the phone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal

from gradatim.domain.clock import Instant
from gradatim.domain.dose import OralDose
from gradatim.domain.entry import DoseTaken, ExtraDose
from gradatim.domain.finding import Fact, Message, message
from gradatim.domain.knowledge import DangerSign, InteractionLevel, Level
from gradatim.domain.monograph import Leaflet, Monograph
from gradatim.domain.record import Record
from gradatim.domain.safety.person_rules import interactions_of
from gradatim.domain.today import Today, today
from gradatim.domain.watch import quiet, watch
from gradatim.insight.adherence import Adherence, TakenDay, adherence
from gradatim.insight.swallowed import Swallowed, swallowed
from gradatim.report.kidneys import kidneys_of, kidneys_text
from gradatim.report.medicines import once, regular
from gradatim.report.taken_text import (
    few,
    gap_text,
    least,
    moment,
    mostly_unknown,
    parted,
    swallowed_amount,
    swallowed_notes,
    unknown_text,
)
from gradatim.report.typesetting import picture, typeset
from gradatim.words import phrase, say, short_day, sources_text, units_text
from gradatim.words.phrases import dose_text
from gradatim.words.sentence import known

Paper = Literal["a4", "us-letter"]

DAYS = 7  # whole days that "really taken" speaks of
_CONTACT = "contact-"
_FIRST = ("emergency", "prescriber", "hospital", "clinic", "pharmacist", "pharmacy")  # the order of the contacts
_LONGEST = 300  # letters of one text; longer ones have no room anyway, and their cut is seen
_PHONE = 216  # pixels an inch: 360 by 780 points are 1080 by 2340 pixels
_AT_ANY_DOSE = ("cannot-be-woken", "slow-breathing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the card says. ``really`` and ``planned`` stand beside one another: the first is from the record, the second from the plan."""

    now: Instant
    title: str
    who: str
    urgent: tuple[str, ...]
    really: str
    really_note: str
    clock: str
    beside: tuple[str, ...]
    planned: str
    doses: tuple[str, ...]
    last: str
    as_of: str
    kidneys: str
    risks: tuple[str, ...]
    contacts: tuple[str, ...]
    stopping: str
    emergency: str
    source: str
    printed: str

    @property
    def sentences(self) -> str:
        """The card read aloud: the text alternative of the picture."""
        parts = (
            *(f"{_said('urgent')}: {one}" for one in self.urgent), f"{_said('clock')}: {self.clock}.", *self.beside,
            f"{_said('really')}: {self.really}.", self.really_note, f"{_said('planned')}: {self.planned}.", f"{_said('last')}: {self.last}.",
            f"{self.as_of}.", f"{_said('danger')}.", self.stopping, self.emergency, f"{_said('kidneys')}: {self.kidneys}.",
            f"{_said('risks')}: {'; '.join(self.risks)}.", f"{_said('contacts')}: {'; '.join(self.contacts)}.", _said("self"),
        )  # fmt: skip
        return _said("alt", who=self.who, said=" ".join(part for part in parts if part))


def _said(key: str, **facts: Fact) -> str:
    return say(message(f"card.{key}", **facts))


def hospital_card(record: Record, monograph: Monograph, leaflet: Leaflet, now: Instant) -> Card:
    """The card of a record folded as of ``now``."""
    seen = today(record, monograph, leaflet, now)
    zone = seen.zone
    recent = adherence(record, monograph, leaflet, now, seen.day - timedelta(days=DAYS), seen.day)
    over = [one for one in recent.days if one.whole or _without(record, one, seen)]
    really, note = _really(tuple(over[-DAYS:]))
    found = swallowed(record, monograph, leaflet, now, 24)
    open_ = [
        one.finding
        for one in quiet(watch(record, monograph, leaflet, now), record, now)
        if one.finding.level is Level.EMERGENCY and one.answer is None
    ]
    who = " ".join((record.person.called or "").split()) if record.person else ""
    who = who or "______________________"
    clock = now.local(zone)
    signs = [
        sign
        for sign in leaflet.danger_signs
        if sign.id.startswith("withdrawal-") and not sign.id.endswith("-pump") and sign.level is Level.EMERGENCY
    ]
    any_dose = [sign for sign in leaflet.danger_signs if sign.id in _AT_ANY_DOSE]
    return Card(
        now=now, title=_said("title", who=who, day=seen.day), who=who, urgent=tuple(_brief(one.message) for one in open_),
        really=really, really_note=note,
        clock=_said("clock-said", amount=swallowed_amount(found), notes=swallowed_notes(found)),
        beside=_beside(record, recent, found, leaflet.gap.hours, now),
        planned=dose_text(seen.planned) if record.holding_on(seen.day) else _said("not-planned"), doses=_doses(seen),
        last=_last(seen), as_of=_said("as-of", day=seen.day, at=f"{clock:%H:%M}", zone=_zone(zone, now)),
        kidneys=kidneys_text(kidneys_of(record)), risks=_risks(record, monograph, now), contacts=_contacts(record),
        stopping=_said("danger-said", signs=_list(signs)), emergency=_said("emergency", signs=_list(any_dose)),
        source=sources_text(tuple(dict.fromkeys(c for sign in (*signs, *any_dose) for c in sign.source if c.key != "D"))),
        printed=_said("printed", day=seen.day),
    )  # fmt: skip


def _brief(what: Message) -> str:
    """An emergency in few words, where there are such."""
    key = f"brief.{what.key}"
    return say(Message(key, what.facts) if known(key) else what)


def _without(record: Record, one: TakenDay, seen: Today) -> bool:
    """A day that is over, on which the plan had no dose: whoever came off the drug takes 0 mg, and not what was taken before."""
    return one.day < seen.day and not one.planned and not one.tally.due and record.holding_on(one.day) is not None


def _really(days: tuple[TakenDay, ...]) -> tuple[str, str]:
    """What was taken a day, and what is not sure about it."""
    if not days:
        return _said("really-none"), ""
    if mostly_unknown(days):
        unclear = parted(days)[1]
        told = unclear if not any(day.unknown for day in unclear) else days
        return _said("really-unknown", unknown=unknown_text(told)), ""
    clear, unclear = parted(days)
    note = _said("not-all", count=len(unclear), days=len(days), least=least(unclear)) if unclear else ""
    low, high = min(day.taken for day in clear), max(day.taken for day in clear)
    if len(clear) == 1:
        return _said("really-one", amount=low), note
    if low == high and not unclear:
        return _said("really-same", amount=low, days=len(days)), note
    listed = few(clear, of=len(days))
    return listed or _said(
        "really-said", low=dose_text(low).removesuffix(" mg"), high=high, certain=len(clear), days=len(days)
    ), note


def _beside(record: Record, recent: Adherence, found: Swallowed, limit: int, now: Instant) -> tuple[str, ...]:
    """Extra doses, doses recorded twice, and hours without any dose: of the last 7 days, the newest first."""
    said = []
    first = min(found.since, now.plus(-DAYS * 24 * 3600))
    extra = [one for one in reversed(record.of(ExtraDose)) if first < one.at <= now]
    if extra:
        doses = "; ".join(_said("extra-one", amount=one.what.amount, when=moment(record, one.at)) for one in extra[:3])
        said.append(_said("extra" if len(extra) <= 3 else "extra-more", doses=doses, count=len(extra) - 3))
    twice = [
        one for one in record.of(DoseTaken) if first < one.at <= now and record.done[one.what.dose].counts.id != one.id
    ]
    if twice:
        said.append(
            _said(
                "twice",
                amount=OralDose(sum(one.what.amount.micrograms for one in twice)),
                when=moment(record, twice[-1].at),
            )
        )
    if recent.gaps:
        newest = max(recent.gaps, key=lambda one: one.since)
        said.append(_said("gap", limit=limit, gap=gap_text(record, newest)))
    return tuple(said)


def _doses(seen: Today) -> tuple[str, ...]:
    doses = (one.dose for one in seen.doses if one.dose.day == seen.day)
    return tuple(f"{dose.at:%H:%M} {dose_text(dose.dose)} = {units_text(dose.portion)}" for dose in doses)


def _last(seen: Today) -> str:
    if seen.last is None:
        return _said("last-none")
    at, zone = seen.last.at, seen.last.entry.zone
    clock = at.local(zone)
    return _said(
        "last-said",
        amount=seen.last.what.amount,
        day=short_day(clock.date()),
        at=f"{clock:%H:%M}",
        zone=_zone(zone, at),
    )


def _zone(name: str, at: Instant) -> str:
    """``Europe/London, UTC+1``: for staff in another country than the one where it was taken."""
    minutes = (at.local(name).utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"{name}, UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def _list(signs: list[DangerSign]) -> str:
    return "; ".join(f"{sign.sign[0].lower()}{sign.sign[1:]}" for sign in signs)


def _risks(record: Record, monograph: Monograph, now: Instant) -> tuple[str, ...]:
    """Other medicines, those of major interactions first; each with the class that makes it a risk. What was taken now and then is
    among them, with when."""
    medicines = [(name, name) for name in regular(record)]
    beside = [(one.name, one.text) for one in once(record, now)]
    if beside and not medicines:
        beside[0] = beside[0][0], say(message("medicines.none-but", beside=beside[0][1]))
    major: list[str] = []
    others: list[str] = []
    for name, medicine in (*medicines, *beside):
        found = interactions_of(name, monograph)
        graves = [one for one in found if one.level is InteractionLevel.MAJOR]
        if graves:
            major.append(_said("risk-major", medicine=medicine, with_class=graves[0].with_class))
        elif found:
            others.insert(0, _said("risk-other", medicine=medicine, with_class=found[0].with_class))
        else:
            others.append(medicine)
    return (*major, *others) or (say(message("medicines.none")),)


def _contacts(record: Record) -> tuple[str, ...]:
    """The preferences ``contact-…``: whom to call, in the order in which a hospital would."""
    found = {
        name.removeprefix(_CONTACT): said for name, said in record.preferences.items() if name.startswith(_CONTACT)
    }
    order = sorted(
        (name for name in found if found[name].strip()),
        key=lambda n: (_FIRST.index(n) if n in _FIRST else len(_FIRST), n),
    )
    said = ((name.replace("-", " ").capitalize(), " ".join(found[name].split())) for name in order)
    return tuple(f"{name}: {text}" for name, text in said) or (_said("no-contacts"),)


def to_pdf(card: Card, *, paper: Paper = "a4") -> bytes:
    """Front and back beside one another, to cut out and fold: 85.6 by 54 mm each (ISO/IEC 7810 ID-1)."""
    return typeset("card.typ", _data(card, paper), card.now.seconds)


def to_png(card: Card) -> bytes:
    """The same for a phone, 1080 by 2340 pixels. `Card.sentences` is its text alternative."""
    return picture("card.typ", _data(card, "phone"), card.now.seconds, _PHONE)


def _data(card: Card, medium: str) -> dict[str, Any]:
    words = (
        "i-take", "drug", "route", "urgent", "clock",
        "really", "planned", "last", "self", "danger", "kidneys", "risks", "contacts", "cut", "sources", "sheet",
    )  # fmt: skip
    return {
        **{name: value for name, value in asdict(card).items() if name != "now"},
        "who": card.who[:_LONGEST],
        **{
            name: [text[:_LONGEST] for text in getattr(card, name)]
            for name in ("risks", "contacts", "urgent", "beside")
        },
        "say": {name: _said(name) for name in words} | {"more": _said("more", count="{count}")},
        "medium": medium,
        "intended": phrase("intended-use"),
        "issued": list(card.now.utc().timetuple()[:6]),
    }
