"""The fixed sentences of the printed pages: one place to read them, one place to translate them."""

from __future__ import annotations

from gradatim.domain.approval import Role
from gradatim.domain.guardrail import Severity
from gradatim.domain.plan import Answerer, Purpose, State
from gradatim.words.english import INTENDED_USE

DRAFT = "DRAFT – NOT APPROVED – DO NOT TAKE FROM THIS PAGE"

PURPOSES = {
    Purpose.TITRATION: "Way up",
    Purpose.TAPER: "Way down",
    Purpose.CHANGE: "Change of a plan",
}

STATES = {
    State.DRAFT: "DRAFT",
    State.PROPOSED: "PROPOSED, NOT APPROVED",
    State.APPROVED: "APPROVED",
    State.ACTIVE: "APPROVED, IN USE",
    State.SUPERSEDED: "REPLACED BY A NEWER VERSION",
}

ROLES = {
    Role.PRESCRIBER: "prescriber",
    Role.PHARMACIST: "pharmacist",
    Role.NURSE: "nurse",
    Role.PERSON: "the person who takes it",
    Role.CARER: "carer",
}

SEVERITIES = {
    Severity.URGENT: "Urgent",
    Severity.STOP: "Stop",
    Severity.CAUTION: "Caution",
    Severity.INFO: "To know",
}

MAY_ANSWER = {
    Answerer.PERSON: "You, your carer or a clinician may answer.",
    Answerer.CARER: "Your carer or a clinician answers.",
    Answerer.CLINICIAN: "Only a clinician answers: your prescriber, pharmacist or nurse.",
}

SAY = {
    "intended": INTENDED_USE,
    "draft": DRAFT,
    "no_stop": "Do not stop baclofen suddenly.",
    "no_stop_why": "That can cause hallucinations, seizures and death. Do not run out.",
    "missed": "If you miss a dose",
    "emergency": "Emergency",
    "prescriber": "Prescriber",
    "pharmacist": "Pharmacist",
    "danger": "Danger: call emergency services now",
    "danger_line": "Cannot be woken, slow breathing, a seizure (fit), confused, or seeing or hearing things that are not there: call "
    "emergency services now.",
    "danger_where": "All danger signs: page",
    "and_page": "and page",
    "destroy": "When a newer version comes, this one is replaced: destroy every copy of it.",
    "emergency_heading": "Call emergency services now",
    "emergency_how": "Tell them about baclofen: how much was taken and when the last dose was. Stay with the person.",
    "today_heading": "Call today",
    "any_dose": "At any dose",
    "too_much": "Too much taken",
    "too_little": "Doses stopped, cut or missed",
    "overrides": "Limits that a clinician went beyond, and why",
    "supply": "To hand out",
    "supply_note": "This is what the days printed here use. Waiting for a review uses more.",
    "steps": "The steps",
    "checks": "What the check found",
    "no_findings": "No finding.",
    "days": "Day by day",
    "how": "Tick each box when the dose is taken.",
    "day": "Day",
    "doses": "Time, mg, tablets or mL",
    "total": "Total",
    "step": "Step",
    "waiting": "A review is not answered: these doses go on until it is.",
    "after_review": "only after a review",
    "yes": "yes",
    "no": "no",
    "answered": "Answered by",
    "on": "on",
    "nothing": "no dose",
    "stopped": "No baclofen on this day. Watch for danger signs.",
    "printed": "printed",
    "page": "Page",
    "of": "of",
    "no_date": "The clocks of this place skip this date.",
}
