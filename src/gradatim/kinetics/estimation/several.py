"""Fits of many people at once, compiled where Numba is installed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.engines import cores, has_numba
from gradatim.kinetics.estimation import everybody
from gradatim.kinetics.estimation.closed import Form, form_of, histories_of, plainly_dosed, typical_row
from gradatim.kinetics.estimation.fit import ENDS, Ended, fit, inverse, starts_of
from gradatim.kinetics.estimation.known import Observed, Prior, refuse
from gradatim.kinetics.histories import Histories

Floats = NDArray[np.float64]

_ENOUGH = 300  # people: below, plain Python has them before a kernel is fetched
_KERNELS = "gradatim.kinetics.compiled.fits"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fits:
    """The modes of N people: ``etas`` and ``standard_errors`` [N, p], ``objective`` [N], ``covariance`` [N, p, p] by Laplace, ``found`` [N]:
    whether the search ended at a minimum, and ``bent`` [N]: whether the curvature there is one (else the covariance is that of first order).
    ``levels``: at the mode, in the order of the measurements of all."""

    prior: Prior
    etas: Floats
    objective: Floats
    covariance: Floats
    found: NDArray[np.bool_]
    bent: NDArray[np.bool_]
    levels: Floats

    @property
    def standard_errors(self) -> Floats:
        """Of the etas, [N, p]."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)))

    @property
    def shrinkage(self) -> Floats:
        """Of each eta over the people, [p]: 1 − SD(η̂)/ω, as NONMEM's ETASHRINKSD. Near 1 the levels do not tell people apart."""
        used = self.etas[self.found]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(1.0 - used.std(axis=0, ddof=1) / np.sqrt(np.diag(self.prior.omega)))


def fit_all(prior: Prior, people: Sequence[Observed], *, thorough: bool = False, threads: int | None = None) -> Fits:
    """The fits of many people, each with their own doses and levels. By default one descent each, from the typical person.

    Which thread takes whom changes nothing. People that the closed form cannot take are fitted one by one. Raises `BadInput` with all faults.
    """
    refuse(prior, people)
    form = form_of(prior)
    if form is None or not all(plainly_dosed(prior.model, one) for one in people):
        return _one_by_one(prior, people, thorough=thorough)
    measured = np.concatenate([np.empty(0), *(one.levels for one in people)])
    below = np.concatenate([np.empty(0, dtype=np.bool_), *(one.below for one in people)])
    return _fitted(
        prior, form, histories_of(people, form.lag), measured, below, None, thorough=thorough, threads=threads
    )


def fit_histories(
    prior: Prior,
    histories: Histories,
    measured: ArrayLike,
    *,
    below: ArrayLike | None = None,
    typical: Mapping[str, Floats] | None = None,
    thorough: bool = False,
    threads: int | None = None,
) -> Fits:
    """The same from arrays, without an object for each person: ``measured`` are the levels in the order of ``histories.note_times``, ``below``
    where one lay below the limit that then stands there. ``typical``: parameters that differ with each person's covariates, [N] each.

    Raises `BadInput` for a prior that the closed form cannot take, and for rows that do not fit together.
    """
    form = form_of(prior)
    if form is None:
        raise one_fault(
            "model", "is not one or two compartments by clearances with a depot or none, or has etas elsewhere",
            "Use fit_all, which takes any linear model",
        )  # fmt: skip
    levels = np.asarray(measured, dtype=np.float64)
    flags = np.zeros(levels.shape, dtype=np.bool_) if below is None else np.asarray(below, dtype=np.bool_)
    faults = []
    if levels.shape != histories.note_times.shape or flags.shape != levels.shape:
        faults.append(
            Fault("measured", f"{levels.size} levels for {histories.note_times.size} times", "Give one for each")
        )
    else:
        bad = ~(np.isfinite(levels) & (levels >= 0)) | (flags & (levels == 0))
        bad |= ~flags & (levels == 0) & (prior.scatter.additive == 0)
        faults += [
            Fault(
                f"measured[{place}]",
                f"{levels[place]:g} is no level that can be weighed",
                "Give one above 0, or mark it as below a limit",
            )
            for place in np.flatnonzero(bad)[:20].tolist()
        ]
    for name, value in (typical or {}).items():
        if np.shape(value) != (len(histories),) or not np.all(np.asarray(value) > 0):
            faults.append(
                Fault(f"typical.{name}", "is not one number above 0 for each person", f"Give {len(histories)}")
            )
    if faults:
        raise BadInput(faults)
    if form.lag:
        histories = Histories(
            dose_first=histories.dose_first, dose_times=histories.dose_times + form.lag, amounts=histories.amounts,
            note_first=histories.note_first, note_times=histories.note_times,
        )  # fmt: skip
    return _fitted(prior, form, histories, levels, flags, typical, thorough=thorough, threads=threads)


def _fitted(
    prior: Prior,
    form: Form,
    told: Histories,
    measured: Floats,
    below: NDArray[np.bool_],
    typical: Mapping[str, Floats] | None,
    *,
    thorough: bool,
    threads: int | None,
) -> Fits:
    size, number = len(told), len(form.slots)
    fast = has_numba() and (size >= _ENOUGH or _KERNELS in sys.modules)
    people = everybody.People(
        typical_row(prior, typical, size).ravel(), told.dose_first, told.dose_times, told.amounts, told.note_first, told.note_times,
        measured, below.astype(np.int64),
    )  # fmt: skip
    into = everybody.Results(
        np.zeros(size * number), np.zeros(size), np.zeros(size * number**2), np.zeros(size * number**2), np.zeros(2 * size, np.int64),
        np.zeros(len(measured)), np.zeros(len(measured) * number),
    )  # fmt: skip
    starts = starts_of(number, thorough=thorough)
    if fast:
        _by_kernel(form, people, into, np.array(starts), size, threads)
    else:
        plain = everybody.People(*(one.tolist() for one in people))
        everybody.fit_everybody(0, size, starts, form.belief(arrays=False), plain, into)
    return _gathered(prior, into, size, number)


def _by_kernel(
    form: Form, people: everybody.People, into: everybody.Results, starts: Floats, size: int, threads: int | None
) -> None:
    from gradatim.kinetics.compiled import fits

    belief, used = form.belief(arrays=True), threads or cores()
    step = max(1, min(256, -(-size // used)))
    parts = [(begin, min(begin + step, size)) for begin in range(0, size, step)]
    if used == 1 or len(parts) == 1:
        for begin, end in parts:
            fits.fit_everybody(begin, end, starts, belief, people, into)
        return
    with ThreadPoolExecutor(used) as pool:
        for done in [pool.submit(fits.fit_everybody, begin, end, starts, belief, people, into) for begin, end in parts]:
            done.result()


def _gathered(prior: Prior, into: everybody.Results, size: int, number: int) -> Fits:
    factor = prior.factor
    exact = np.array(into.curvatures).reshape(size, number, number)
    fisher = np.array(into.fishers).reshape(size, number, number)
    ends = np.array(into.ends).reshape(size, 2)[:, 0]
    found = ends == next(code for code, name in ENDS.items() if name is Ended.FOUND)
    nowhere = ~np.isfinite(np.array(into.values))
    exact[nowhere] = fisher[nowhere] = 2.0 * np.eye(number)
    exact[~np.all(np.isfinite(exact), axis=(1, 2))] = -np.eye(number)  # no curvature at all
    bent = np.all(np.linalg.eigvalsh(exact) > 0, axis=1) if size else np.empty(0, dtype=np.bool_)
    used = np.where(bent[:, None, None], exact, fisher)
    covariance = factor @ (2.0 * inverse(used)) @ factor.T if size else exact
    return Fits(
        prior=prior, etas=np.array(into.etas).reshape(size, number), objective=np.array(into.values), covariance=covariance, found=found,
        bent=bent, levels=np.array(into.levels),
    )  # fmt: skip


def _one_by_one(prior: Prior, people: Sequence[Observed], *, thorough: bool) -> Fits:
    each = [fit(prior, one, thorough=thorough) for one in people]
    p = len(prior.variability.on)
    return Fits(
        prior=prior, etas=np.array([one.etas for one in each]).reshape(-1, p), objective=np.array([one.objective for one in each]),
        covariance=np.array([one.covariance for one in each]).reshape(-1, p, p), found=np.array([one.found for one in each], dtype=np.bool_),
        bent=np.array([one.bent for one in each], dtype=np.bool_), levels=np.concatenate([np.empty(0), *(one.levels for one in each)]),
    )  # fmt: skip
