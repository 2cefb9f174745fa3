"""Settings of a server for the browser: those of the tests. What the first answers would load is loaded here, in the process that forks the
servers: so a test that kills one does not wait for it again."""

from __future__ import annotations

from datetime import date

import gradatim.insight
import gradatim.kinetics  # noqa: F401
from gradatim.almanac.closed import closed_days
from gradatim.monographs import loader
from tests.server.settings import *  # noqa: F403

closed_days("GB", date(2026, 1, 1), date(2026, 1, 1))
loader.monograph()
loader.leaflet()
loader.bibliography()
