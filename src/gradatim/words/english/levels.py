"""What is said of drug levels: what a curve is, whom it is for, how plans compare. Nothing is said of effect: no usable link was found."""

from __future__ import annotations

LEVELS = {
    # the head, and what the lines mean
    "levels.figure": "{name}, {days}, {unit}",
    "levels.title": "Level of baclofen in the blood, as a model expects it",
    "levels.typical": "typical person",
    "levels.band": "{percent} of 100 made-up people lie in the band",
    "levels.band-inner": "{percent} of 100 in the darker one",
    "levels.middle": "middle of the people ({percent} %)",
    "levels.reference": "{name}, for comparison",
    "levels.at-most": "if the doses not recorded were taken",
    "levels.unknown-sign": "a dose not recorded",
    "levels.doses": "mg a day",
    "levels.by-day": "lowest to highest of each day",
    "levels.taken": "what was taken",
    "levels.plan": "the plan",
    "levels.missed": "{name}, without the doses of {period}",
    # why there is none
    "levels.none-age": "No level is drawn: the age is not known, and children have a model of their own. Add it to the person.",
    "levels.none-weight": "No level is drawn: the model for children needs the weight. Write it down, and the level can be drawn.",
    "levels.none-dialysis": "No level is drawn: with dialysis it hangs on the hours of each session, and those are not in the record.",
    "levels.none-model": "No level is drawn: no model of the library fits what is known of this person.",
    "levels.none-many": "No level is drawn: more doses are recorded in these days than can be worked out here.",
    "levels.none-day": "No level is drawn yet: it shows whole days, and none is over. Come back tomorrow.",
    "levels.none-ahead": "No level is drawn: no dose is planned in the coming days.",
    # what it is
    "levels.not-measured": "A model expects these levels of a typical person. Nobody measured them. Your own may lie anywhere in the band, or outside it.",
    "levels.not-measured-alone": "A model expects these levels of a typical person. Nobody measured them. Your own may be higher or lower.",
    "levels.no-effect": (
        "A level does not tell how well a dose works, or how sleepy it makes: no usable link was found. Change no dose because of it; ask your prescriber."
    ),
    "levels.no-spread": "How far people differ was not found for this model, so no band is drawn.",
    "levels.people": "The band is that of {people} made-up people with the same kidneys and weight, who differ in {varied} as the model says.",
    "levels.as-taken": (
        "In the bands of plans these people miss doses and take them late as the journal shows: {days} days of it, drawn again {block} at a time. "
        "Of its {doses} doses {missed} count as not taken; about {unrecorded} of these nothing is recorded. "
        "The line is somebody who takes every dose in time."
    ),
    "levels.varies-KA": "how fast it is taken up (KA)",
    "levels.varies-CL": "how fast it is cleared (CL)",
    "levels.varies-V": "how far it spreads (V)",
    "levels.varies-V1": "how far it spreads (V1)",
    "levels.model": "Model: {name}, {standing}, for {population}.",
    "levels.standing-published": "published",
    "levels.standing-derived": "put together here from published numbers",
    "levels.missing": "Not found: {what}.",
    # whose it is
    "levels.kidneys": "Kidneys: {value} mL/min, by {formula}.",
    "levels.kidneys-said": "Kidneys: {value} mL/min, as given.",
    "levels.kidneys-egfr": "Kidneys: {value} mL/min/1.73 m² ({formula}), taken as a clearance in mL/min.",
    "levels.kidneys-usual": "Nothing is known of the kidneys: {usual} stands for them, as in healthy people.",
    "levels.beside-normal": "Your {mg} a day give you the same average level as {like} a day give somebody with normal kidneys ({normal}).",
    "levels.beside-normal-same": "Your kidneys give you about the same average level as normal ones ({normal}).",
    # the same, said of the person on the page for the clinician
    "levels.person-not-measured": (
        "A model expects these levels of a typical person. Nobody measured them. Those of this person may lie anywhere in the band, or outside it."
    ),
    "levels.person-not-measured-alone": (
        "A model expects these levels of a typical person. Nobody measured them. Those of this person may be higher or lower."
    ),
    "levels.person-no-effect": (
        "A level does not tell how well a dose works, or how sleepy it makes: no usable link was found. It is no reason to change a dose."
    ),
    "levels.person-beside-normal": (
        "{mg} a day give this person the same average level as {like} a day give somebody with normal kidneys ({normal})."
    ),
    "levels.person-beside-normal-same": "The kidneys of this person give about the same average level as normal ones ({normal}).",
    # where it begins, and what is not known
    "levels.from-nothing": "Nothing is known to have been taken before the first day: the level begins at 0.",
    "levels.before": "Before the first day {total} a day were taken.",
    "levels.unknown-one": "1 dose of these days is not recorded. It is left out: the real level may have been higher, up to the line of dashes.",
    "levels.unknown": "{count} doses of these days are not recorded. They are left out: the real level may have been higher, up to the line of dashes.",
    "levels.ahead": "It is drawn as if every dose until now was taken as planned, and every dose ahead will be.",
    "levels.reviews-ahead": "The plan asks for a review in these days. It is drawn as if each is answered in time with: go on.",
    "levels.review-waits": "A review waits for an answer. Until then the dose stays as it is, and so it is drawn.",
    "levels.record-begins": "The record begins on {day}. What was taken before is not known.",
    # plans beside one another
    "levels.compare-same": "{name}, beside {first}: the average level is the same",
    "levels.compare": "{name}, beside {first}: the average level is {average}",
    "levels.compare-ends": "{head}; the highest is {highest}, and the lowest after the first day {lowest}.",
    "levels.higher": "{percent} % higher",
    "levels.lower": "{percent} % lower",
    "levels.equal": "the same",
    "levels.from-zero": "above 0, where it was 0",
    "levels.speed": "steps of {days} days",
    # steps down
    "levels.fall": "On {day} the day's total goes from {old} to {new}: once it has settled the level is {percent} % lower than before.",
    "levels.fall-all": "On {day} the last {old} a day stop: the level goes to 0. Of what is there, this step takes all.",
    "levels.rise": "On {day} the day's total goes from {old} to {new}: once it has settled the level is {percent} % higher than before.",
    "levels.rise-first": "On {day} the first {new} a day begin.",
    # the hours of a day
    "levels.windows": "On {day} the level is above your own middle level {windows}.",
    "levels.windows-planned": "By the plan, on {day} the level is above your own middle level {windows}.",
    "levels.window": "from {start} to {end}",
    "levels.window-open": "from midnight to {end}",
    "levels.window-late": "from {start} to midnight",
    "levels.windows-none": "On {day} no dose reaches the blood: there is no middle level.",
    "levels.windows-mean": "More of the drug is in the blood then. Whether you are sleepier then, no source tells.",
    # a virtual trial
    "trial.title": "{measure}, {unit}",
    "trial.highest": "Highest level",
    "trial.lowest": "Lowest level",
    "trial.area": "Area under the level",
    "trial.arm": "{name}: {middle} {unit} for the middle person, {low} to {high} for 90 of 100.",
    "trial.key": (
        "From {first} to {last} {unit} after the begin; {people} made-up people in each arm, the same in all. "
        "Line: 90 of 100 people. Box: the half in the middle. Dot and number: the middle person. A model expects this; nobody measured it."
    ),
    # levels that were measured
    "nca.no-slope": "The last levels do not fall along a line of {least} points or more after the highest: no half-life, no clearance.",
    "nca.short-slope": "The points of the slope reach over {span} half-lives only: take the half-life with care.",
    "nca.far": "{percent} % of the area lies beyond the last level and is a guess.",
    "nca.nothing": "The interval has no area: no clearance.",
}
