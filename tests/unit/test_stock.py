"""What is left in the box: counted, received, lost, really taken; in tablets, never in mg."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.stock_record import (
    D1,
    Correction,
    DoseUnsure,
    ExtraDose,
    M,
    Writer,
    at,
    bottle,
    box,
    left,
    mg,
    name,
    plan,
    stock_at,
    tablets,
    took,
)

from gradatim.domain.entry import DoseTaken, Entry, StockChange, StockChanged, Used
from gradatim.domain.fold import fold
from gradatim.domain.stock import refills
from gradatim.words.boxes import amount_text

US10 = M.product("us/10")
SYRUP = M.product("us/suspension-5")
THREE = plan((None, (10, 5, 20)))


@pytest.fixture
def w() -> Writer:
    return Writer()


@pytest.fixture
def begun(w: Writer) -> list[Entry]:
    return w.begin(THREE)


def whole(count: float) -> int:
    return round(count * 4)


# --- the sum ---------------------------------------------------------------------------------------------------------


def test_mg_are_never_taken_off_tablets(w: Writer, begun: list[Entry]) -> None:
    """Elsewhere 20 mg from a box of 30 tablets of 10 mg left 10 (dosezy#80). It is two tablets: 28 are left."""
    entries = [*begun, w(box("counted", 30), "1 07:00"), w(took(1, 3, 2), "1 21:00")]
    assert left(entries, "1 22:00") == whole(28)
    assert amount_text(US10, left(entries, "1 22:00")) == "28 tablets of 10 mg"


def test_counted_received_lost_and_taken(w: Writer, begun: list[Entry]) -> None:
    entries = [
        *begun,
        w(box("counted", 30), "1 07:00"),
        w(took(1, 1, 1), "1 08:00"),
        w(took(1, 2, 0.5), "1 14:00"),
        w(box("received", 84), "1 16:00"),
        w(box("lost", 1.5), "1 17:00"),
        w(ExtraDose(amount=mg(5), units=tablets(0.5)), "1 18:00"),
        w(took(1, 3, 2), "1 21:00"),
    ]
    assert left(entries, "1 22:00") == whole(30 - 1 - 0.5 + 84 - 1.5 - 0.5 - 2)
    assert left(reversed(entries), "1 22:00") == left(entries * 2, "1 22:00") == left(entries, "1 22:00")
    assert left(entries, "1 13:00") == whole(29), "as of an instant"


def test_what_is_taken_is_what_was_taken_and_not_what_was_planned(w: Writer, begun: list[Entry]) -> None:
    """20 mg were planned from two tablets of 10 mg; one of 20 mg was taken."""
    entries = [
        *begun,
        w(box("counted", 30), "1 07:00"),
        w(box("counted", 5, "us/20"), "1 07:00"),
        w(took(1, 3, 1, "us/20"), "1 21:00"),
    ]
    assert left(entries, "1 22:00") == whole(30)
    assert left(entries, "1 22:00", "us/20") == whole(4)


def test_never_counted_is_not_known_and_not_nothing(w: Writer, begun: list[Entry]) -> None:
    entries = [*begun, w(box("received", 84), "1 07:00"), w(took(1, 1, 1), "1 08:00")]
    stock = stock_at(entries, "1 09:00").of(US10)
    assert (stock.amount, stock.usable_on(D1), stock.known) == (None, None, False)
    assert amount_text(US10, stock.amount) == "not counted"
    assert stock_at(begun, "1 09:00").of(US10).amount is None


def test_a_count_of_none_is_known(w: Writer, begun: list[Entry]) -> None:
    assert left([*begun, w(box("counted", 0), "1 07:00")], "1 07:00") == 0
    assert amount_text(US10, 0) == "no tablets of 10 mg"


def test_fewer_than_none_is_shown_and_a_forgotten_refill_is_not_hidden(w: Writer, begun: list[Entry]) -> None:
    """Elsewhere the stock stuck at 0, so that the refill that was forgotten stayed hidden and the next one over-counted."""
    entries = [*begun, w(box("counted", 1), "1 07:00"), w(took(1, 1, 1), "1 08:00"), w(took(1, 3, 2), "1 21:00")]
    stock = stock_at(entries, "1 22:00").of(US10)
    assert stock.amount == whole(-2)
    assert stock.overdrawn == entries[-1].id
    assert stock.usable_on(D1) is None, "there is no number to reckon with"
    assert amount_text(US10, stock.amount) == "\N{MINUS SIGN}2 tablets of 10 mg"

    entries.append(w(box("received", 10), "2 07:00"))
    later = stock_at(entries, "2 07:00").of(US10)
    assert later.amount == whole(8), "not 10"
    assert later.overdrawn == stock.overdrawn, "still asked about"

    forgotten = w(box("received", 56), "1 12:00", late="2 07:30")
    mended = stock_at([*entries, forgotten], "2 08:00").of(US10)
    assert (mended.amount, mended.overdrawn) == (whole(64), None)

    counted = stock_at([*entries, w(box("counted", 60), "2 07:30")], "2 08:00").of(US10)
    assert (counted.amount, counted.overdrawn) == (whole(60), None)


# --- when it happened ------------------------------------------------------------------------------------------------


def test_a_dose_recorded_late_but_taken_before_the_count_is_not_taken_off_again(w: Writer, begun: list[Entry]) -> None:
    entries = [*begun, w(box("counted", 30), "1 10:00")]
    late = w(took(1, 1, 1), "1 08:00", late="1 20:00")
    assert left([*entries, late], "1 20:00") == whole(30)
    assert left([*entries, w(took(1, 2, 0.5), "1 14:00", late="1 20:00")], "1 20:00") == whole(29.5)


def test_corrections_count_as_corrected(w: Writer, begun: list[Entry]) -> None:
    count, dose = w(box("counted", 300), "1 07:00"), w(took(1, 1, 1), "1 08:00")
    slip = w(Correction(corrects=count.id, why="a nought too many", instead=box("counted", 30)), "1 09:00")
    never = w(Correction(corrects=dose.id, why="wrong tap"), "1 09:00")
    earlier = w(Correction(corrects=dose.id, why="at six", instead=took(1, 1, 1), at=at("1 06:00")), "1 09:00")
    assert left([*begun, count, dose], "1 10:00") == whole(299)
    assert left([*begun, count, dose, slip], "1 10:00") == whole(29)
    assert left([*begun, count, dose, slip, never], "1 10:00") == whole(30)
    assert left([*begun, count, dose, earlier], "1 10:00") == whole(300)


def test_of_the_same_second_the_reading_with_fewer_tablets_holds(w: Writer, begun: list[Entry]) -> None:
    same = [
        w(box("received", 10), "1 08:00"),
        w(box("counted", 30), "1 08:00"),
        w(box("lost", 1), "1 08:00"),
        w(took(1, 1, 1), "1 08:00"),
    ]
    assert left([*begun, *same], "1 08:00") == left([*begun, *reversed(same)], "1 08:00") == whole(28)


def test_of_two_counts_of_the_same_second_the_one_written_last_holds(w: Writer, begun: list[Entry]) -> None:
    first, last = w(box("counted", 30), "1 08:00", late="1 09:00"), w(box("counted", 31), "1 08:00", late="1 10:00")
    assert left([*begun, last, first], "1 11:00") == whole(31)


# --- what is not sure ------------------------------------------------------------------------------------------------


def test_a_dose_without_its_tablets_makes_the_plans_products_uncertain(w: Writer) -> None:
    entries = [*w.begin(plan((None, (10, 5, 20)), products=("us/10", "us/20"))), w(box("counted", 30), "1 07:00")]
    bare = w(DoseTaken(dose=name(1, 1), amount=mg(10)), "1 08:00")
    stock = stock_at([*entries, bare], "1 09:00").of(US10)
    assert (stock.amount, stock.uncertain) == (whole(30), (bare.id,))
    assert stock_at([*entries, bare], "1 09:00").of(M.product("us/20")).uncertain == (bare.id,)
    assert not stock_at([*entries, bare], "1 09:00").of(M.product("us/5")).uncertain
    assert not stock_at([*entries, bare, w(box("counted", 29), "1 08:30")], "1 09:00").of(US10).uncertain


def test_a_dose_that_nobody_is_sure_about_makes_it_uncertain_until_it_is_known(w: Writer, begun: list[Entry]) -> None:
    entries = [*begun, w(box("counted", 30), "1 07:00"), w(DoseUnsure(dose=name(1, 1)), "1 09:00")]
    assert stock_at(entries, "1 10:00").of(US10).uncertain
    entries.append(w(took(1, 1, 1), "1 08:00", late="1 10:00"))
    stock = stock_at(entries, "1 10:00").of(US10)
    assert (stock.amount, stock.uncertain) == (whole(29), ())


def test_a_dose_recorded_twice_is_taken_off_twice_and_asked_about(w: Writer, begun: list[Entry]) -> None:
    """It may have been taken twice: fewer tablets is the careful reading."""
    entries = [*begun, w(box("counted", 30), "1 07:00"), w(took(1, 1, 1), "1 08:00"), w(took(1, 1, 1), "1 08:05")]
    stock = stock_at(entries, "1 10:00").of(US10)
    assert (stock.amount, stock.twice) == (whole(28), (entries[-1].id,))


@pytest.mark.parametrize(
    "odd",
    [
        StockChanged(change=StockChange.COUNTED, product="xx/99", quarters=4),
        bottle("counted", 250, "us/10"),
        box("received", 3, "us/suspension-5"),
        ExtraDose(amount=mg(10), units=(Used(product="xx/99", strength=mg(10), quarters=4),)),
        ExtraDose(amount=mg(10), units=(Used(product="us/suspension-5", strength=mg(10), quarters=4),)),
    ],
    ids=["unknown product", "tablets in mL", "liquid in tablets", "unknown tablet taken", "tablets of a liquid taken"],
)
def test_what_cannot_be_read_is_named_and_changes_nothing(
    w: Writer, begun: list[Entry], odd: StockChanged | ExtraDose
) -> None:
    entries = [*begun, w(box("counted", 30), "1 07:00"), w(odd, "1 08:00")]
    found = stock_at(entries, "1 09:00")
    assert found.unread == (entries[-1].id,)
    assert found.of(US10).amount == whole(30)


def test_gb_is_read_as_uk(w: Writer, begun: list[Entry]) -> None:
    assert left(
        [*begun, w(box("counted", 3, "gb/10"), "1 07:00"), w(box("received", 2, "uk/10"), "1 08:00")],
        "1 09:00",
        "uk/10",
    ) == whole(5)


# --- packs that expire, bottles that are open ---------------------------------------------------------------------------


def test_an_expired_pack_does_not_count_after_its_day(w: Writer, begun: list[Entry]) -> None:
    entries = [
        *begun,
        w(box("counted", 0), "1 07:00"),
        w(box("received", 20, expires=date(2026, 12, 5)), "1 08:00"),
        w(box("received", 30), "1 09:00"),
    ]
    stock = stock_at(entries, "1 10:00").of(US10)
    assert [stock.usable_on(date(2026, 12, day)) for day in (5, 6)] == [whole(50), whole(30)]
    assert stock.spoiled_on(date(2026, 12, 6)) == whole(20)
    assert stock.amount == whole(50), "it is still there"


def test_the_pack_that_expires_first_is_used_first(w: Writer, begun: list[Entry]) -> None:
    packs = [w(box("received", 30), "1 07:30"), w(box("received", 20, expires=date(2026, 12, 5)), "1 08:00")]
    entries = [*begun, w(box("counted", 0), "1 07:00"), *packs, w(took(1, 1, 15), "1 09:00")]
    assert stock_at(entries, "1 10:00").of(US10).usable_on(date(2026, 12, 6)) == whole(30)
    after = [*entries, w(took(6, 1, 1), "6 08:00")]
    assert stock_at(after, "6 09:00").of(US10).usable_on(date(2026, 12, 6)) == whole(29)


def test_the_last_day_is_a_day_of_the_persons_own_clock(w: Writer, begun: list[Entry]) -> None:
    """At 21:00 in London it is the next day elsewhere already."""
    packs = [w(box("received", 30), "1 07:30"), w(box("received", 20, expires=date(2026, 12, 5)), "1 08:00")]
    entries = [*begun, w(box("counted", 0), "1 07:00"), *packs]
    entries += [w(took(day, 3, 2), f"{day} 21:00") for day in (1, 2, 3, 4, 5, 6)]
    stock = stock_at(entries, "6 22:00").of(US10)
    assert (stock.usable_on(date(2026, 12, 6)), stock.spoiled_on(date(2026, 12, 6))) == (whole(28), whole(10))


def test_a_count_keeps_the_dates_and_a_pack_thrown_away_is_gone(w: Writer, begun: list[Entry]) -> None:
    expires = date(2026, 12, 5)
    entries = [
        *begun,
        w(box("counted", 0), "1 07:00"),
        w(box("received", 20, expires=expires), "1 08:00"),
        w(box("received", 30), "1 09:00"),
    ]
    day = date(2026, 12, 10)

    def then(*more: Entry) -> tuple[int | None, int]:
        stock = stock_at([*entries, *more], "10 09:00").of(US10)
        return stock.usable_on(day), stock.spoiled_on(day)

    assert then(w(box("counted", 50), "10 08:00")) == (whole(30), whole(20))
    assert then(w(box("counted", 30), "10 08:00")) == (whole(30), 0)
    assert then(w(box("counted", 60), "10 08:00")) == (whole(40), whole(20))
    assert then(w(box("lost", 20), "10 08:00")) == (whole(30), 0)
    assert then(w(box("lost", 5), "2 08:00")) == (whole(30), whole(15)), "of packs that are good the first to expire"
    assert then(w(box("counted", 50, expires=expires), "10 08:00")) == (0, whole(50))


def test_a_loss_may_name_its_pack(w: Writer, begun: list[Entry]) -> None:
    packs = [
        w(box("received", 20, batch="A"), "1 08:00"),
        w(box("received", 30, batch="B", expires=date(2026, 12, 9)), "1 08:00"),
    ]
    entries = [*begun, w(box("counted", 0), "1 07:00"), *packs, w(box("lost", 5, batch="A"), "1 09:00")]
    assert stock_at(entries, "1 10:00").of(US10).usable_on(date(2026, 12, 10)) == whole(15)


@pytest.mark.parametrize(
    ("told", "last"), [(28, 28), (None, 60)], ids=["the bottle's own days", "the days of the product"]
)
def test_an_open_bottle_does_not_count_after_its_days(
    w: Writer, begun: list[Entry], told: int | None, last: int
) -> None:
    entries = [*begun, w(bottle("counted", 120), "1 07:00"), w(bottle("opened", in_use_days=told), "1 07:30")]
    stock = stock_at(entries, "1 10:00").of(SYRUP)
    spoils = [date.fromordinal(D1.toordinal() + days) for days in (last - 1, last)]
    assert [stock.usable_on(day) for day in spoils] == [120_000, 0]


def test_a_bottle_that_is_used_is_open(w: Writer, begun: list[Entry]) -> None:
    sip = ExtraDose(amount=mg(5), units=(Used(product=SYRUP.id, concentration=SYRUP.concentration, microlitres=1000),))
    entries = [*begun, w(bottle("counted", 120), "1 07:00"), w(sip, "2 08:00")]
    (pack,) = stock_at(entries, "3 10:00").of(SYRUP).packs
    assert (pack.amount, pack.opened, pack.in_use_days) == (119_000, date(2026, 12, 2), 60)


def test_the_next_bottle_is_opened_when_it_is_begun(w: Writer, begun: list[Entry]) -> None:
    entries = [
        *begun,
        w(bottle("counted", 0), "1 07:00"),
        w(bottle("received", 1), "1 07:10"),
        w(bottle("received", 120), "1 07:20"),
    ]
    sip = ExtraDose(amount=mg(5), units=(Used(product=SYRUP.id, concentration=SYRUP.concentration, microlitres=1000),))
    entries.append(w(sip, "2 08:00"))
    assert [pack.opened for pack in stock_at(entries, "3 07:00").of(SYRUP).packs] == [None]
    entries.append(w(sip, "3 08:00"))
    assert [pack.opened for pack in stock_at(entries, "3 09:00").of(SYRUP).packs] == [date(2026, 12, 3)]


def test_the_second_bottle_waits_closed(w: Writer, begun: list[Entry]) -> None:
    entries = [
        *begun,
        w(bottle("counted", 0), "1 07:00"),
        w(bottle("received", 120), "1 07:10"),
        w(bottle("received", 120), "1 07:20"),
    ]
    entries.append(w(bottle("opened", in_use_days=28), "1 07:30"))
    stock = stock_at(entries, "1 10:00").of(SYRUP)
    assert stock.usable_on(date(2027, 3, 1)) == 120_000
    entries.append(w(bottle("opened"), "20 07:30"))
    assert stock_at(entries, "20 10:00").of(SYRUP).usable_on(date(2027, 1, 10)) == 120_000, (
        "the second, opened on the 20th"
    )
    assert stock_at(entries, "20 10:00").of(SYRUP).usable_on(date(2027, 2, 10)) == 0


@pytest.mark.parametrize("ml", [100, 120, 130])
def test_a_spoiled_bottle_stays_spoiled_when_it_is_counted(w: Writer, begun: list[Entry], ml: int) -> None:
    opened = [w(bottle("counted", 120), "1 07:00"), w(bottle("opened", in_use_days=10), "1 07:30")]
    stock = stock_at([*begun, *opened, w(bottle("counted", ml), "20 08:00")], "20 10:00").of(SYRUP)
    assert (stock.amount, stock.usable_on(date(2026, 12, 20))) == (1000 * ml, 0)


# --- the history -------------------------------------------------------------------------------------------------------


def test_the_refill_history_is_a_running_balance(w: Writer, begun: list[Entry]) -> None:
    entries = [
        *begun,
        w(box("received", 10), "1 06:00"),
        w(box("counted", 30), "1 07:00"),
        w(took(1, 1, 1), "1 08:00"),
        w(took(1, 2, 0.5), "1 14:00"),
        w(box("received", 84, batch="B7", expires=date(2028, 5, 31)), "1 16:00"),
        w(took(1, 3, 2), "1 21:00"),
        w(box("counted", 110), "2 07:00"),
        w(box("lost", 1, note="down the sink"), "2 07:30"),
    ]
    lines = refills(fold(entries), M, at("2 08:00"), US10)
    assert [(str(line.change), line.amount, line.taken, line.balance, line.off) for line in lines] == [
        ("received", whole(10), 0, None, None),
        ("counted", whole(30), 0, whole(30), None),
        ("received", whole(84), whole(1.5), whole(112.5), None),
        ("counted", whole(110), whole(2), whole(110), whole(-0.5)),
        ("lost", whole(1), 0, whole(109), None),
    ]
    assert (lines[2].batch, lines[2].expires, lines[4].note) == ("B7", date(2028, 5, 31), "down the sink")
    assert refills(fold(entries), M, at("2 08:00"), M.product("us/5")) == ()


# --- in words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "amount", "text"),
    [
        ("us/10", 6, "1½ tablets of 10 mg"),
        ("us/10", 2, "½ tablet of 10 mg"),
        ("us/10", -6, "\N{MINUS SIGN}1½ tablets of 10 mg"),
        ("us/20", 0, "no tablets of 20 mg"),
        ("us/lyvispah-5", 8, "2 packets of 5 mg"),
        ("us/suspension-5", 1_250_500, "1,250.5 mL of 5 mg/mL"),
        ("us/suspension-5", -500, "\N{MINUS SIGN}0.5 mL of 5 mg/mL"),
        ("us/suspension-5", 0, "0 mL of 5 mg/mL"),
    ],
)
def test_an_amount_in_words(product: str, amount: int, text: str) -> None:
    assert amount_text(M.product(product), amount) == text
