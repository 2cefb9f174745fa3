"""What is said of the record: what is due, what was written down, what has to be asked first."""

from __future__ import annotations

RECORD: dict[str, str] = {}
