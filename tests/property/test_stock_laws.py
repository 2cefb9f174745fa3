"""Laws of the box: nothing is lost or clamped, and the run-out date is what a patient hand would find."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count as counting

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.property.strategies import heavy
from tests.unit.stock_record import D1, L, M, Writer, at, bottle, box, name, plan, seen, stock_at

from gradatim.domain.clock import Instant
from gradatim.domain.entry import DoseSkipped, DoseTaken, Entry, ExtraDose, Used, What
from gradatim.domain.making import portions
from gradatim.domain.order_list import order_list
from gradatim.domain.plan import Plan, Review, Step
from gradatim.domain.run_out import HORIZON, RunOut, parts_of
from gradatim.domain.supply import needs
from gradatim.domain.tablets import WHOLE, Liquid, Portion

US10 = M.product("us/10")
NOW = "40 12:00"
MINUTE = at("1 00:00").seconds
WORDS = ("counted", "received", "lost", "took", "extra")


@dataclass(frozen=True)
class Said:
    """Something that happened to the box: the minute, what, how many quarters; and how long after it was written down."""

    minute: int
    word: str
    quarters: int
    late: int


happenings = st.lists(
    st.builds(Said, minute=st.integers(0, 40), word=st.sampled_from(WORDS), quarters=st.integers(1, 60).map(lambda n: 2 * n), late=st.integers(0, 50)),
    max_size=25,
)  # fmt: skip


def written(said: list[Said]) -> list[Entry]:
    w = Writer()
    numbers = counting(1)
    assert US10.strength is not None
    entries = w.begin(plan((None, (10, 10, 10))))
    for one in said:
        units = (Used(product="us/10", strength=US10.strength, quarters=one.quarters),)
        amount = units[0].dose
        assert amount is not None
        what: What
        match one.word:
            case "took":
                what = DoseTaken(dose=name(next(numbers), 1), amount=amount, units=units)
            case "extra":
                what = ExtraDose(amount=amount, units=units)
            case _:
                what = box(one.word, one.quarters / WHOLE)
        when = Instant(MINUTE + 60 * one.minute)
        entries.append(w(what, when, late=when.plus(60 * one.late)))
    return entries


def by_hand(said: list[Said]) -> int | None:
    """The last count (of those of one minute the one written last), and everything after it; what comes in at its minute is in it."""
    counts = [(one.minute, one.late, place) for place, one in enumerate(said) if one.word == "counted"]
    if not counts:
        return None
    minute, _, place = max(counts)
    after = sum(one.quarters for one in said if one.word == "received" and one.minute > minute)
    gone = sum(one.quarters for one in said if one.word in ("lost", "took", "extra") and one.minute >= minute)
    return said[place].quarters + after - gone


@given(happenings, st.randoms(use_true_random=False))
def test_counted_and_received_less_lost_and_taken_in_any_order_and_never_clamped(
    said: list[Said], chance: object
) -> None:
    entries = written(said)
    shuffled = entries + entries[::3]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    stock = stock_at(shuffled, NOW).of(US10)
    assert stock.amount == by_hand(said)
    assert stock.amount is None or stock.amount >= 0 or not stock.known


@given(happenings, st.integers(0, 200))
def test_a_count_resets_whatever_was_before(said: list[Said], tablets: int) -> None:
    entries = [*written(said), Writer()(box("counted", tablets, note="last"), at("30 08:00"))]
    stock = stock_at(entries, NOW).of(US10)
    assert stock.amount == WHOLE * tablets
    assert (stock.overdrawn, stock.uncertain, stock.twice) == (None, (), ())


@given(happenings, st.integers(0, 200), happenings)
def test_what_is_recorded_late_but_was_before_a_count_changes_nothing(
    said: list[Said], tablets: int, late: list[Said]
) -> None:
    w = Writer()
    w.count = 1000
    assume(all(one.word != "took" for one in late))  # the same dose twice is another matter
    counted = w(box("counted", tablets), at("30 08:00"))
    after = [w(entry.what, entry.at, late=at("35 08:00")) for entry in written(late)[2:]]
    one, other = (
        stock_at(entries, NOW).of(US10) for entries in ([*written(said), counted], [*written(said), counted, *after])
    )
    assert one.amount == other.amount == WHOLE * tablets


# --- run-out ---------------------------------------------------------------------------------------------------------

SHELVES = (
    ("us/10",),
    ("us/10", "us/20"),
    ("us/5", "us/10", "us/20"),
    ("us/suspension-5",),
    ("us/15", "us/20", "us/10"),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Rows of 5 mg multiples, with or without reviews, on a shelf that can make them; from before today, today, or later."""
    products = draw(st.sampled_from(SHELVES))
    times = draw(
        st.sampled_from([("08:00",), ("08:00", "20:00"), ("07:00", "14:00", "21:00"), ("00:30", "13:00", "23:30")])
    )
    row = st.tuples(*[st.integers(0, 8).map(lambda n: 5 * n) for _ in times])
    rows = draw(st.lists(st.tuples(st.integers(1, 40), row), max_size=4))
    return plan(
        *rows, (None, draw(row)), times=times, products=products, start=D1 + timedelta(days=draw(st.integers(-30, 20))), reviews=draw(st.booleans())
    )  # fmt: skip


@st.composite
def boxes(draw: st.DrawFn, made: Plan, most: int = 600) -> dict[str, int]:
    """What is in each box, in whole and half tablets, or mL."""
    return {id: draw(st.integers(0, most)) for id in made.products}


def stocked(made: Plan, halves: dict[str, int]) -> list[Entry]:
    w = Writer()
    entries = w.begin(made, "-40 10:00")
    for id, amount in halves.items():
        entries.append(
            w(box("counted", amount / 2, id) if M.product(id).is_solid else bottle("counted", amount, id), "1 00:01")
        )
    return entries + [w(DoseSkipped(dose=name(0, slot)), "1 00:01") for slot in range(1, len(made.slots) + 1)]


def in_units(made: Plan, halves: dict[str, int]) -> Counter[str]:
    return Counter({id: 2 * amount if M.product(id).is_solid else 1000 * amount for id, amount in halves.items()})


def takes(portion: Portion) -> Counter[str]:
    if isinstance(portion, Liquid):
        return Counter({portion.product.id: portion.microlitres})
    return Counter({part.product.id: part.quarters for part in portion.pieces})


def day_by_day(made: Plan, there: Counter[str], expected: bool, keeps: int | None = None) -> tuple[date, str] | None:
    """An independent reckoning from the first minutes of 1 December on: steps by their days, each box against every dose.

    ``keeps``: for how many days the one bottle may be used once the first dose was taken from it.
    """
    there = Counter(there)
    ways = portions(made, M)
    steps: list[Step] = []
    for item in made.items:
        if isinstance(item, Review) and not expected:
            break
        if isinstance(item, Step):
            steps.append(item)
    lasts: list[Step] = []
    for place, step in enumerate(steps):
        lasts += [step] * (1000 if place + 1 == len(steps) else step.days or 0)
    opened: date | None = None
    for day in (D1 + timedelta(days=n) for n in range(HORIZON + 1)):
        if day < made.start:
            continue
        for slot, dose in zip(made.slots, lasts[(day - made.start).days].doses, strict=True):
            if not dose:
                continue
            needed = takes(ways[dose])
            spoiled = keeps is not None and opened is not None and day >= opened + timedelta(days=keeps)
            if spoiled or any(there[id] < amount for id, amount in needed.items()):
                return day, f"{slot.at:%H:%M}"
            opened = opened or day
            there.subtract(needed)
    return None


def failed(way: RunOut) -> tuple[date, str] | None:
    return None if way.first is None else (way.first.day, f"{way.first.at:%H:%M}")


EARLY = "1 00:05"


@heavy
@given(st.data())
def test_the_run_out_date_is_that_of_a_day_by_day_reckoning(data: st.DataObject) -> None:
    made = data.draw(plans())
    halves = data.draw(boxes(made))
    _, _, ahead = seen(stocked(made, halves), EARLY)
    keeps = 60 if made.products == ("us/suspension-5",) else None
    for expected, way in ((False, ahead.held), (True, ahead.expected)):
        assert failed(way) == day_by_day(made, in_units(made, halves), expected, keeps)
        assert way.days_left == (None if way.first is None else (way.first.day - D1).days)
    firsts = [way.first.instant for way in (ahead.held, ahead.expected) if way.first]
    assert (ahead.earlier.first.instant if ahead.earlier.first else None) == min(firsts, default=None)


@heavy
@given(st.data())
def test_more_in_the_box_never_runs_out_earlier(data: st.DataObject) -> None:
    made = data.draw(plans())
    halves, more = data.draw(boxes(made)), data.draw(boxes(made, 60))
    one, other = (
        seen(stocked(made, there), EARLY)[2] for there in (halves, {id: halves[id] + more[id] for id in halves})
    )
    for less, richer in ((one.held, other.held), (one.expected, other.expected), (one.earlier, other.earlier)):
        assert richer.first is None or (less.first is not None and richer.first.instant >= less.first.instant)
    for less, richer in ((one.held, other.held), (one.expected, other.expected)):
        for mine, yours in zip(less.products, richer.products, strict=True):
            assert yours.first is None or (mine.first is not None and yours.first.instant >= mine.first.instant)


expiries = st.one_of(st.none(), st.integers(0, 120).map(lambda n: D1 + timedelta(days=n)))


@heavy
@given(st.data())
def test_a_further_pack_never_makes_it_run_out_earlier_whatever_its_date(data: st.DataObject) -> None:
    made = data.draw(plans())
    w = Writer()
    w.count = 1000
    packs = data.draw(st.lists(st.tuples(st.sampled_from(made.products), st.integers(1, 150), expiries), max_size=6))
    received = [
        w(
            box("received", amount, id, expires=day)
            if M.product(id).is_solid
            else bottle("received", amount, id, expires=day),
            "1 00:02",
        )
        for id, amount, day in packs
    ]
    empty = stocked(made, dict.fromkeys(made.products, 0))
    ways = [seen([*empty, *received[:n]], EARLY)[2].earlier.first for n in range(len(received) + 1)]
    firsts = [dose.instant.seconds if dose else 1 << 62 for dose in ways]
    assert firsts == sorted(firsts)


@heavy
@given(st.data())
def test_the_doses_before_the_run_out_fit_and_the_next_one_does_not(data: st.DataObject) -> None:
    made = data.draw(plans())
    assume(made.products != ("us/suspension-5",))
    halves = data.draw(boxes(made))
    record, _, ahead = seen(stocked(made, halves), EARLY)
    there = in_units(made, halves)
    for expected, way in ((False, ahead.held), (True, ahead.expected)):
        doses = record.doses(M, D1, D1 + timedelta(days=HORIZON), expected=expected)
        before = [dose for dose in doses if way.first is None or dose.instant < way.first.instant]
        assert all(need.quarters <= there[need.product.id] for need in needs(before))
        if way.first is not None:
            after = {need.product.id: need.quarters for need in needs([*before, way.first])}
            short = {id for id, amount in after.items() if amount > there[id]}
            assert short == {product.id for product in way.lacking} != set()


@heavy
@given(st.data())
def test_the_other_way_is_exact_is_there_and_is_of_other_products(data: st.DataObject) -> None:
    made = data.draw(plans())
    halves = data.draw(boxes(made, 60))
    record, _, ahead = seen(stocked(made, halves), EARLY)
    way = ahead.earlier
    if way.other_way is None or way.first is None:
        return
    assert way.other_way.dose == way.first.dose
    doses = record.doses(M, D1, D1 + timedelta(days=HORIZON), expected=way.expected)
    left = in_units(made, halves)
    for need in needs([dose for dose in doses if dose.instant < way.first.instant]):
        left[need.product.id] -= need.quarters or need.microlitres
    for product, amount in parts_of(way.other_way):
        assert product.id in made.products
        assert product not in way.lacking
        assert amount <= left[product.id]


@heavy
@given(st.data(), st.integers(0, 60), st.integers(0, 5))
def test_the_order_is_enough_and_not_a_tablet_too_much(data: st.DataObject, days: int, margin: int) -> None:
    made = data.draw(plans())
    assume(made.products != ("us/suspension-5",))
    halves = data.draw(boxes(made, 60))
    entries = stocked(made, halves)
    record, stocks, _ = seen(entries, EARLY)
    made_list = order_list(record, M, L, stocks, D1 + timedelta(days=days), margin)
    w = Writer()
    w.count = 1000

    def with_pieces(less: str | None = None) -> date | None:
        came = [
            w(box("received", pieces, line.need.product.id), "1 00:02")
            for line in made_list.lines
            if (pieces := line.order.dispense - (line.need.product.id == less))
        ]
        return seen([*entries, *came], EARLY)[2].earlier.day

    enough = D1 + timedelta(days=days + margin)
    run_out = with_pieces()
    assert run_out is None or run_out > enough
    for line in made_list.lines:
        assert line.order.quarters >= 0
        if line.order.quarters:
            run_out = with_pieces(less=line.need.product.id)
            assert run_out is not None
            assert run_out <= enough
