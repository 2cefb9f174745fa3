"""The log: one line for each event, made only of fields that are named here. What is not named cannot get in: no dose, no person, no secret.

An exception is told by its type and the lines of code that it went through; its text could quote what was being stored.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

FIELDS = ("id", "method", "route", "status", "ms", "count", "address", "version", "mode", "database")
"""The only facts that a line may carry beside its time, level, logger and event."""
log = logging.getLogger("gradatim.logs")
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
            frames = traceback.extract_tb(record.exc_info[2])
            told["at"] = [f"{_file(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][-8:]
        if self._as_json:
            return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=False)
        time, level, logger, event = (told.pop(name) for name in ("time", "level", "logger", "event"))
        rest = " ".join(f"{name}={value}" for name, value in told.items())
        line = f"{time} {level:<7} {logger} {event} {rest}".rstrip()
        return "".join(letter if letter.isprintable() else "?" for letter in line)


def _file(path: str) -> str:
    """A file of code without the folders before its package: they can name a person."""
    parts = Path(path).parts
    after = len(parts) - 1 - parts[::-1].index("gradatim") if "gradatim" in parts else -3
    return "/".join(parts[after:])


def no_words_of_others() -> None:
    """What ends a thread or the program is told like any other exception: by its type and its lines, never by its text."""

    def of_program(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("mistake", exc_info=(kind, error, trace))

    def of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.critical("mistake", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def of_nobody(args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            log.error("mistake", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    sys.excepthook, threading.excepthook, sys.unraisablehook = of_program, of_thread, of_nobody


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
