"""What the engine gives as labelled arrays, with the field's names and the model's units: for xarray, and as tidy tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.kinetics.bands import Bands
from gradatim.kinetics.crowd import Curves
from gradatim.kinetics.expected import Expected
from gradatim.kinetics.exposure import Exposure
from gradatim.kinetics.frames import Column, Frame, needs, origin
from gradatim.kinetics.histories import Histories
from gradatim.kinetics.published import PublishedModel
from gradatim.kinetics.simulate import Levels
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.summary import Summary
from gradatim.kinetics.trial import Trial

if TYPE_CHECKING:
    import xarray

Output = Levels | Curves | Bands | Exposure | Summary | Expected | Trial
"""What can be laid out as labelled arrays."""

_COLUMNS = {"subject": "ID", "time": "TIME"}
_LONG = {
    "IPRED": "level", "PRED": "level of the typical person", "DV": "measured level", "AREA": "area under the level since the first time",
    "CMAX": "highest level", "TMAX": "time of the highest level", "CMIN": "lowest level", "CAVG": "average level", "AUC": "area under the level",
    "ABOVE": "time above the level asked for",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cube:
    """Labelled arrays: ``values`` over all ``dims``, ``along`` what stands along one of them (its labels under its own name)."""

    dims: tuple[str, ...]
    along: Mapping[str, tuple[str, Column]]
    values: Mapping[str, Column]
    units: Mapping[str, str]
    about: Mapping[str, Any]

    def frame(self) -> Frame:
        """A row for each place, the last of the dims running fastest."""
        sizes = [len(self.along[dim][1]) for dim in self.dims]
        found: dict[str, Column] = {}
        for name, (dim, labels) in self.along.items():
            if name == "interval":
                continue  # its START and END say it
            shape = [1] * len(sizes)
            shape[self.dims.index(dim)] = len(labels)
            found[_COLUMNS.get(name, name)] = np.broadcast_to(labels.reshape(shape), sizes).ravel()
        for name, values in self.values.items():
            found[name] = np.ascontiguousarray(np.broadcast_to(values, sizes)).reshape(-1)
        units = {_COLUMNS.get(name, name): unit for name, unit in self.units.items()}
        return Frame(columns=found, units=units, about=self.about)

    def dataset(self) -> xarray.Dataset:
        """With xarray: a unit in the attributes of everything that has one. Raises `BadInput` without it."""
        with needs("xarray"):
            import xarray

        def told(name: str) -> dict[str, str]:
            unit, long = self.units.get(name), _LONG.get(name)
            return ({"units": unit} if unit else {}) | ({"long_name": long} if long else {})

        return xarray.Dataset(
            {name: (self.dims, values, told(name)) for name, values in self.values.items()},
            coords={name: (dim, labels, told(name)) for name, (dim, labels) in self.along.items()},
            attrs={name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in self.about.items()},
        )  # fmt: skip


def frame(found: Output, of: PublishedModel | LinearModel, **more: Any) -> Frame:
    """A tidy table of an output of the engine, with the units of the model that it was worked out by. As `cube`."""
    return cube(found, of, **more).frame()


def dataset(found: Output, of: PublishedModel | LinearModel, **more: Any) -> xarray.Dataset:
    """The same as arrays of xarray. As `cube`; raises `BadInput` without xarray."""
    return cube(found, of, **more).dataset()


def cube(
    found: Output,
    of: PublishedModel | LinearModel,
    *,
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    ids: ArrayLike | None = None,
    measured: ArrayLike | None = None,
) -> Cube:
    """What an output holds, with the names and units of the field.

    =====================  ====================  ========================================================
    output                 dims                  values
    =====================  ====================  ========================================================
    `Levels`, `Curves`     subject, time         IPRED; DV of ``measured`` [T, N]; of `Levels` A1, A2, …
                                                 (amounts, in the order of the compartments) and AREA
    `Bands`                quantile, time        IPRED
    `Expected`             quantile, time        PRED of the typical person, IPRED of the people
    `Exposure`, `Summary`  subject, interval     CMAX TMAX CMIN CAVG AUC, ABOVE
    `Trial`                arm, quantile,        CMAX CMIN AUC of the people; CMAX_MEAN, CMAX_SD and so on
                           interval
    =====================  ====================  ========================================================

    ``quantiles`` as shares of the people; those of `Expected` are its own. ``ids`` of the subjects, by default 0, 1, … . Raises `BadInput` where
    ``ids`` or ``measured`` do not fit.
    """
    units = (of.model() if isinstance(of, PublishedModel) else of).units
    level, time, area = units.level, units.time, f"{units.level}·{units.time}"
    known = dict.fromkeys(("IPRED", "PRED", "DV", "CMAX", "CMIN", "CAVG"), level) | {"AREA": area, "AUC": area}
    known |= {"TMAX": time, "ABOVE": time, "START": time, "END": time, "time": time}
    shares, values, along = (
        np.asarray(quantiles, dtype=np.float64),
        dict[str, Column](),
        dict[str, tuple[str, Column]](),
    )
    match found:
        case Levels() | Curves():
            dims: tuple[str, ...] = ("subject", "time")
            along = {"subject": ("subject", _ids(ids, found.levels.shape[1])), "time": ("time", found.times)}
            values["IPRED"] = found.levels.T
            if measured is not None:
                seen = np.asarray(measured, dtype=np.float64)
                if seen.shape != found.levels.shape:
                    raise one_fault(
                        "measured", f"has the shape {seen.shape}", f"Give {found.levels.shape}: times, subjects"
                    )
                values["DV"] = seen.T
            if isinstance(found, Levels):
                values |= {f"A{n + 1}": found.amounts[:, n].T for n in range(len(found.compartments))}
                known |= {f"A{n + 1}": units.dose for n in range(len(found.compartments))}
                if found.area is not None:
                    values["AREA"] = found.area.T
        case Bands():
            dims = ("quantile", "time")
            along = {"quantile": ("quantile", shares), "time": ("time", found.times)}
            values["IPRED"] = found.quantile(shares)
        case Expected():
            dims = ("quantile", "time")
            own = np.array([spread.percent / 100 for spread in found.spreads] or [np.nan])
            along = {"quantile": ("quantile", own), "time": ("time", np.array(found.hours))}
            shape = (len(own), len(found.hours))
            values["PRED"] = np.broadcast_to(np.array(found.levels), shape)
            values["IPRED"] = np.array([list(one.levels) for one in found.spreads] or [[np.nan] * len(found.hours)])
        case Exposure() | Summary():
            dims = ("subject", "interval")
            along = {"subject": ("subject", _ids(ids, found.area.shape[1])), **_intervals(found.edges)}
            values = {
                "CMAX": found.highest.T,
                "TMAX": found.highest_at.T,
                "CMIN": found.lowest.T,
                "CAVG": found.average.T,
                "AUC": found.area.T,
            }
            if isinstance(found, Exposure) and found.above is not None:
                values["ABOVE"] = found.above.T
        case Trial():
            dims = ("arm", "quantile", "interval")
            names = np.array([one.name for one in found.arms], dtype=np.str_)
            along = {"arm": ("arm", names), "quantile": ("quantile", shares), **_intervals(found.edges)}
            shape3 = (len(names), len(shares), len(found.edges) - 1)
            for place, (name, measure) in enumerate((("CMAX", "highest"), ("CMIN", "lowest"), ("AUC", "area"))):
                values[name] = np.array([one.quantile(measure, shares) for one in found.arms])
                for what in ("mean", "sd"):
                    each = np.array([getattr(one, what)[place] for one in found.arms])
                    values[f"{name}_{what.upper()}"] = np.broadcast_to(each[:, None, :], shape3)
                    known[f"{name}_{what.upper()}"] = known[name]
        case _:
            assert_never(found)
    return Cube(dims=dims, along=along, values=values, units=known, about=origin(of))


def levels_of_arms(
    found: Trial, of: PublishedModel | LinearModel, quantiles: Sequence[float] = (0.05, 0.5, 0.95)
) -> Cube:
    """The level bands of the arms of a trial: arm, quantile, time."""
    shares = np.asarray(quantiles, dtype=np.float64)
    units = (of.model() if isinstance(of, PublishedModel) else of).units
    first = found.arms[0].levels
    along: dict[str, tuple[str, Column]] = {
        "arm": ("arm", np.array([one.name for one in found.arms], dtype=np.str_)), "quantile": ("quantile", shares), "time": ("time", first.times),
    }  # fmt: skip
    values = {"IPRED": np.array([one.levels.quantile(shares) for one in found.arms])}
    return Cube(
        dims=tuple(along),
        along=along,
        values=values,
        units={"IPRED": units.level, "time": units.time},
        about=origin(of),
    )


def frame_of_histories(
    told: Histories, levels: ArrayLike, of: PublishedModel | LinearModel, ids: ArrayLike | None = None
) -> Frame:
    """The levels that `follow` gives of people with times of their own: ID, TIME and IPRED, a row for each."""
    found = np.asarray(levels, dtype=np.float64)
    if found.shape != told.note_times.shape:
        raise one_fault("levels", f"has the shape {found.shape}", f"Give one for each of {len(told.note_times)} times")
    units = (of.model() if isinstance(of, PublishedModel) else of).units
    people = np.repeat(_ids(ids, len(told)), np.diff(told.note_first))
    columns = {"ID": people, "TIME": told.note_times, "IPRED": found}
    return Frame(columns=columns, units={"TIME": units.time, "IPRED": units.level}, about=origin(of))


def _ids(given: ArrayLike | None, size: int) -> Column:
    found = np.arange(size) if given is None else np.asarray(given)
    if found.shape != (size,) or len(set(found.tolist())) < size:
        raise BadInput(
            [Fault("ids", f"are not one for each of {size} subjects", "Give each another one, or leave them out")]
        )
    return found


def _intervals(edges: NDArray[np.float64]) -> dict[str, tuple[str, Column]]:
    place = np.arange(len(edges) - 1)
    return {"interval": ("interval", place), "START": ("interval", edges[:-1]), "END": ("interval", edges[1:])}
