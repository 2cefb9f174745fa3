"""The English templates: whole sentences, never fragments. Keys name what is said; translations translate the sentences."""

from __future__ import annotations

INTENDED_USE = (
    "Gradatim helps people follow, record and discuss a baclofen plan that their prescriber has approved. It checks plans against "
    "published limits and shows its sources. It does not diagnose, does not decide doses, and does not replace a prescriber, a "
    "pharmacist or emergency services."
)

TEMPLATES = {
    # limits of the monograph
    "limit.start_day": "The first day has {value}; the limit for a start is {bound} a day.",
    "limit.start_dose": "The first doses are {value}; the limit for a first dose is {bound}.",
    "limit.start_day_per_kg": "The first day has {value}; the limit for a start is {bound} a day.",
    "limit.start_fraction": "The first day has {value}; with these kidneys ({kidney}) at most {bound} of the usual start is advised.",
    "limit.step_day": "On {day} the day's total rises by {value}; the limit for one step is {bound} a day.",
    "limit.step_dose": "On {day} one dose rises by {value}; the limit for one step is {bound} a dose.",
    "limit.step_interval": "On {day} the dose rises after {value}; it should stay at least {bound} between rises.",
    "limit.dose": "From {day} one dose is {value}; the limit for a single dose is {bound}.",
    "limit.day": "From {day} the day's total is {value}; the limit is {bound} a day.",
    "limit.day_per_kg": "From {day} the day's total is {value}; the limit is {bound} a day.",
    "limit.day_ceiling": "From {day} the day's total is {value}; no source goes beyond {bound} a day.",
    "limit.day_flag": "From {day} the day's total is {value}; with these kidneys ({kidney}) harm is known from {bound} a day.",
    "limit.dose_gap": "Two doses are {value} apart; they should be at least {bound} apart.",
    "limit.avoid": "Baclofen should not be taken here.",
    "limit.avoid-kidneys": "Baclofen should not be taken with these kidneys ({kidney}).",
    "limit.avoid_tablets": "Tablets are not suitable here; use a liquid.",
    "limit.taper_total": "The way down lasts {value}; it should take at least {bound}.",
    "limit.taper_step_day": "On {day} the day's total falls by {value}; the limit for one cut is {bound} a day.",
    "limit.taper_step_fraction": "On {day} the day's total falls by {value}; the limit for one cut is {bound} of the dose before.",
    "limit.taper_interval": "On {day} the dose falls after {value}; it should stay at least {bound} between cuts.",
    "limit.taper_last_day": "On {day} the drug is stopped from {value} a day; the last dose before stopping should be at most {bound} a day.",
    "limit.taper_prescriber": "The way down should be the prescriber's own schedule, watched closely.",
    # the person
    "renal.unknown": "Kidney function is not known. The kidneys clear baclofen: give creatinine with age, sex and weight, or the eGFR.",
    "renal.disagree-30": "The kidney formulae disagree: {low_by} gives {low}, {high_by} gives {high} mL/min. Under 30 baclofen is avoided.",
    "renal.disagree-60": "The kidney formulae disagree: {low_by} gives {low}, {high_by} gives {high} mL/min. Go by the lower one.",
    "person.locale-unknown": "No country is given: the limits that are bound to no country are used.",
    "slip.weight": "A weight of {weight} is far from what is usual at {age}. Is it a slip of the pen?",
    "person.age-unknown": "The age is not known; the limits of adults are used.",
    "person.child-weight-unknown": "The weight of this child is not known, so the dose cannot be checked. Give the weight.",
    "condition": "{condition}: this needs care with baclofen.",
    "interaction": "{medicines} ({with_class}): a {level} interaction with baclofen.",
    "medicine.not-listed": "Nothing is known here about {medicines} with baclofen. Ask a pharmacist.",
    # slips
    "slip.tenfold": "A first dose of {dose} is ten times the usual {usual} or more. Is it a slip of the pen?",
    "slip.tenfold-jump": "On {day} the day's total jumps from {old} to {new}, ten times or more. Is it a slip of the pen?",
    "slip.tiny": "A dose of {dose} is below {smallest}. Is the unit right?",
    # the plan and its protocol
    "plan.no-review": "The dose rises step after step and nobody is asked whether to go on.",
    "plan.time-unused": "No dose is ever planned at {times}.",
    "protocol.times": "Doses a day: {times} here, {usual} in {protocol}.",
    "protocol.faster-interval": "On {day} the dose rises after {days} days; {protocol} waits at least {usual}.",
    "protocol.faster-step": "On {day} the day's total rises by {step}; {protocol} rises by at most {usual}.",
    "protocol.above-maximum": "The plan reaches {day_total} a day; {protocol} stops at {usual}.",
    "protocol.population": "{protocol} was written for others: {applies_to}.",
    "protocol.market": "{protocol} comes from {markets}; the person lives in {market}.",
    "protocol.only-for": "{protocol} is only for {only_for}.",
    "taper.faster-total": "The way down takes {days} days; {protocol} takes at least {usual}.",
    "taper.faster-step": "A cut of {step} a day is larger than {protocol} has, {usual}.",
    "taper.faster-share": "A cut is larger than the {usual} % of {protocol}.",
    "taper.faster-interval": "Cuts come after {days} days; {protocol} waits at least {usual}.",
    "taper.needs": "{protocol} was used only under this condition: {needs}.",
    "taper.for-longer-use": "{protocol} is meant for people who have taken baclofen for more than {usual} days.",
    # products
    "product.two-strengths": "Two liquids of different strength are in use: {products}. A mix-up can be a tenfold error. Choose one.",
    "product.strength-changed": "The liquid changes from {old} to {new}: the same mL would be another dose. Confirm the change and return the old bottle.",
    "product.form-changed": "The plan changes between tablets and liquid; it now uses {products}.",
    "product.split-hands": "Tablets have to be split ({products}), and the hands are unsteady. Consider a strength that needs no splitting.",
    "product.quarters": "Quarter tablets are used ({products}). Pieces this small vary in their dose.",
    "product.only-for": "{product} is licensed only for {only_for}.",
    # what a review asks
    "ask.sleepiness-bearable": "Is the sleepiness bearable?",
    "ask.walking-no-worse": "Is walking and standing no worse than before?",
    "ask.no-danger-sign": "Is there no danger sign?",
    "ask.no-withdrawal-sign": "No strange thoughts, no seeing or hearing things, no fever, no new itching?",
    "ask.spasms-bearable": "Are the stiffness and spasms bearable?",
    "ask.recovered": "Have the troubles that led to the step back gone?",
    # why an item is in the plan
    "because.start": "Start",
    "because.rise": "Step up",
    "because.table": "As written in the prescriber's table",
    "because.cut": "Step down",
    "because.stopped": "Stopped: no more doses",
    "because.hold": "Hold: the dose rests",
    "because.step-back": "Step back: the dose before",
    "because.half-step": "Half a step down",
    "because.as-before": "As before",
    # what changed between two versions
    "change.dose": "from {day}: {times} {old} → {new}",
    "change.dose-until": "from {day} to {last}: {times} {old} → {new}",
    "change.dose-on": "on {day}: {times} {old} → {new}",
    "change.time": "from {day}: the {old} dose moves to {new}",
    "change.products": "from {day}: made from {new} instead of {old}",
}
