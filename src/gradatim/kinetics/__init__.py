"""Drug levels: linear compartment models, the field's table of events, and exact levels over time.

`mammillary` (or `network`, `from_matrix`) makes a model; `read_events`, `doses`, `of_plan` or `of_record` a schedule; `simulate` the
levels and `exposure` what they amount to. `published` is the library of models from the literature, each with its sources.

For many people: a `Population` draws them, `curves` has their levels, `bands` quantiles and `summary` exposure without keeping a curve;
`follow` those who each have their own doses, such as `Adherence` draws or `OwnDays` takes from a journal. They are compiled where Numba is
installed, and `Engine.GPU` takes an NVIDIA GPU. `trial` compares plans, populations and ways of taking; `frame` and `dataset` lay out what
came out. With ``on``, a Dask client (`gradatim.kinetics.cluster`), `bands`, `exposures`, `expected` and `trial` give the people to its workers.
"""

from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.bands import Bands, bands
from gradatim.kinetics.catalogue import UnknownModel, library, observations, published
from gradatim.kinetics.course import Between
from gradatim.kinetics.crowd import Curves, curves
from gradatim.kinetics.cubes import Cube, cube, dataset, frame
from gradatim.kinetics.disposition import Disposition, Macro
from gradatim.kinetics.engines import Engine
from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.expected import DayOf, Dosing, Expected, Spread, expected
from gradatim.kinetics.exposure import Exposure, exposure
from gradatim.kinetics.exposures import exposures
from gradatim.kinetics.frames import Frame
from gradatim.kinetics.histories import Histories, follow
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Spelling, Transit, ZeroOrder, mammillary
from gradatim.kinetics.nca import Nca, TerminalSlope, nca
from gradatim.kinetics.network import from_matrix, network
from gradatim.kinetics.of_doses import days_of_record, of_plan, of_record
from gradatim.kinetics.own_days import OwnDays, OwnDose
from gradatim.kinetics.population import Population
from gradatim.kinetics.published import PublishedModel
from gradatim.kinetics.simulate import Levels, simulate, simulate_table
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.subject import BesideNormal, Subject, subject
from gradatim.kinetics.summary import Summary, summary
from gradatim.kinetics.trial import Outcome, Trial, TrialArm, arms_of, trial
from gradatim.kinetics.units import Quantity, Units
from gradatim.kinetics.variability import How, Normal, OneOf, Scatter, Uniform, Variability, cockcroft_gault

__all__ = [
    "Adherence",
    "Bands",
    "BesideNormal",
    "Between",
    "Cube",
    "Curves",
    "DayOf",
    "Direct",
    "Disposition",
    "Dosing",
    "Engine",
    "Expected",
    "Exposure",
    "FirstOrder",
    "Frame",
    "Histories",
    "How",
    "Levels",
    "LinearModel",
    "Macro",
    "Mixed",
    "Nca",
    "Normal",
    "OneOf",
    "Outcome",
    "OwnDays",
    "OwnDose",
    "Parallel",
    "Population",
    "PublishedModel",
    "Quantity",
    "Row",
    "Scatter",
    "Schedule",
    "Spelling",
    "Spread",
    "Subject",
    "Summary",
    "TerminalSlope",
    "Transit",
    "Trial",
    "TrialArm",
    "Uniform",
    "Units",
    "UnknownModel",
    "Variability",
    "ZeroOrder",
    "arms_of",
    "bands",
    "cockcroft_gault",
    "cube",
    "curves",
    "dataset",
    "days_of_record",
    "doses",
    "expected",
    "exposure",
    "exposures",
    "follow",
    "frame",
    "from_matrix",
    "library",
    "mammillary",
    "nca",
    "network",
    "observations",
    "of_plan",
    "of_record",
    "published",
    "read_events",
    "simulate",
    "simulate_table",
    "subject",
    "summary",
    "trial",
]
