"""All versions of one person's plan, the answers to its reviews, and the life of a version from draft to superseded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from gradatim.domain.approval import Approval, Override
from gradatim.domain.dose import total
from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.domain.finding import Finding
from gradatim.domain.plan import Answerer, Doses, Plan, Review, State, numbered
from gradatim.domain.timeline import Answer, Stretch, as_answered, as_expected, stretch_on


class Blocked(Exception):
    """Approval refused: these findings stop it until a named clinician overrides each with a reason."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(finding.rule for finding in findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The versions of one plan, oldest first. At most the last is a draft or proposal; all others were approved."""

    versions: tuple[Plan, ...]
    answers: tuple[Answer, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if not self.versions:
            raise one_fault("versions", "there is no plan", "Add a first version")
        for place, plan in enumerate(self.versions):
            if plan.id != self.versions[0].id or (place and plan.version <= self.versions[place - 1].version):
                faults.append(
                    Fault(
                        f"versions[{place}]",
                        f"is {plan.rev}",
                        f"Versions of one plan count upwards: v{place + 1} is expected here",
                    )
                )
            if plan.state in (State.DRAFT, State.PROPOSED) and place + 1 < len(self.versions):
                faults.append(
                    Fault(
                        f"versions[{place}].state",
                        f"{plan.state} stands before a later version",
                        "Only the last may be open",
                    )
                )
        reviews = [item for plan in self.versions for item in plan.items if isinstance(item, Review)]
        known = {review.id: review for review in reviews}
        if len(known) < len(reviews):
            faults.append(
                Fault(
                    "versions",
                    "two reviews have the same id",
                    "An answer must belong to one review: give each its own id",
                )
            )
        for place, answer in enumerate(self.answers):
            review = known.get(answer.review)
            if review is None:
                faults.append(
                    Fault(
                        f"answers[{place}].review",
                        f"{answer.review!r} is no review of this plan",
                        f"Use one of: {', '.join(known)}",
                    )
                )
            elif not may_answer(review, answer.role):
                faults.append(
                    Fault(
                        f"answers[{place}].role",
                        f"a {answer.role} may not answer this review",
                        f"It is for the {review.by}",
                    )
                )
        if faults:
            raise BadInput(faults)

    @property
    def latest(self) -> Plan:
        """The newest version, whatever its state."""
        return self.versions[-1]

    def in_force(self, day: date) -> Plan | None:
        """The approved version that governs a day: the newest that had started by then."""
        started = [plan for plan in self.versions if plan.approval is not None and plan.start <= day]
        return started[-1] if started else None

    def to_take(self, day: date) -> Stretch | None:
        """The doses to take on a day: from the version in force, held where a review is not answered. None without one."""
        plan = self.in_force(day)
        return None if plan is None else stretch_on(as_answered(plan, self.answers), day)

    def planned(self, day: date) -> tuple[Plan, Stretch] | None:
        """The doses as planned on a day, from the version that governs it, approved or (the last) still open."""
        started = [plan for plan in self.versions if plan.start <= day]
        stretch = stretch_on(as_expected(started[-1], self.answers), day) if started else None
        return None if stretch is None else (started[-1], stretch)

    def taken_before(self, day: date, times: int) -> Doses | None:
        """The doses to take on the day before, where they are for as many times of day; None where nothing was taken."""
        held = self.to_take(day - timedelta(days=1))
        return None if held is None or len(held.step.doses) != times else held.step.doses

    def stale(self, draft: Plan) -> bool:
        """Whether a draft was made for other doses than those to be taken on the day before it starts."""
        held = self.to_take(draft.start - timedelta(days=1))
        return held is not None and _differ(held.step.doses, draft.before)

    def standing(self, plan: Plan, day: date) -> State:
        """The state of a version seen on a day: approved ones become active when they start, superseded when the next does."""
        if plan.approval is None or (plan.start > day and not self.overtaken(plan)):
            return plan.state
        return State.ACTIVE if self.in_force(day) is plan else State.SUPERSEDED

    def overtaken(self, plan: Plan) -> bool:
        """Whether a later approved version starts no later: then this one never holds."""
        later = self.versions[self.versions.index(plan) + 1 :]
        return any(other.approval is not None and other.start <= plan.start for other in later)

    def with_draft(self, draft: Plan) -> Course:
        """This course with a new draft; an open draft is replaced."""
        kept = self.versions if self.latest.approval is not None else self.versions[:-1]
        version = kept[-1].version + 1 if kept else 1
        if kept and draft.before is None:
            before = Course(versions=kept, answers=self.answers).taken_before(draft.start, len(draft.slots))
            taken = max(draft.on_drug_days, kept[0].on_drug_days + (draft.start - kept[0].start).days)
            draft = replace(draft, before=before, on_drug_days=taken)
        return replace(self, versions=(*kept, replace(draft, version=version, items=numbered(draft.items, version))))


def may_answer(review: Review, role: Answerer) -> bool:
    """A person's review may also be answered by a carer or clinician, a carer's by a clinician."""
    order = (Answerer.PERSON, Answerer.CARER, Answerer.CLINICIAN)
    return order.index(role) >= order.index(review.by)


def propose(course: Course) -> Course:
    """The draft put before the prescriber."""
    if course.latest.state is not State.DRAFT:
        raise one_fault(
            "state",
            f"{course.latest.rev} is {course.latest.state}",
            "Only a draft can be proposed; a change makes a new draft",
        )
    return replace(course, versions=(*course.versions[:-1], replace(course.latest, state=State.PROPOSED)))


def unanswered_stops(findings: tuple[Finding, ...], overrides: tuple[Override, ...]) -> tuple[Finding, ...]:
    """The blocking findings that no override covers."""
    covered = {override.rule for override in overrides}
    return tuple(finding for finding in findings if finding.blocks and finding.rule not in covered)


def approve(
    course: Course, findings: tuple[Finding, ...], approval: Approval, overrides: tuple[Override, ...], on: date
) -> Course:
    """The proposal approved on a local day.

    Raises `Blocked` while a stop finding is not overridden, and `BadInput` when the version is not proposed, would change days
    before ``on`` that an approved version governs, or an override names no finding.
    """
    plan = course.latest
    faults = []
    if plan.state is not State.PROPOSED:
        faults.append(
            Fault(
                "state",
                f"{plan.rev} is {plan.state}",
                "Only a proposed plan can be approved; a change makes a new draft",
            )
        )
    if plan.start < on and course.in_force(on - timedelta(days=1)) is not None:
        remedy = f"Let the new version start on {on} or later"
        faults.append(
            Fault("start", f"{plan.start} is past, and a plan already governs it: past doses cannot change", remedy)
        )
    if course.stale(plan):
        said = f"{plan.rev} was made for other doses than those to be taken right before it"
        remedy = "Record the answers that were given (gradatim answer) and make it anew, or begin a plan of its own"
        faults.append(Fault("before", said, remedy))
    stops = {finding.rule for finding in findings if finding.blocks}
    faults += [
        Fault(
            f"override.{o.rule}",
            "is no stop finding of this plan",
            f"The stops are: {', '.join(sorted(stops)) or 'none'}",
        )
        for o in overrides
        if o.rule not in stops
    ]
    if faults:
        raise BadInput(faults)
    if left := unanswered_stops(findings, overrides):
        raise Blocked(left)
    approved = replace(plan, state=State.APPROVED, approval=approval, overrides=overrides)
    return replace(course, versions=(*course.versions[:-1], approved))


def _differ(held: Doses, before: Doses | None) -> bool:
    """Whether a plan was made for other doses: by time of day where it has as many, else by the day's total."""
    if before is None:
        return False
    return held != before if len(held) == len(before) else total(held) != total(before)


def answer(course: Course, given: Answer) -> Course:
    """The course with one more answer. Answers are never taken out; a later one may say otherwise.

    Raises `BadInput` for a review of a version that is not approved; and for a "go on" that would change the doses right
    before an approved version that is still to start: that version was made for the doses as they are. "Not yet" may be said
    at any time.
    """
    after = replace(course, answers=(*course.answers, given))
    plan = _version_of(course, given.review)
    if plan.approval is None:
        raise one_fault(
            "review", f"{plan.rev} is not approved, so {given.review} cannot be answered", "Have it approved first"
        )
    for later in course.versions[1:] if given.go_on else ():
        before = course.to_take(later.start - timedelta(days=1))
        moved = after.to_take(later.start - timedelta(days=1))
        changed = (before and before.step.doses) != (moved and moved.step.doses)
        if later.approval is not None and not course.overtaken(later) and later.start > given.from_day and changed:
            remedy = "Have that version made anew, or let it start first"
            raise one_fault(
                "review", f"{later.rev} starts on {later.start} and was made for the doses as they are", remedy
            )
    return after


def answer_when_due(course: Course, given: Answer) -> Course:
    """As `answer`, for a "go on" that somebody types: only to the review that comes next, and not earlier than the day before
    it is due, so that nobody opens the whole climb in one evening."""
    if given.go_on:
        waiting = as_answered(_version_of(course, given.review), course.answers)[-1]
        if waiting.waiting != given.review:
            nothing = "nothing waits" if waiting.waiting is None else f"{waiting.waiting} comes first"
            raise one_fault(
                "review", f"{given.review} is not the review that comes next: {nothing}", "Answer one after the other"
            )
        eve = waiting.first + timedelta(days=(waiting.step.days or 0) - 1)
        if given.on < eve:
            raise one_fault(
                "review",
                f"{given.review} may be answered from {eve}, not yet on {given.on}",
                "Wait until the dose has been felt",
            )
    return answer(course, given)


def _version_of(course: Course, review: str) -> Plan:
    for plan in course.versions:
        if any(isinstance(item, Review) and item.id == review for item in plan.items):
            return plan
    raise one_fault(
        "review", f"{review!r} is no review of this plan", "Leave --review out: the one that waits is taken"
    )
