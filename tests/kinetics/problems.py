"""Fits out of the air: a model, a prior, doses, and levels made up by another hand; and the objective written down once more."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy import stats

from gradatim.kinetics import FirstOrder, Row, Scatter, Schedule, Variability, mammillary, simulate
from gradatim.kinetics.estimation import Measured, Observed, Prior
from gradatim.kinetics.mammillary import Direct
from gradatim.kinetics.variability import How

TYPICAL = {"CL": 10.8, "V": 60.0, "V1": 28.8, "Q": 12.93, "V2": 19.68, "KA": 1.1}
FORMS = {(1, True): ("CL", "V", "KA"), (2, True): ("CL", "V1", "Q", "V2", "KA"), (1, False): ("CL", "V"), (2, False): ("CL", "V1", "Q", "V2")}  # fmt: skip


def objective(prior: Prior, observed: Observed, etas: np.ndarray) -> float:
    """−2 ln posterior as NONMEM has it, by other means than ours."""
    values = {name: float(one[0]) for name, one in prior.parameters(np.array(etas)[:, None]).items()}
    prior_part = float(np.array(etas) @ np.linalg.solve(prior.omega, np.array(etas)))
    if not observed.measured:
        return prior_part
    if any(values[name] <= 0 for name in prior.variability.on):
        return np.inf
    f = levels(prior, observed, values)
    v = prior.scatter.additive**2 + (prior.scatter.proportional * f) ** 2
    y = observed.levels
    seen = (y - f) ** 2 / v + np.log(v)
    censored = -2 * stats.norm.logcdf((y - f) / np.sqrt(v))
    return float(np.where(observed.below, censored, seen).sum()) + prior_part


def levels(prior: Prior, observed: Observed, values: dict[str, float]) -> np.ndarray:
    """By eigenvectors of the rate matrix, dose by dose; by the exact engine where rates are too near for that, or for other doses and models."""
    plain_doses = all(not (row.ss or row.dur or row.rate or row.addl) for row in observed.schedule.rows)
    if plain_doses and prior.model.parameters in set(FORMS.values()):
        setting = prior.model.setting(values)
        roots, vectors = np.linalg.eig(setting.rates.matrix()[:, :, 0])
        if np.linalg.cond(vectors) < 1e6:
            seen = prior.model.place(prior.model.observed)
            weights = vectors[seen] * np.linalg.inv(vectors)[:, 0]
            taken = [row for row in observed.schedule.rows if row.doses]
            since = observed.times[:, None] - [row.time for row in taken]
            decays = np.exp(np.minimum(np.maximum(since, 0)[:, :, None] * roots.real, 0.0)) * (since >= 0)[:, :, None]
            return np.asarray(
                ((decays @ weights.real) @ [row.amt for row in taken])
                / setting.volume[0]
                * prior.model.units.level_factor
            )
    return simulate(prior.model, observed.schedule, values, observed.times).levels[:, 0]


@st.composite
def priors(draw: st.DrawFn, hows: tuple[How, ...] = (How.LOG_NORMAL,)) -> Prior:
    form = draw(st.sampled_from(list(FORMS)))
    names = FORMS[form]
    on = tuple(name for name in names if draw(st.booleans())) or names[:2]
    sd = [draw(st.floats(0.1, 0.7)) for _ in on]
    mixed = np.array([[draw(st.floats(-1, 1)) for _ in on] for _ in on])
    share = draw(st.sampled_from([0.0, 0.5]))
    like = mixed @ mixed.T + 0.3 * np.eye(len(on))
    scale = np.sqrt(np.diag(like))
    correlation = (1 - share) * np.eye(len(on)) + share * like / np.outer(scale, scale)
    omega = np.outer(sd, sd) * correlation
    omega = (omega + omega.T) / 2
    how = tuple(draw(st.sampled_from(hows)) for _ in on)
    typical = {name: TYPICAL[name] * draw(st.floats(0.4, 2.5)) for name in names}
    if How.ADDITIVE in how:
        typical |= dict.fromkeys(on, 3.0)
    if How.LOGIT in how:
        typical |= {name: 0.4 for name, one in zip(on, how, strict=True) if one is How.LOGIT}
    kind = draw(st.sampled_from(["proportional", "additive", "combined"]))
    scatter = Scatter(
        proportional=draw(st.floats(0.05, 0.4)) if kind != "additive" else 0.0,
        additive=draw(st.floats(0.01, 0.1)) if kind != "proportional" else 0.0,
    )
    return Prior(
        model=mammillary(form[0], FirstOrder() if form[1] else Direct()), typical=typical,
        variability=Variability(on=on, omega=tuple(map(tuple, omega.tolist())), how=how), scatter=scatter,
    )  # fmt: skip


@st.composite
def problems(draw: st.DrawFn, hows: tuple[How, ...] = (How.LOG_NORMAL,), limits: bool = True) -> tuple[Prior, Observed]:
    prior = draw(priors(hows))
    taken = draw(st.lists(st.integers(0, 160), min_size=1, max_size=14, unique=True))
    amounts = [draw(st.sampled_from([5.0, 10.0, 20.0])) for _ in taken]
    schedule = Schedule(rows=tuple(
        Row(number=n, time=float(time), evid=1, amt=amount) for n, (time, amount) in enumerate(sorted(zip(taken, amounts, strict=True)), 1)
    ))  # fmt: skip
    first = min(taken)
    times = sorted(first + draw(st.floats(0.2, 60)) for _ in range(draw(st.integers(1, 6))))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    etas = np.linalg.cholesky(prior.omega) @ random.standard_normal(len(prior.omega)) * 0.6
    values = {name: max(float(one[0]), 0.05) for name, one in prior.parameters(etas[:, None]).items()}
    true = simulate(prior.model, schedule, values, times).levels[:, 0]
    spread = np.sqrt(prior.scatter.additive**2 + (prior.scatter.proportional * true) ** 2)
    levels = np.maximum(true + spread * random.standard_normal(len(true)), 0.02 * true + 1e-4)
    limit = float(np.quantile(levels, 0.3)) if limits and draw(st.booleans()) else 0.0
    seen = tuple(
        Measured(time=time, level=max(level, limit), below=level < limit)
        for time, level in zip(times, levels.tolist(), strict=True)
    )
    return prior, Observed(schedule=schedule, measured=seen)
