"""What is said of the watch: danger signs and what to do."""

from __future__ import annotations

_IF_AT_RISK = "If you are under 18, have weak kidneys, or take an opioid or alcohol, call emergency services now, whatever the amount."

WATCH: dict[str, str] = {
    # doses not taken
    "watch.withdrawal-missed": (
        "Noted: {signs}. Doses that the record does not show as taken in full: {doses}, the first on {day}, {at}."
    ),
    "watch.withdrawal-cut": "Noted: {signs}. The plan went down from {old} to {new} a day on {day}.",
    "watch.withdrawal-scores": (
        "Your scores show clearly more stiffness or worse sleep, and doses were cut, or are not recorded as taken in full."
    ),
    "watch.pump": "Noted: {signs}. You have a baclofen pump.",
    "watch.gap": "No dose is recorded for {hours} hours. The last one was on {day}, {at}.",
    "watch.gap-ended": (
        "After {hours} hours without a dose, {amount} is recorded on {day}, {at}, and nobody is recorded as asked. Call your prescriber or "
        "pharmacist before the next dose. Going back to the full dose alone can be too much. If you are hard to wake or breathe slowly, "
        "call emergency services."
    ),
    "watch.gap-never": "No dose is recorded since the first one was due, on {day}, {at}: {hours} hours.",
    # too much
    "watch.overdose-signs": "{amount} more than planned is recorded, and since then was noted: {signs}.",
    "watch.overdose-large": (
        "{total} within 24 hours is recorded, and that is more than planned. The first dose beyond the plan was on {day}, {at}."
    ),
    "watch.overdose-child": "{amount} more than planned is recorded, on {day}, {at}, for a person under 18.",
    "watch.overdose-kidneys": "{amount} more than planned is recorded, on {day}, {at}, and the kidneys are weak.",
    "watch.overdose-beside": "{amount} more than planned is recorded, on {day}, {at}, beside {medicines}.",
    "watch.overdose-signs-together": "Two doses were taken close together, and since then was noted: {signs}.",
    "watch.overdose-signs-told": "It was noted that an extra dose was taken, and since then: {signs}.",
    "watch.overdose-child-told": "An extra dose was noted, on {day}, {at}, for a person under 18.",
    "watch.overdose-kidneys-told": "An extra dose was noted, on {day}, {at}, and the kidneys are weak.",
    "watch.overdose-beside-told": "An extra dose was noted, on {day}, {at}, beside {medicines}.",
    "watch.extra-dose": "{amount} more than planned is recorded, on {day}, {at}.",
    "watch.extra-dose-unknown": (
        f"{{amount}} more than planned is recorded, on {{day}}, {{at}}. The age or the kidneys are not known here. {_IF_AT_RISK}"
    ),
    "watch.dose-twice": (
        "One dose is recorded twice: {amount} more, on {day}, {at}. If it was taken once, take one entry back. If it was taken twice, "
        "or nobody is sure, do this:"
    ),
    "watch.dose-twice-unknown": (
        "One dose is recorded twice: {amount} more, on {day}, {at}. If it was taken once, take one entry back. If it was taken twice, "
        f"or nobody is sure: the age or the kidneys are not known here. {_IF_AT_RISK} Otherwise do this:"
    ),
    "watch.doses-together": (
        "Two doses are recorded {minutes} minutes apart, the second on {day}, {at}. The rule for missed doses keeps them {least} "
        "minutes apart. If a time is wrong, correct it. If both were taken then, do this:"
    ),
    # signs
    "watch.sign": "Noted: {signs}, last on {day}, {at}.",
    "watch.sleepy-beside": (
        "Noted: {signs}, last on {day}, {at}, beside an opioid or alcohol. Together they can slow breathing. Call your prescriber or "
        "pharmacist today. Do not drive or use machines. If breathing is slow or you are hard to wake, call emergency services."
    ),
    "watch.sleepy-unexplained": (
        "Noted: {signs}, last on {day}, {at}. No rise of the dose in the last 14 days explains it. Call your prescriber or pharmacist "
        "today. Do not drive or use machines. If you become confused or are hard to wake, call emergency services."
    ),
    "watch.kidneys-weak": "Noted: {signs}. The kidneys are weak.",
    "watch.kidneys-medicine": "Noted: {signs}, after this was begun: {medicines}.",
    "watch.breathing": "Noted: {signs}, beside {medicines}.",
    "watch.reactions": (
        "Noted: {signs}. The sources give this no level. Tell your prescriber at your next visit. If it is new, strong or gets worse, "
        "call your prescriber or pharmacist today. Look at the danger signs too."
    ),
    "watch.noted": (
        "You wrote: {signs}. The watch does not know these words and has not judged them. Look at the danger signs. If it worries "
        "you or gets worse, call your prescriber or pharmacist today."
    ),
    # what the dose may have changed
    "watch.after-rise": (
        "Weakness, worse walking or a fall is recorded after the dose went up from {old} to {new} a day on {day}."
    ),
    "watch.fall": (
        "Entries of a fall in the last 14 days: {count}. No rise of the dose came before. Tell your prescriber about every fall. "
        "If you hit your head or are hurt, call emergency services now."
    ),
    "watch.stiffer": (
        "The doses are recorded as taken, and your stiffness scores of the last 3 days, {now} or more, are all higher than those of "
        "the week before, {before} or less."
    ),
    "watch.mood": (
        "Your mood scores of the last 3 days, {now} or less, are all lower than those of the week before, {before} or more. Tell your "
        "prescriber. If you think of harming yourself, call your doctor straight away, or go to a hospital. If you may act on it, "
        "call emergency services now. Do not stop baclofen suddenly."
    ),
    # other medicines
    "watch.interaction": "Recorded: {medicines} ({with_class}), on {day}, {at}. Tell your prescriber at your next visit.",
    "watch.interaction-today": (
        "Recorded: {medicines} ({with_class}), on {day}, {at}. Call your prescriber or pharmacist today and say that you take both. "
        "Do not stop baclofen suddenly."
    ),
    "watch.medicine-unlisted": (
        "Recorded: {medicines}. It is not in the list of medicines that this program knows, so nothing was checked. Ask your "
        "pharmacist whether it goes with baclofen."
    ),
    "watch.surgery": "An operation or a hospital stay is written down for {day}. Take your dose calendar with you.",
    # what somebody has to look after
    "watch.plan-conflict": (
        "Two different plans are recorded as {plan}. The one written down first is followed here. Call your prescriber today and ask "
        "which one is right. Do not stop baclofen in the meantime."
    ),
    "watch.plan-ended": (
        "The plan {plan} was made until {day}, and that day is past. Do not stop suddenly. Call your prescriber today and ask how to "
        "go on."
    ),
    "watch.review-overdue": (
        "A review was due on {day}, {days} days ago, and is not answered. The dose stays as it is until then. Ask the person who "
        "answers it."
    ),
    "watch.bottle-old": (
        "Open for longer than it keeps: {products}. The last day to use it was {day}. Ask your pharmacist for a new bottle today. Do not stop suddenly: "
        "ask what to take until you have it."
    ),
    "watch.bottle-unknown": (
        "How long this keeps once opened is not known here: {products}. Read it on the bottle or ask your pharmacist, and write it down."
    ),
    "watch.expired": (
        "Past the day printed on the pack: {products}, {day}. Ask your pharmacist for a new pack today. Do not stop suddenly: ask what "
        "to take until you have it."
    ),
    "watch.kidneys-unknown": (
        "No kidney test is recorded. Weak kidneys let baclofen build up. Ask your prescriber at your next visit whether your kidneys "
        "were tested."
    ),
    "watch.kidneys-low": (
        "The kidneys are recorded as weaker than when this plan was approved, and the plan has {planned} a day. Ask your prescriber or "
        "pharmacist today whether the dose is still right. Do not stop by yourself: stopping suddenly is dangerous too."
    ),
    "watch.kidneys-old": (
        "The last kidney test recorded is from {day}, more than {days} days ago. Ask your prescriber at your next visit whether it "
        "should be done again. No source gives an interval; this one is ours."
    ),
    "watch.kidneys-recheck": (
        "{medicines} can weaken the kidneys, and the last kidney test recorded, of {day}, is older. Ask your prescriber whether to "
        "test again."
    ),
    "watch.dose-disputed": (
        "About the dose of {day}, {at}, one entry says taken and another says not. It counts as taken, so that nobody takes it twice. "
        "Ask the people who wrote it, and correct the wrong one."
    ),
    "watch.set-aside": (
        "Entries that are kept but do not count: {count}. Look at the history: it says why, and what to do."
    ),
}
