"""What is said of levels that were measured."""

from __future__ import annotations

FIT = {
    "fit.title": "Levels of baclofen that were measured, and what they tell",
    "fit.no-effect": (
        "There is no accepted level of baclofen to aim at, and a level does not tell how well a dose works, or how sleepy it makes. "
        "Change no dose because of it; ask your prescriber."
    ),
    "fit.person": "you, most likely",
    "fit.typical": "typical person",
    "fit.band": "between these lines with {percent} % certainty",
    "fit.measured": "measured",
    "fit.likely": "most likely",
    "fit.sure": "{percent} % certain",
    "fit.learnt": "learnt",
    "fit.before": "expected before",
    "fit.spread": "90 % between",
    "fit.fitted": "this fit",
    "fit.below": "measured as below this",
    "fit.certain": "The most likely numbers, and where they lie with {percent} % certainty if the model holds for you and every dose was as written.",
    "fit.doses-plan": "The doses are those of the plan. A dose left out, or taken at another time, makes these numbers wrong.",
    "fit.doses-taken": "The doses are those recorded as taken, at the times recorded.",
    "fit.unknown": "Doses of these days that are not recorded: {count}. If they were taken, these numbers are wrong.",
    "fit.one-level": "One level tells little: most of what you see here is still the model.",
    "fit.outside": "Levels outside what was expected before they were measured: {count} of {all}. Doses, times or the model may be wrong.",
    "fit.stuck": "No numbers were found that fit these levels. Look at the doses, the times and the units first.",
    "fit.unsettled": "The draws do not agree well enough. Ask for more with --draws.",
    "fit.kidneys": "This model does not know of kidneys: what yours clear is in the levels only.",
    "fit.name-CL": "how fast it is cleared (CL/F)",
    "fit.name-V": "how far it spreads (V/F)",
    "fit.name-V1": "how far it spreads (V1/F)",
    "fit.name-KA": "how fast it is taken up (KA)",
}
