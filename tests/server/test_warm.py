"""What a server reads before it is asked: nobody's first packet waits for a library."""

from __future__ import annotations

import subprocess
import sys

NEW = """
import sys
from gradatim.server import start
from gradatim.monographs import monograph
assert "holidays" not in sys.modules
start.warm()
before = set(sys.modules)
monograph()
from gradatim.almanac.closed import closed_days
from datetime import date
closed_days("GB", date(2026, 11, 2), date(2026, 11, 30))
print(sorted(one for one in set(sys.modules) - before if one.startswith("holidays.") and one.count(".") == 1))
print("holidays" in before)
"""


def test_the_library_of_holidays_is_there_before_the_first_packet() -> None:
    ran = subprocess.run([sys.executable, "-c", NEW], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["[]", "True"]
