"""What the events of a calendar file say."""

from __future__ import annotations

CALENDAR_FILE: dict[str, str] = {
    # titles. The drug as it is called in this language: it is taken out of files with neutral names
    "calendar.drug": "Baclofen",
    "calendar.the-medicine": "the medicine",
    "calendar.dose": "{drug} {dose}: {units}",
    "calendar.dose-draft": "DRAFT, not approved: {drug} {dose}: {units}",
    "calendar.dose-waits": "If the review said go on: {drug} {dose}: {units}",
    "calendar.dose-waits-draft": "DRAFT, not approved: If the review said go on: {drug} {dose}: {units}",
    "calendar.item": "Time for the {at} item",
    "calendar.item-draft": "DRAFT, not approved: Time for the {at} item",
    "calendar.cancelled": "CANCELLED: this dose is no longer in the plan",
    "calendar.cancelled-item": "CANCELLED: this item is no longer in the plan",
    "calendar.name": "{drug} plan",
    "calendar.name-of": "{drug}: {name}",
    "calendar.name-neutral": "Plan",
    # what is said of a dose
    "calendar.draft": "This is a draft. It is not approved: do not take doses by it.",
    "calendar.when": "{day}, {at}, {zone}.",
    "calendar.clocks-change": "On other days at {at}: the clocks change on this day.",
    "calendar.missed": "If it was missed: {rule}",
    "calendar.for": "For {name}.",
    "calendar.step": "Step {number} of {steps}: {why}.",
    "calendar.plan": "Plan {plan}, file made on {day}.",
    "calendar.valid": "Valid until {day}. The doses do not stop then, but somebody has to look at the plan.",
    "calendar.approved-by-nobody": "Approved by nobody so far.",
    "calendar.approved": "Approved by {by}, {role}, on {day}.",
    "calendar.copied": "Copied from {whose}'s paper of {dated} by {by}, {role}.",
    # a dose behind a review
    "calendar.nothing": "nothing",
    "calendar.only-if": 'Only if the review before this step was answered with "go on"; otherwise keep taking {doses}.',
    "calendar.only-if-all": (
        'Only if all {gates} reviews before this step were answered with "go on"; otherwise stay with the step that you are on. '
        "While none of them is answered keep taking {doses}."
    ),
    "calendar.review-person": (
        'Before the next step there is a review on {day}, for the person: {asks} Nothing changes until it is answered with "go on".'
    ),
    "calendar.review-carer": (
        'Before the next step there is a review on {day}, for the carer: {asks} Nothing changes until it is answered with "go on".'
    ),
    "calendar.review-clinician": (
        'Before the next step there is a review on {day}, for the clinician: {asks} Nothing changes until it is answered with "go on".'
    ),
    "calendar.review-open-person": (
        'Before the next step there is a review, for the person: {asks} Nothing changes until it is answered with "go on".'
    ),
    "calendar.review-open-carer": (
        'Before the next step there is a review, for the carer: {asks} Nothing changes until it is answered with "go on".'
    ),
    "calendar.review-open-clinician": (
        'Before the next step there is a review, for the clinician: {asks} Nothing changes until it is answered with "go on".'
    ),
}
