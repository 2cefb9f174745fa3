"""Drug levels: linear compartment models, the field's table of events, and exact levels over time.

`mammillary` (or `network`, `from_matrix`) makes a model; `read_events`, `doses`, `of_plan` or `of_record` a schedule; `simulate` the
levels and `exposure` what they amount to. `published` is the library of models from the literature, each with its sources.
"""

from gradatim.kinetics.catalogue import UnknownModel, library, observations, published
from gradatim.kinetics.course import Between
from gradatim.kinetics.disposition import Disposition, Macro
from gradatim.kinetics.event_table import read_events
from gradatim.kinetics.events import Row, Schedule, doses
from gradatim.kinetics.exposure import Exposure, exposure
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Spelling, Transit, ZeroOrder, mammillary
from gradatim.kinetics.network import from_matrix, network
from gradatim.kinetics.of_doses import of_plan, of_record
from gradatim.kinetics.published import PublishedModel
from gradatim.kinetics.simulate import Levels, simulate, simulate_table
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.units import Quantity, Units

__all__ = [
    "Between",
    "Direct",
    "Disposition",
    "Exposure",
    "FirstOrder",
    "Levels",
    "LinearModel",
    "Macro",
    "Mixed",
    "Parallel",
    "PublishedModel",
    "Quantity",
    "Row",
    "Schedule",
    "Spelling",
    "Transit",
    "Units",
    "UnknownModel",
    "ZeroOrder",
    "doses",
    "exposure",
    "from_matrix",
    "library",
    "mammillary",
    "network",
    "observations",
    "of_plan",
    "of_record",
    "published",
    "read_events",
    "simulate",
    "simulate_table",
]
