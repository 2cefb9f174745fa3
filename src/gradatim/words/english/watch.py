"""What is said of the watch: danger signs and what to do."""

from __future__ import annotations

WATCH: dict[str, str] = {}
