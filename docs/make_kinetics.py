"""Writes reference/kinetics.md: the models of drug levels, each beside the numbers it is held against, and what events mean.

``python docs/make_kinetics.py`` after a change of the model library; a test finds a stale page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gradatim.kinetics.catalogue import library, observations
from gradatim.kinetics.published import Machine, PerKilogram, PublishedModel, RenalSum, Rule, Vector
from gradatim.kinetics.vectors import UNITS, Held, held
from gradatim.words import sources_text

FILE = Path(__file__).parent / "reference" / "kinetics.md"

HEAD = """# Drug levels

How Gradatim works out the level of a drug in the blood: which models it knows, what each is held against, and what a table of events
means. The page is made from `src/gradatim/kinetics/library/` by `docs/make_kinetics.py`. How to read a source: [the monograph](monograph.md).

A level here is that of a typical person in a model. It is not a measurement, it says nothing about how somebody feels, and no dose is
ever changed by it. No usable link between level and effect on spasticity was found, so none is drawn.
`gradatim simulate` draws one for a plan, and for what was really taken: [See the level in the blood](../how-to/see-the-level.md). Published
numbers, worked out again: [Levels in numbers](../tutorial/levels.md).

```python
import numpy as np
from gradatim.kinetics import doses, exposure, published, simulate

adult = published("adult-derived")
model, kidneys_at_40 = adult.model(), adult.typical({"CRCL": 40})
three_a_day = doses(20, [day * 24 + hour for day in range(7) for hour in (8, 14, 21)])

levels = simulate(model, three_a_day, kidneys_at_40, np.arange(0, 169))  # .levels [times, subjects] in ng/mL
last_day = exposure(model, three_a_day, kidneys_at_40, [144, 168], above=100)  # .highest .lowest .average .area .above
```

`mammillary` makes the usual models (one to three compartments; straight in, first-order, zero-order, parallel, mixed or transit
absorption; by clearances, micro or macro constants), `network` and `from_matrix` any other linear one. `read_events` reads a table of
events, `of_plan` and `of_record` make one from a plan's dated doses and from what was really taken. A model that is not linear has no
matrix and is refused: hand it to an ODE solver. `subject` and `expected` say what a model expects of one person's doses, as plain
numbers; `nca` what measured levels amount to without a model.

## Fits to measured levels

`gradatim.kinetics.estimation` finds what measured levels tell of one person; `gradatim fit` shows it: [Fit levels that were
measured](../how-to/fit-levels.md). For baclofen no accepted level to aim at is known, and a level does not tell how a dose works: no dose
follows from a fit, and nothing here suggests one.

```python
import numpy as np
from gradatim.kinetics import doses, published
from gradatim.kinetics.estimation import Measured, Observed, Prior, fit, forecasts, posterior, residuals

prior = Prior.of_published(published("simon-2018"))  # refuses a model whose source tells no spread or no scatter
taken = doses(20, [day * 24 + hour for day in range(7) for hour in (8, 14, 21)])
seen = (Measured(time=152, level=70), Measured(time=153.5, level=310), Measured(time=158, level=20, below=True))
person = Observed(schedule=taken, measured=seen)

found = fit(prior, person)  # .parameters .standard_errors .shrinkage .interval() .ended
sure = posterior(found, seed=1)  # .draws .rhat .effective .settled
band = sure.draws.bands(np.arange(144, 168), (5, 50, 95))  # of the true level; measured=True for a measurement
before = forecasts(prior, person)  # each level as the ones before it let expect it
left = residuals(found)  # IWRES and CWRES
```

| what | how | held against |
|---|---|---|
| objective | −2 ln posterior without 2π and det Ω, as in NONMEM's post hoc step | NONMEM: etas, ETC and OBJ of 8 subjects (mapbayr); SciPy |
| etas | log-normal, proportional, additive, logit; the whole Ω | SciPy |
| scatter | proportional, additive, combined; below a limit by M3 | SciPy |
| gradients | analytic for one and two compartments by clearances with a depot or none, doses at once; else differences of the exact engine | each other |
| `covariance`, `standard_errors` | Laplace: twice the inverse curvature of the objective; `first_order` is NONMEM's ETC | differences of the objective |
| `shrinkage` | of one person the variance left over that among people; of many 1 − SD(η̂)/ω | |
| `posterior` | independence Metropolis from Laplace and prior, R-hat, effective draws, same seed same draws | quadrature; simulation-based calibration |
| `prediction_errors` | npd and NPDE beside made-up people; no parameter estimated | data made by the model, and by another |
| `fit_all`, `fit_histories` | many people, compiled where Numba is installed, the same bits without | each person alone |

`effect_site` and `turnover` of `gradatim.kinetics.effect` add an effect compartment (KE0), and a turnover whose production rises in
proportion to the level (KOUT, slope): these stay linear, and every function here takes them. What is not linear, such as Emax or a
loss that the level drives, is refused: hand it to an ODE solver. No value of such a parameter was found for baclofen and spasticity.

Not here: covariates that change during a fit, variation between occasions, and estimating a population. Use NONMEM, nlmixr2 or Monolix.

## The models

Parameters by mouth are apparent ones: CL is CL/F, V is V/F.

"""

MEASURED = """## Beside what was measured

Accepted: Cmax within 40 %, AUC within 35 % (derived [D]). The fluctuation has a range; times are only told.

"""

AFTER = """No model of the library gives the fluctuation that was measured: night gaps raise it, and one compartment smooths too much. Adult
clearances from 8.0 to 11.6 L/h are real differences between groups of people, and are not averaged.

"""

EVENTS = """## What events mean

Columns, in any case of letters: `ID TIME AMT RATE DUR II ADDL SS CMT EVID MDV DV`, and covariates that are named. Every fault of a table is
told at once, with its row, its column and what to write instead. The meaning is NONMEM's (Users Guide VI, PREDPP), as its published
results show it.

| event | what happens |
|---|---|
| EVID 0, 2 | Nothing: levels are noted, covariates may change. |
| EVID 1 | A dose: at once, or an infusion by `RATE`, by `DUR`, or as the model says (`RATE` −1: parameter Rn; −2: Dn). |
| EVID 3 | A reset: amounts 0; running infusions, doses on their way and additional doses are gone. Time may start again, here only. |
| EVID 4 | A reset, then the dose. Its additional doses do not reset again. |
| ADDL, II | As many more doses, one every II. ADDL without II is refused; ADDL below 0 too. |
| SS 1 | What was there goes, as at a reset. In its place comes the steady state of this dose every II, as it is at TIME; then the dose. |
| SS 2 | The same, added to what is there. |
| SS, AMT 0, RATE | The steady state of a constant infusion, which stops right after the row. |
| Fn | Shortens an infusion given by its rate (it lasts F·AMT/RATE); scales the rate of one given by its duration. |
| ALAGn | Delays the dose, not the row. At a row with SS the state is that of a cycle whose last dose came at TIME + lag − II. |
| ALAGn above II, with SS | Refused: no state at the row belongs to it, and published output for it turns negative. |
| infusion longer than II | Infusions overlap, as many as fit, at steady state as well. |
| equal times | Infusions end, lagged doses arrive, additional doses are given, rows act in their order, levels are noted: so a dose counts at its time. |
| covariates | Those of a row rule the interval that ends there (next observation carried backward). |
| covariates, by choice | Those of the row before, or a straight line, which is followed in 32 steps and is not exact. |

Parameters of a dose (F, lag, duration) are those of the interval in which it is given. Rows of one ID stand together and in order of
time: anything else is refused rather than sorted. CMT is a number or a name; a negative one, which would switch a compartment off, is
refused.

### Each published case

The reference results of NONMEM (mrgsolve/nmtests) are not part of the project; the tests find them in `../shared/pk-reference`, or where
`GRADATIM_PK_REFERENCE` says. Every one of the 2,248 rows agrees in all five printed digits.

| case | what it shows | decided |
|---|---|---|
| 1, 3, 6 | additional doses: bolus, infusion, infusion into the depot | a dose counts at an observation of its time |
| 2 | lag and F with additional doses | each additional dose has the lag |
| 4 | infusion by rate, F 0.5 | it lasts half as long, at the same rate |
| 7 | infusions with lag | start and end are delayed |
| 9, 15 | steady state with lag and F, infusion and bolus | the state at the row is that of the running cycle; the dose follows after the lag |
| 10 | steady state, infusion longer than II (40.6 h, every 12 h) | three or four run at once |
| 14 | steady state, infusion exactly as long as II | one ends as the next begins |
| 17 | bolus with lag, then infusions | they add up |
| 18 | modelled duration, lag and F | F scales the rate |
| 20, 21, 23 | reset and dose: with additional doses, at steady state, with lag | the reset acts once |
| 26 | reset while doses are over, then others | nothing earlier remains |
| 29 | constant infusion at steady state | off after the row |

## How exact

Between events nothing is approximated. In a linear system of compartments all rates are 0 or more, so every number can be built from
sums and products of such numbers, and nothing is ever subtracted: equal or nearly equal rate constants, a clearance of 0 and very long
gaps need no special case. See [the decision](../decisions/0014-the-kinetics-engine.md).

| held against | largest relative deviation |
|---|---|
| 120-digit arithmetic, 1,080 stress cases (rates 0 to 1,000 per h, 4 µs to a century; every entry above 1e-290) | 8.7e-14 |
| the same, integrals for infusions and areas | 2e-15 |
| formulae of Bertrand and Mentré in 50-digit arithmetic, 18 regimens | 2.4e-15 |
| NONMEM dosing cases, 17, and time-varying covariates | below half a unit of the 5th digit |
| NONMEM predictions for 100 subjects with changing covariates | 6.4e-8, all of it NONMEM's: 50-digit arithmetic is on our side |
| Torsten, 10 cases, amounts in every compartment | 6e-7, of printed digits |
| NONMEM's individual estimates (8 subjects), found again with our levels | 5.3e-7 in eta |
| SciPy DOP853 at 1e-11 | 1e-8, of the solver |

A subject's numbers are the same to the last bit alone and among others. Each step of a grid adds at most about 1e-16: 1e-10 is promised
for up to 300,000 times in a row.

"""

MANY = """## Many people

```python
import numpy as np
from gradatim.kinetics import (
    Adherence,
    Normal,
    OneOf,
    Population,
    Uniform,
    bands,
    cockcroft_gault,
    curves,
    doses,
    follow,
    published,
    summary,
)

adult = published("adult-derived")
people = Population.of_published(
    adult,
    covariates={  # yours to say: none of these is in a source
        "AGE": Uniform(low=30, high=70),
        "WT": Normal(mean=74, sd=12, low=42, high=104),
        "SEX": OneOf(values=(0, 1)),
        "SCR": Normal(mean=0, sd=0.25, of_logarithm=True),
        "CRCL": lambda one: cockcroft_gault(age=one["AGE"], weight=one["WT"], creatinine=one["SCR"], female=one["SEX"]),
    },
    seed=1,
)
model, hours = adult.model(), np.arange(0, 169.0)
three_a_day = doses(20, [day * 24 + hour for day in range(7) for hour in (8, 14, 21)])

kept = curves(model, three_a_day, people.parameters(0, 1000), hours)  # .levels [times, people]
band = bands(model, three_a_day, people.parameters, 1_000_000, hours)  # nothing kept but counts
low, middle, high = band.quantile([0.05, 0.5, 0.95])  # each [times]; off by band.error at most
days = summary(
    model, three_a_day, people.parameters(0, 1000), hours, hours[::24]
)  # .highest .lowest .area [days, people]

taken = Adherence(missed=0.1, late=Normal(mean=0.3, sd=0.5)).taken(three_a_day, hours, first=0, number=1000, seed=1)
real = follow(model, taken, people.parameters(0, 1000)).reshape(1000, -1)  # [people, times]
```

| to do | with | kept | engine |
|---|---|---|---|
| one person | `curves` | all levels | plain Python numbers |
| many people, one schedule | `curves` | all levels, doubles or singles | kernels; below 100,000 levels NumPy |
| quantiles of any number of people | `bands` | counts by class: 25 MB a thread for 1,225 times | likewise |
| exposure of many people | `summary` | highest, lowest, area by interval | likewise |
| own doses, own times | `follow` | the levels asked for | kernels for 1 to 3 compartments with up to 2 depots, zero order and infusions, else NumPy |
| amounts in every compartment; peaks between times | `simulate`, `exposure` | all | NumPy |
| exact exposure of people by their numbers | `exposures` | the answer | NumPy |
| plans × populations × ways of taking | `trial` | counts, exact sums | as `curves`, `summary`, `follow`; areas of own doses by NumPy |

Kernels are compiled by [Numba](https://numba.pydata.org) where it is installed, once for each form of model, and kept on disk. Without it
NumPy gives the same numbers, slower. `GRADATIM_NO_NUMBA=1` leaves it out. See the decisions
[on kernels](../decisions/0015-kinetics-kernels.md) and [on own histories](../decisions/0024-vector-exponential-and-own-histories.md).
`curves`, `bands`, `summary` and `follow` take `engine="gpu"` too, on a machine with an NVIDIA GPU: [Work out many people on a
GPU](../how-to/count-on-a-gpu.md).

| promised | held against |
|---|---|
| `curves`, `summary` and `bands` have the bits of `simulate`: in any chunk, on any number of threads, compiled or not | equality |
| `curves` in float32 is the double, rounded once | equality |
| `follow` is within 1e-12 of `simulate`, down to 1e-290; within 2e-11 where rates all but meet | generated histories, 120-digit arithmetic |
| `follow` has the same bits in any chunk and on any number of threads | equality |
| on a GPU: the bits of `simulate`, the same people and counts, `follow` as above; so far in simulators | equality, two simulators of CUDA |
| a quantile is the ⌈share · people⌉-th smallest level, off by at most 2^−(fine + 1) + 2^−24 of itself: 0.4 % by default | sorted levels |
| `trial` has the same bits in any chunk, on any number of threads: a mean is the exact one, rounded once | equality, rational numbers |
| `bands`, `exposures`, `expected` and `trial` have the same bits on a Dask cluster (`on`), however it is parted | equality, a killed worker |
| areas of own doses (`areas`) | `exposure` of each person alone, 1e-12 |
| the same seed, person and purpose give the same number | Random123's known answers, numpy.random.Philox, every bit compiled and not |

A band is the spread between the people of a model. It holds what `population.missing` does not name: parameters without a published
spread are not varied, no correlation between parameters is published for baclofen, and neither are shares of missed doses nor
distributions of weight and creatinine of those who take it. These are yours to say.

Missed and late doses come from a model (`Adherence`) or from somebody's own days: `days_of_record` reads them from a record, and `OwnDays`
draws blocks of them.

## As tables and arrays

`frame(found, model)` is a tidy table, `dataset(found, model)` the same with xarray (`pip install "gradatim[frames]"`). A frame holds NumPy
columns, units and the origin of the numbers; `to_arrow`, `to_parquet` and Arrow's C stream take them as they are.

| output | dims | columns beside ID, TIME, START, END, quantile, arm |
|---|---|---|
| `simulate`, `curves` | subject, time | IPRED; DV where measured levels are given; A1, A2 … (amounts) and AREA of `simulate` |
| `follow`: `frame_of_histories` | – | IPRED |
| `bands` | quantile, time | IPRED |
| `expected` | quantile, time | PRED of the typical person, IPRED |
| `exposure`, `exposures`, `summary` | subject, interval | CMAX TMAX CMIN CAVG AUC, ABOVE |
| `trial` | arm, quantile, interval | CMAX CMIN AUC, and CMAX_MEAN, CMAX_SD and so on |
| `trial`: `levels_of_arms` | arm, quantile, time | IPRED |

## On a cluster

`on` of `bands`, `exposures`, `expected` and `trial` is a client of [Dask](https://distributed.dask.org) (`pip install "gradatim[scale]"`).
`gradatim.kinetics.cluster` has `workers(n)` for processes of this machine and `connected(address)`. Parts of the people go to its workers
and are put together as they are done. Every worker needs the same program, and is asked for it before and with each part. See
[the decision](../decisions/0022-kinetics-at-scale.md) and [how to](../how-to/see-the-level.md).
"""


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).replace("|", "\\|").split())


def rule_text(rule: Rule) -> str:
    """A covariate in words."""
    match rule:
        case PerKilogram(on=names):
            return f"{', '.join(names)} per kg of body weight (WT)"
        case RenalSum():
            return (
                f"CL = ({rule.other.number:g} + CRCL) / {rule.bioavailability} mL/min; CRCL {rule.usual} unless given"
            )
        case Machine(total=None):
            return f"while {rule.on} is 1: CL plus {rule.adds} / {rule.bioavailability}"
        case Machine():
            return f"while {rule.on} is 1: CL is {rule.total} / {rule.bioavailability}"


def model_text(model: PublishedModel) -> str:
    """Everything about a model."""
    form = "one compartment" if model.compartments == 1 else f"{model.compartments} compartments"
    text = f"### {model.name}\n\n`{model.id}`, {model.standing}: {form}, {model.way_in} input. For {model.population}. "
    text += f"Source: {sources_text(model.source)}.\n\n"
    if model.derived:
        text += f"{model.derived}\n\n"
    text += "| parameter | value | interval | spread (CV) | meaning | source |\n|---|---|---|---|---|---|\n"
    spreads = {spread.on: spread for spread in model.spreads}
    for one in model.parameters:
        spread = spreads.get(one.name)
        wide = "–" if spread is None else f"{spread.cv}{f' ({spread.interval})' if spread.interval else ''}"
        text += f"| {one.name} | {one.value} | {one.interval or '–'} | {wide} | {cell(one.meaning)} | {sources_text(one.source)} |\n"
    text += "\n"
    lines = [f"- Covariate: {rule_text(rule)}. {sources_text(rule.source)}." for rule in model.rules]
    lines += [f"- Residual error: {one.error} {one.size}. {sources_text(one.source)}." for one in model.residuals]
    lines += [f"- Not found: {what}." for what in model.missing]
    return text + "\n".join(lines) + "\n\n"


def printed(vector: Vector) -> str:
    """What the source says."""
    value = str(vector.value) if vector.value is not None else f"{vector.low} to {vector.high}"
    return f"{value}{f' ({vector.spread})' if vector.spread else ''}"


def asked(vector: Vector) -> str:
    """What is compared, in words."""
    parts = [vector.what.value.replace("-", " ")]
    if vector.dose is not None:
        parts.append(str(vector.dose))
    if vector.every is not None:
        parts.append(f"every {vector.every}")
    return ", ".join([*parts, *(str(one) for one in vector.given)])


def verdict(one: Held) -> str:
    """The deviation, and whether it is a miss."""
    off = f"{100 * one.deviation:+.1f} %".replace("-", "−") if round(one.deviation, 3) else "0"
    return f"**{off}, misses**" if one.agrees is False else off


def own_table(models: Iterable[PublishedModel]) -> str:
    """Each model beside its own numbers."""
    text = "| model | what | printed | model says | deviation | source |\n|---|---|---|---|---|---|\n"
    for model in models:
        for vector in model.vectors:
            one = held(model, vector)
            note = f" {vector.note}" if vector.note else ""
            says = f"{one.found:.4g} {UNITS[vector.what]}"
            text += f"| `{model.id}` | {asked(vector)} | {printed(vector)} | {says} | {verdict(one)} | "
            text += f"{sources_text(vector.source)}.{note} |\n"
    return text


def observed_table(models: list[PublishedModel]) -> str:
    """Every model of adults beside every observation."""
    adults = [model for model in models if model.adult]
    text = f"| observed | printed | {' | '.join(f'`{model.id}`' for model in adults)} | source |\n|---|---|{'---|' * len(adults)}---|\n"
    for vector in observations():
        beside = [held(model, vector) for model in adults]
        cells = " | ".join(f"{one.found:.4g} ({verdict(one)})" for one in beside)
        text += f"| {asked(vector)} | {printed(vector)} | {cells} | {sources_text(vector.source)} |\n"
    return text


def made() -> str:
    """The whole page."""
    models = list(library().values())
    text = HEAD + "".join(map(model_text, models))
    text += MEASURED + observed_table(models) + "\n" + AFTER
    text += "## Beside their own numbers\n\n" + own_table(models) + "\n"
    return text + EVENTS + MANY


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
