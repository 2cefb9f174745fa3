"""Every measurement, one after the other: ``make bench``. ``docs/reference/performance.md`` keeps the figures with their machine."""

from __future__ import annotations

import plan
import record

import journal
import kinetics


def main() -> None:
    """Measure and print."""
    for part in (plan, record, journal, kinetics):
        print(f"\n== {part.__name__}")
        part.main()


if __name__ == "__main__":
    main()
