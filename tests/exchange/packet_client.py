"""A small phone: what it shows of a packet at an instant, with what it has not sent yet. The app does the same in TypeScript.

It works on the plain document. It compares instants, days and ids, and adds minutes and hours to instants; it computes no dose. Instants
are UTC texts of one shape, so they compare as texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from gradatim.domain.clock import Instant

Data = dict[str, Any]
TO_TAKE, OPEN = ("due", "late"), ("due", "late", "held", "early")
DEALT = {"dose-taken": "taken", "dose-skipped": "skipped", "dose-unsure": "unsure"}
GUARDED = (*DEALT, "extra-dose", "watch-answered", "correction")  # what the gap guard looks at
MANY = 6  # takings at least are in the packet, where there are so many


def show(packet: Data, now: str, unsent: Sequence[Data] = ()) -> Data:
    """What the phone shows at ``now``. ``unsent`` are entries in the order in which they were written, with ``kind`` and ``at``, and ``id``,
    ``dose``, ``sign``, ``by``, ``said`` as fits; a correction ``corrects`` another, and has what it says ``instead``, or None."""
    at = max(now, packet["built"])
    packet, mine = settled(packet, [one for one in unsent if one["at"] <= at])
    mine = sorted(mine, key=lambda one: str(one["at"]))
    age = "stale" if at > packet["good_until"] else "old" if at > packet["fresh_until"] else "fresh"
    asks = [alarm["text"] for alarm in packet["alarms"] if alarm["level"] == "E" and alarm["first"] <= at] + _grave(
        packet, mine
    )
    shown: Data = {"age": age, "clock_behind": now < packet["built"], "ask_first": bool(asks), "doses": []}
    shown |= dict.fromkeys(("day", "due", "offer", "next", "wait_until", "held_since", "told"))
    says = [packet["words"]["clock_behind"]] if now < packet["built"] else []
    says += [*asks, packet["words"]["ask_first"]] if asks else []
    if age == "stale":
        return shown | {"says": [*says, packet["words"]["stale"]]}
    says += [packet["words"]["last_heard"]] if age == "old" else []
    day = next(one for one in reversed(packet["days"]) if one["begins"] <= at)
    since = _held_since(packet, at, day, mine)
    states = [(dose, _state(packet, dose, at, mine, held=since is not None)) for dose in packet["doses"]]
    here = [
        (dose, state)
        for dose, state in states
        if dose["day"] == day["day"] or (_before(day["day"], 2) <= dose["day"] < day["day"] and state in OPEN)
    ]
    due = next((dose for dose, state in here if state in TO_TAKE), None)
    wait = None if due is None else _wait(packet, due, at, mine)
    told = _told(packet, at, mine)
    unsettled = any(one["kind"] == "unsettled" for one in mine)
    offered = due is not None and not asks and wait is None and told is None and not unsettled
    after = (dose for dose, state in states if dose["due"] > at and state not in DEALT.values())
    says += [*packet["words"]["missing"], *day["says"]]
    says += [packet["words"]["unsettled"]] if unsettled else []
    if since is not None:
        says += [*(span["text"] for span in packet["guard"]["held"] if span["since"] == since), packet["guard"]["text"]]
    elif told is not None:
        says.append(told["text"])
    if due is not None and offered:
        says += [due["take" if dict(_ids(here))[due["id"]] == "due" else "late"], due["until"]]
    elif due is not None and wait is not None:
        says.append(next(one["apart"] for one in packet["days"] if one["day"] == due["day"]))
    quiet = due is None and since is None and told is None and not asks
    says += [dose["missed"] for dose, state in here if state == "missed" and quiet]
    return shown | {
        "day": day["day"], "doses": [{"id": id, "state": state} for id, state in _ids(here)], "due": due and due["id"],
        "offer": due["id"] if due is not None and offered else None, "next": next((dose["id"] for dose in after), None),
        "wait_until": wait, "held_since": since, "told": told and told["at"], "says": says,
    }  # fmt: skip


def settled(packet: Data, unsent: Sequence[Data]) -> tuple[Data, list[Data]]:
    """The packet without what was taken back since, and what stands of the unsent. ``correction`` among these: something of the packet was
    taken back, so compare anew. ``unsettled``: what stands now, only the record can tell."""
    by_id = {one["id"]: one for one in unsent if "id" in one}
    pointing: dict[str, list[Data]] = {}
    for place, one in enumerate(unsent):
        target = by_id.get(one["corrects"]) if one.get("corrects") else None
        circles = (
            target is not None and target["kind"] == "correction" and (one["instead"] or target not in unsent[:place])
        )
        if one.get("corrects") and not circles:
            pointing.setdefault(one["corrects"], []).append(one)
    undone: set[str] = set()
    for one in reversed(unsent):
        if one.get("corrects") and any(other["id"] not in undone for other in pointing.get(one["id"], ())):
            undone.add(one["id"])
    last = {id: [one for one in these if one["id"] not in undone][-1:] for id, these in pointing.items()}
    standing = {id: these[0] for id, these in last.items() if these}
    mine: list[Data] = []
    for one in unsent:
        if one.get("corrects"):
            continue
        change = standing.get(one.get("id", ""))
        if change is None:
            mine.append(one)
        elif change["instead"]:
            mine.append({"at": one["at"], **change["instead"]})
    return _without(packet, {id: one for id, one in standing.items() if id not in by_id}, mine)


def _without(packet: Data, changed: dict[str, Data], mine: list[Data]) -> tuple[Data, list[Data]]:
    if not changed:
        return packet, mine
    guard, said = packet["guard"], [one for dose in packet["doses"] if dose["done"] for one in _said(dose["done"])]
    known = {one["entry"]: one["at"] for one in (*said, *packet["takings"], *packet["told"], *guard["answers"])}
    for id, one in changed.items():
        if id in guard["weighed"]:
            mine.append({"kind": "unsettled", "at": one["at"]})
        mine.append({"kind": "correction", "at": one["at"]})
        if one["instead"]:
            mine.append({"at": known.get(id, one["at"]), **one["instead"]})
    takings = [one for one in packet["takings"] if one["entry"] not in changed]
    fewer = len(takings) < len(packet["takings"]) >= MANY
    if fewer and not any(one["ends_gap"] for one in takings):  # those before are not in the packet
        mine.append({"kind": "unsettled", "at": packet["built"]})
    return packet | {
        "doses": [dose | {"done": _left(dose["done"], changed)} for dose in packet["doses"]], "takings": takings,
        "told": [one for one in packet["told"] if one["entry"] not in changed],
        "guard": guard | {"answers": [one for one in guard["answers"] if one["entry"] not in changed]},
    }, mine  # fmt: skip


def _said(done: Data) -> list[Data]:
    return [done, *done["others"]]


def _left(done: Data | None, changed: dict[str, Data]) -> Data | None:
    """What is left of what was said about a dose: the first that was not taken back counts."""
    left = [one for one in _said(done) if one["entry"] not in changed] if done else []
    return left[0] | {"others": left[1:]} if left else None


def _ids(doses: list[tuple[Data, str]]) -> list[tuple[str, str]]:
    return [(dose["id"], state) for dose, state in doses]


def _grave(packet: Data, mine: list[Data]) -> list[str]:
    """What to do about a sign that was noted and not sent: at once, for an emergency."""
    acts = {sign["id"]: sign["act"] for sign in packet["signs"] if sign["level"] == "E"}
    noted = [one["sign"] for one in mine if one["kind"] == "symptom"]
    meant = [
        one["means"] for one in packet["meanings"] if one["beside"] == "nothing" and set(one["noted"]) & set(noted)
    ]
    return [acts[id] for id in dict.fromkeys([*noted, *meant]) if id in acts]


def _dealt(dose: Data, mine: list[Data]) -> str | None:
    """Taken outranks the rest; of others the last."""
    kinds = [dose["done"]["what"]] if dose["done"] else []
    kinds += [one["kind"] for one in mine if one.get("dose") == dose["id"]]
    if not kinds:
        return None
    return "taken" if "dose-taken" in kinds else DEALT[kinds[-1]]


def _state(packet: Data, dose: Data, at: str, mine: list[Data], *, held: bool) -> str:
    dealt = _dealt(dose, mine)
    if dealt is not None:
        return dealt
    if at < dose["due"]:
        return "early"
    since = packet["guard"]["since"]
    if since is None or dose["due"] < since:
        return "before"
    if at > dose["closes"]:
        return "missed"
    if held:
        return "held"
    return "due" if at <= dose["on_time_until"] else "late"


def _takings(packet: Data, at: str, mine: list[Data]) -> list[tuple[str, bool]]:
    known = [(one["at"], one["ends_gap"]) for one in packet["takings"]]
    known += [
        (one["at"], one["kind"] == "dose-taken" or "guard-gap" in one.get("despite", ()))
        for one in mine
        if one["kind"] in ("dose-taken", "extra-dose")
    ]
    return sorted(one for one in known if one[0] <= at)


def _wait(packet: Data, due: Data, at: str, mine: list[Data]) -> str | None:
    taken = _takings(packet, at, mine)
    if not taken:
        return None
    least = next(one["least_apart"] for one in packet["days"] if one["day"] == due["day"])
    until = plus(taken[-1][0], least * 60)
    return until if at < until else None


def _held_since(packet: Data, at: str, day: Data, mine: list[Data]) -> str | None:
    """What the packet says; and compared anew as soon as something is not sent that the record would count."""
    if any(one["kind"] in GUARDED for one in mine):
        return compared(packet, at, day, mine)
    spans = packet["guard"]["held"]
    return next((s["since"] for s in spans if s["first"] <= at and (s["until"] is None or at < s["until"])), None)


def compared(packet: Data, at: str, day: Data, mine: list[Data]) -> str | None:
    """The gap guard by comparison: since when there has been no dose, where that holds the next one."""
    guard = packet["guard"]
    hours = guard["hours"] * 3600
    last: str | None = None
    for when, ends in _takings(packet, at, mine):
        if last is None or ends or when <= plus(last, hours):
            last = when
    since = guard["since"] if last is None else last
    if guard["since"] is None or (last is None and not day["on_drug"]) or at <= plus(since, hours):
        return None
    back = _before(day["day"], guard["look_back_days"])
    doses = [dose for dose in packet["doses"] if dose["due"] > since and back <= dose["day"] <= day["day"]]
    passed = [(dose, _state(packet, dose, at, mine, held=False)) for dose in doses]
    passed = [(dose, state) for dose, state in passed if state not in ("taken", "early", "before")]
    if last is None and passed:
        since = max(since, passed[0][0]["due"])
    limit = plus(since, hours)
    still = plus(limit, guard["on_time_minutes"] * 60)
    if not any(state not in TO_TAKE for _, state in passed) or at <= limit:
        return None
    if any(dose["due"] <= still and at <= dose["on_time_until"] for dose, _ in passed):
        return None
    answers = [(one["at"], one["until"]) for one in guard["answers"]]
    answers += [
        (one["at"], min(plus(one["at"], hours + 1), one.get("until") or "9")) for one in mine if _about_a_gap(one)
    ]
    return None if any(since < when <= at < until for when, until in answers) else str(since)


def _about_a_gap(one: Data) -> bool:
    return str(one["kind"]) == "watch-answered" and one.get("rule", "gap") == "gap"


def _told(packet: Data, at: str, mine: list[Data]) -> Data | None:
    """The last that was said counts, until it ends or a plan knows it."""
    newest, ends = packet["guard"]["planned"] or "", packet["guard"]["told_hours"] * 3600 + 1
    known = [one for one in packet["told"] if one["first"] <= at]
    known += [
        {"at": one["at"], "until": plus(one["at"], ends) if one["at"] > newest else one["at"], "text": one["said"]}
        for one in mine
        if _about_a_gap(one) and one["at"] <= at
    ]
    last = max(reversed(known), key=lambda one: str(one["at"]), default=None)
    return None if last is None or at >= last["until"] else last


def plus(at: str, seconds: int) -> str:
    """An instant so many seconds later."""
    return Instant.parse(at).plus(seconds).iso()


def _before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
