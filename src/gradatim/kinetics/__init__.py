"""Drug levels: linear compartment models, the field's table of events, and exact levels over time.

`mammillary` (or `network`, `from_matrix`) makes a model; `read_events`, `doses`, `of_plan` or `of_record` a schedule; `simulate` the
levels and `exposure` what they amount to. `published` is the library of models from the literature, each with its sources.

For many people: a `Population` draws them, `curves` has their levels, `bands` quantiles and `summary` exposure without keeping a curve;
`follow` those who each have their own doses, such as `Adherence` draws. They are compiled where Numba is installed, and
`Engine.GPU` takes an NVIDIA GPU.
"""

from gradatim.kinetics.adherence import Adherence
from gradatim.kinetics.bands import Bands, bands
from gradatim.kinetics.catalogue import UnknownModel, library, observations, published
from gradatim.kinetics.course import Between
from gradatim.kinetics.crowd import Curves, curves
from gradatim.kinetics.disposition import Disposition, Macro
from gradatim.kinetics.engines import Engine
from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.expected import DayOf, Dosing, Expected, Spread, expected
from gradatim.kinetics.exposure import Exposure, exposure
from gradatim.kinetics.histories import Histories, follow
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Spelling, Transit, ZeroOrder, mammillary
from gradatim.kinetics.nca import Nca, TerminalSlope, nca
from gradatim.kinetics.network import from_matrix, network
from gradatim.kinetics.of_doses import of_plan, of_record
from gradatim.kinetics.population import Population
from gradatim.kinetics.published import PublishedModel
from gradatim.kinetics.simulate import Levels, simulate, simulate_table
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.subject import BesideNormal, Subject, subject
from gradatim.kinetics.summary import Summary, summary
from gradatim.kinetics.units import Quantity, Units
from gradatim.kinetics.variability import How, Normal, OneOf, Scatter, Uniform, Variability, cockcroft_gault

__all__ = [
    "Adherence",
    "Bands",
    "BesideNormal",
    "Between",
    "Curves",
    "DayOf",
    "Direct",
    "Disposition",
    "Dosing",
    "Engine",
    "Expected",
    "Exposure",
    "FirstOrder",
    "Histories",
    "How",
    "Levels",
    "LinearModel",
    "Macro",
    "Mixed",
    "Nca",
    "Normal",
    "OneOf",
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
    "Uniform",
    "Units",
    "UnknownModel",
    "Variability",
    "ZeroOrder",
    "bands",
    "cockcroft_gault",
    "curves",
    "doses",
    "expected",
    "exposure",
    "follow",
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
]
