"""What a phone says without a network: how old its knowledge is, what holds a dose, what has to be seen first, what is left."""

from __future__ import annotations

PACKET: dict[str, str] = {
    # how old it is
    "packet.last-heard": "Last heard from your record on {at}. What somebody else has written down since then is not here.",
    "packet.stale": (
        "This phone has not heard from your record since {at}, so it does not say which dose is due. Ask the person who keeps your plan, "
        "your prescriber or your pharmacist. Do not stop suddenly, and do not take a double dose."
    ),
    "packet.unsettled": (
        "A correction was taken back, and this phone cannot tell what that changes. Connect it to your record before the next dose. If you "
        "cannot, look at what you wrote down, and ask before you take a dose that may have been taken."
    ),
    "packet.clock-behind": "The clock of this phone is behind your record. Set it, or ask before the next dose.",
    "packet.as-of": "As of {at}, {zone}",
    # what is not there
    "packet.nobody": "Nobody is described in this record yet.",
    "packet.no-plan": (
        "No approved plan is in this record, so no dose is shown. If you take baclofen, do not stop suddenly: ask your prescriber or "
        "pharmacist which dose is yours."
    ),
    "packet.no-emergency-number": (
        "The number of the emergency services is not in this program: it has no source for it. Call the number of the country that you are in."
    ),
    # the plan
    "packet.plan-approved": "Plan {plan}, approved by {by} on {day}.",
    "packet.plan-copied": "Plan {plan}, copied by {by} on {day} from the paper of {prescriber}, dated {dated}.",
    "packet.plan-ended": "The plan {plan} was made until {day}. Do not stop suddenly. Call your prescriber and ask how to go on.",
    "packet.review-person": "From {day} the plan waits for you: the dose stays as it is until you say go on.",
    "packet.review-carer": "From {day} the plan waits: the dose stays as it is until your carer says go on.",
    "packet.review-clinician": (
        "From {day} the plan waits: the dose stays as it is until your prescriber, pharmacist or nurse says go on."
    ),
    "packet.review-answered": "Somebody said go on: the next step of the plan begins on {day}.",
    # a dose
    "packet.missed-rule": "If you miss a dose",
    "packet.until": "It can be taken until {until}. After that leave it out, and take the next one at its usual time.",
    "packet.state-before": "Due before this record began. If you are not sure that you took it, leave it out.",
    "packet.state-early": "To come",
    "packet.state-due": "Due now",
    "packet.state-late": "Late, and may still be taken",
    "packet.state-held": "Ask first",
    "packet.state-taken": "Taken",
    "packet.state-skipped": "Left out",
    "packet.state-unsure": "Not sure",
    "packet.state-missed": "Not recorded",
    "packet.done-twice": (
        "It was recorded more than once. If it was taken twice, call a poison centre, your pharmacist or your prescriber now."
    ),
    "packet.done-other": "Recorded: {amount}. The plan has {planned}.",
    # what has to be seen before a dose
    "packet.held": "Do not take the next dose before you have asked. No dose is recorded since {since}.",
    "packet.apart": "Leave at least {least} between two doses.",
    "packet.guard-early": "This dose is not due yet.",
    "packet.guard-missed": "It is too late for this dose. Leave it out, and take the next one at its usual time.",
    "packet.guard-dealt": (
        "Something is recorded about this dose already. If it may have been taken, do not take it again: that could be a double dose."
    ),
    "packet.guard-close": "The last dose was too short a time ago.",
    "packet.guard-told": "Somebody who was asked said what to take. Do as you were told, and record what you really take.",
    "packet.guard-more": "This is more than the plan has.",
    "packet.guard-less": "This is less than the plan has.",
    "packet.guard-extra": "This is beside the plan.",
    # the last takings
    "packet.took": "{at}: {amount}, {units}",
    "packet.took-amount": "{at}: {amount}",
    "packet.took-beside": "{at}: {amount} beside the plan",
    "packet.took-nothing": "No dose is recorded.",
    "packet.medicines-none": "No other medicine is written down.",
    "packet.self": "Written down by the person or a carer, not checked by anybody.",
    # the box
    "packet.box-out": (
        "There is not enough left for the dose on {day}, {at}. Ring your pharmacist or prescriber now. Never stop suddenly."
    ),
    "packet.box-lasts": "The first dose that cannot be made from what you have is on {day}, {at}.",
    "packet.box-lasts-unknown": (
        "The first dose that cannot be made from what you have is on {day}, {at}. It may be sooner, for this was never counted: {products}."
    ),
    "packet.box-unknown": "Nobody knows how long the box lasts. Please count it: {products}.",
    "packet.box-finished": "What you have lasts for every dose of the plan.",
    "packet.box-long": "What you have lasts more than {days} days.",
    "packet.box-no-plan": "No dose is planned, so nothing can be said about the box.",
    # the danger signs
    "packet.level-E": "Emergency services now",
    "packet.level-D": "Prescriber or pharmacist today",
    "packet.level-V": "At the next visit",
}
