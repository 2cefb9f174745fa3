"""The plan in the journal: followed only once it is approved, answered at its reviews, and followed by new versions."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.cli.conftest import ORDER, Diary

FIRST = "2026-12-01"


def mg_of(diary: Diary, day: str) -> list[float]:
    """The doses of a day as the day shows them."""
    diary.at(f"{day} 00:30")
    return [one["mg"] for one in diary.data("today")["doses"] if one["date"] == day]


# --- to follow a plan ------------------------------------------------------------------------------------------------


def test_a_draft_is_not_followed_and_begins_no_journal(diary: Diary) -> None:
    (diary.folder / "order.toml").write_text(ORDER)
    diary.says("plan", "order.toml", "--out", diary.plan)
    said = diary.says("follow", diary.plan, code=2)
    assert "is draft" in said
    assert "gradatim approve" in said
    assert not diary.file.exists()


def test_a_blocked_plan_is_neither_approved_nor_followed(diary: Diary) -> None:
    (diary.folder / "order.toml").write_text(ORDER.replace('"45 mg"', '"120 mg"'))
    diary.says("plan", "order.toml", "--out", diary.plan, code=3)
    assert "Blocked" in diary.says("approve", diary.plan, "--by", "Dr A. Name", code=3)
    diary.says("follow", diary.plan, code=2)
    assert not diary.file.exists()


def test_a_plan_whose_stop_was_overridden_is_followed(diary: Diary) -> None:
    (diary.folder / "order.toml").write_text(ORDER.replace('"45 mg"', '"120 mg"'))
    diary.says("plan", "order.toml", "--out", diary.plan, code=3)
    stops = [one["rule"] for one in json.loads(diary.plan.read_text())["findings"] if one["severity"] == "stop"]
    flags = [word for rule in stops for word in ("--override", f"{rule}=seen every day")]
    diary.says("approve", diary.plan, "--by", "Dr A. Name", *flags)
    assert "is followed from" in diary.says("follow", diary.plan)


def test_a_document_whose_doses_were_changed_by_hand_is_not_followed(diary: Diary) -> None:
    (diary.folder / "order.toml").write_text(ORDER)
    diary.says("plan", "order.toml", "--out", diary.plan)
    diary.says("approve", diary.plan, "--by", "Dr A. Name")
    data = json.loads(diary.plan.read_text())
    data["doses"][0]["mg"] = 50
    diary.plan.write_text(json.dumps(data))
    assert "doses[0].mg" in diary.says("follow", diary.plan, code=2)
    assert not diary.file.exists()


def test_following_twice_adds_nothing(mine: Diary) -> None:
    before = mine.file.read_bytes()
    assert "Nothing new" in mine.says("follow", mine.plan)
    assert mine.file.read_bytes() == before


def test_a_plan_begun_before_the_journal_has_no_missed_doses_before_it(diary: Diary) -> None:
    (diary.folder / "order.toml").write_text(ORDER)
    diary.says("plan", "order.toml", "--out", diary.plan)
    diary.says("approve", diary.plan, "--by", "Dr A. Name")
    diary.at("2026-12-03 15:00").says("follow", diary.plan)
    assert diary.states() == {"08:00": "before", "14:00": "before", "21:00": "early"}
    said = diary.says("today")
    assert "was due before this record began. If you took it: gradatim take 14:00 --at 14:00." in said
    assert "You may still take it" not in said
    assert "Recorded" in diary.says("take", "14:00", "--at", "14:00")
    assert diary.data("insight")["doses"]["missed"] == 0


def test_another_plan_follows_from_its_first_day_and_never_touches_earlier_ones(mine: Diary) -> None:
    mine.at(f"{FIRST} 08:00").says("take")
    other = mine.folder / "other.toml"
    other.write_text(ORDER.replace("2026-12-01", "2026-12-05").replace('"14:00", "21:00"', '"20:00"'))
    mine.at("2026-12-02 12:00").says("plan", other, "--out", mine.folder / "other.json")
    mine.says("approve", mine.folder / "other.json", "--by", "Dr A. Name")
    before = mine.file.read_bytes()
    assert "is followed now" in mine.says("follow", mine.folder / "other.json", code=2)
    assert mine.file.read_bytes() == before
    assert "is followed from Sat 5 Dec 2026" in mine.says("follow", mine.folder / "other.json", "--instead")
    assert len(mg_of(mine, "2026-12-04")) == 3
    assert len(mg_of(mine, "2026-12-05")) == 2
    assert "5 mg taken" in mine.says("history", "--first", FIRST, "--last", FIRST)


def test_the_same_version_with_other_doses_is_refused(mine: Diary) -> None:
    """Two papers with one number: nobody can tell which one counts."""
    data = json.loads(mine.plan.read_text())
    other = mine.folder / "other.toml"
    other.write_text(ORDER.replace('"45 mg"', '"30 mg"'))
    mine.says("plan", other, "--out", mine.folder / "other.json")
    text = (mine.folder / "other.json").read_text()
    mine_id, other_id = data["plan"]["id"], json.loads(text)["plan"]["id"]
    (mine.folder / "other.json").write_text(text.replace(other_id, mine_id))
    mine.says("approve", mine.folder / "other.json", "--by", "Dr A. Name")
    before = mine.file.read_bytes()
    assert "Another plan with the same version number is followed" in mine.says(
        "follow", mine.folder / "other.json", code=2
    )
    assert mine.file.read_bytes() == before


# --- the reviews -----------------------------------------------------------------------------------------------------


def test_without_an_answer_the_doses_stay(mine: Diary) -> None:
    assert mg_of(mine, "2026-12-14") == [5, 5, 5]


def test_go_on_takes_effect_and_days_before_stay_as_they_were(mine: Diary) -> None:
    before = {day: mg_of(mine, day) for day in ("2026-12-05", "2026-12-07")}
    said = mine.at("2026-12-07 19:00").says("answer", "--by", "Diary Person", "--go-on")
    assert "go on" in said
    assert sum(mg_of(mine, "2026-12-08")) > 15
    assert {day: mg_of(mine, day) for day in before} == before
    assert mine.kinds().count("review-answered") == 1


def test_not_yet_stays(mine: Diary) -> None:
    assert "not yet" in mine.at("2026-12-07 19:00").says("answer", "--by", "Diary Person", "--not-yet")
    assert mg_of(mine, "2026-12-09") == [5, 5, 5]
    mine.at("2026-12-09 19:00").says("answer", "--by", "Diary Person", "--go-on")
    assert sum(mg_of(mine, "2026-12-10")) > 15


def test_too_early_and_with_no_review_nothing_is_written(mine: Diary) -> None:
    before = mine.file.read_bytes()
    assert "no approved plan is in force" in mine.says("answer", "--by", "me", "--go-on", code=2)
    assert "may be answered from" in mine.at("2026-12-02 10:00").says("answer", "--by", "me", "--go-on", code=2)
    assert "comes first" in mine.at("2026-12-08 10:00").says(
        "answer", "--by", "me", "--go-on", "--review", "v1-r2", code=2
    )
    assert mine.says("answer", "--by", "me", "--go-on", "--review", "nonsense", code=2)
    assert "are for a plan document" in mine.says(
        "answer", "--by", "me", "--go-on", "--at", "2026-12-08T10:00:00Z", code=2
    )
    assert mine.file.read_bytes() == before


def test_not_the_whole_way_up_in_one_evening(mine: Diary) -> None:
    mine.at("2026-12-07 19:00").says("answer", "--by", "me", "--go-on")
    assert "may be answered from" in mine.says("answer", "--by", "me", "--go-on", code=2)
    assert mine.kinds().count("review-answered") == 1


def test_when_every_review_is_answered_nothing_is_open(mine: Diary) -> None:
    said: list[str] = []
    while not said or "go on, said me" in said[-1]:
        day = date(2026, 12, 8) + timedelta(days=7 * len(said))
        done = mine.at(f"{day} 07:00")("answer", "--by", "me", "--go-on")
        said.append(" ".join((done.out + done.err).split()))
    assert "no review is open" in said[-1]
    assert mine.kinds().count("review-answered") == len(said) - 1
    assert sum(mg_of(mine, "2027-01-31")) == 45


def test_a_plan_file_is_not_answered_for_the_past(mine: Diary) -> None:
    before = mine.plan.read_bytes()
    said = mine.at("2026-12-09 10:00").says(
        "answer", mine.plan, "--by", "me", "--go-on", "--at", "2026-12-04T10:00:00Z", code=2
    )
    assert "2026-12-04 is past, and past doses cannot change" in said
    assert mine.plan.read_bytes() == before


def test_what_was_answered_in_a_file_comes_into_the_journal(mine: Diary) -> None:
    mine.at("2026-12-07 19:00").says("answer", mine.plan, "--by", "me", "--go-on")
    assert mg_of(mine, "2026-12-08") == [5, 5, 5]
    mine.at("2026-12-08 01:00").says("follow", mine.plan)
    assert sum(mg_of(mine, "2026-12-08")) > 15
    assert mg_of(mine, "2026-12-07") == [5, 5, 5]


# --- a new version ---------------------------------------------------------------------------------------------------


@pytest.fixture
def climbing(mine: Diary) -> Diary:
    """The first review answered; some doses taken on the way. It is Wednesday 9 December, at noon."""
    mine.at("2026-12-07 19:00").says("answer", "--by", "me", "--go-on")
    for day in (7, 8, 9):
        mine.at(f"2026-12-{day:02} 08:00").says("take")
    return mine.at("2026-12-09 12:00")


@pytest.mark.parametrize("change", [("step-back", "--on", "2026-12-11"), ("hold", "--on", "2026-12-11", "--days", "7")])
def test_out_of_the_journal_changed_approved_and_followed(climbing: Diary, change: tuple[str, ...]) -> None:
    paper = climbing.folder / "paper.json"
    days = [f"2026-12-{day:02}" for day in (1, 5, 7, 8, 9, 10)]
    before = {day: mg_of(climbing, day) for day in days}
    told = climbing.at("2026-12-09 12:00").says("history", "--all")
    climbing.says("journal", "plan", "--out", paper)
    assert json.loads(paper.read_text())["plan"]["version"] == 1
    climbing.says(change[0], paper, *change[1:], "--note", "sleepy")
    assert "v2 is draft" in climbing.says("follow", paper, code=2)
    climbing.says("approve", paper, "--by", "Dr A. Name")
    assert "v2, approved by Dr A. Name, is followed from Fri 11 Dec 2026" in climbing.says("follow", paper)
    assert {day: mg_of(climbing, day) for day in days} == before, "earlier days show what they showed"
    climbing.at("2026-12-09 12:00")
    assert told in climbing.says("history", "--all"), "nothing that was written was written anew"
    if change[0] == "step-back":
        assert mg_of(climbing, "2026-12-11") == [5, 5, 5]


def test_a_new_version_that_starts_in_the_past_changes_no_past_day(climbing: Diary) -> None:
    """Approved and followed late: what was shown and taken stays, the new doses hold from today."""
    paper = climbing.folder / "paper.json"
    climbing.says("journal", "plan", "--out", paper)
    climbing.says("step-back", paper, "--on", "2026-12-10")
    climbing.says("approve", paper, "--by", "Dr A. Name")
    before = mg_of(climbing, "2026-12-10"), mg_of(climbing, "2026-12-11")
    climbing.at("2026-12-12 07:00").says("follow", paper)
    assert (mg_of(climbing, "2026-12-10"), mg_of(climbing, "2026-12-11")) == before
    assert mg_of(climbing, "2026-12-12") == [5, 5, 5]


def test_the_draft_of_a_change_is_not_followed_while_the_signed_version_is(climbing: Diary) -> None:
    paper = climbing.folder / "paper.json"
    climbing.says("journal", "plan", "--out", paper)
    climbing.says("step-back", paper, "--on", "2026-12-11")
    before = climbing.file.read_bytes()
    said = climbing.says("follow", paper, code=2)
    assert "v2" in said
    assert "gradatim approve" in said
    assert climbing.file.read_bytes() == before


def test_the_demonstration_holds_two_versions_and_its_past_is_whole(demo: Diary) -> None:
    told = demo.says("history", "--all", "--kind", "plan-approved")
    assert "v1, approved by Dr B. Name" in told
    assert "v2, approved by Dr B. Name" in told
