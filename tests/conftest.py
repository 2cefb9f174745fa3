"""How many examples: ``ci`` by default, ``long`` or ``quick`` with HYPOTHESIS_PROFILE.

``ci`` draws the same examples every time, so that a red build means a change; ``quick`` and ``long`` draw new ones.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)

settings.register_profile(
    "ci", derandomize=True, max_examples=100, deadline=None, suppress_health_check=QUIET, print_blob=True
)
settings.register_profile("long", parent=settings.get_profile("ci"), max_examples=5000, derandomize=False)
settings.register_profile(
    "quick", parent=settings.get_profile("ci"), derandomize=False, phases=[Phase.explicit, Phase.generate]
)  # no shrinking
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
