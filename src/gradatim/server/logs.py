"""The log: one line for each event, made only of fields that are named here. What is not named cannot get in: no dose, no person, no secret.

An exception is told by its type and the lines of code that it went through; its text could quote what was being stored.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

FIELDS = ("id", "method", "route", "status", "ms", "count", "address", "version", "mode", "database")
"""The only facts that a line may carry beside its time, level, logger and event."""
EVENTS = "gradatim."
"""Loggers whose messages are fixed words of ours; the message of any other is left out."""


class Line(logging.Formatter):
    """Writes a line as text or as JSON."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line of one event."""
        ours = record.name.startswith(EVENTS)
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg) if ours else "",
        }
        told |= {name: record.__dict__[name] for name in FIELDS if ours and name in record.__dict__}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])
            ][-8:]
        if self._as_json:
            return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=False)
        time, level, logger, event = (told.pop(name) for name in ("time", "level", "logger", "event"))
        rest = " ".join(f"{name}={value}" for name, value in told.items())
        return f"{time} {level:<7} {logger} {event} {rest}".rstrip()


def begin(config: dict[str, str]) -> None:
    """Send everything that is logged through one handler to the error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(as_json=config["format"] == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("django", "django.request", "django.server", "django.security", "allauth"):
        found = logging.getLogger(name)
        found.handlers, found.propagate = [], True
        found.setLevel(logging.WARNING)
    logging.captureWarnings(True)
