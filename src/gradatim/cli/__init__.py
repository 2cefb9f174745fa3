"""The command line: thin commands over the domain, with errors that say what to type instead."""

from __future__ import annotations

import codecs
import io
import os
import sys

PLAINER = "gradatim-plainer"
LANGUAGE = "GRADATIM_LANGUAGE"
"""The variable that names the language of pages, calendar files and sentences; what the commands say of themselves is English."""
_PLAIN = {
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "–": "-", "−": "-", "→": "->", "…": "...", "·": ".", "●": "*", "○": "o", "◐": ">", "▭": "=",
    "▲": "!", "◆": "!", "☐": "[ ]", "µ": "u", "×": "x", "“": '"', "”": '"', "’": "'",
}  # fmt: skip


def plainer(error: UnicodeError) -> tuple[str, int]:
    """For a terminal that lacks a letter: its plain form, so that 1½ never reads as 1; else a question mark."""
    assert isinstance(error, UnicodeEncodeError)
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


codecs.register_error(PLAINER, plainer)


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 2 bad input, 3 blocked by a stop finding."""
    from gradatim.cli.app import app_for
    from gradatim.cli.faults import tell_blocked, tell_faults
    from gradatim.domain.course import Blocked
    from gradatim.domain.fault import BadInput, Fault
    from gradatim.languages import LANGUAGES, UnknownLanguage, speaking

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINER)
    try:
        with speaking(os.environ.get(LANGUAGE) or "en"):
            app_for(next(iter(sys.argv[1:]), None), whole="_GRADATIM_COMPLETE" in os.environ)()
    except UnknownLanguage:
        tell_faults(
            (
                Fault(
                    LANGUAGE,
                    f"{os.environ[LANGUAGE]!r} is not spoken here",
                    f"Set it to one of: {', '.join(LANGUAGES)}",
                ),
            )
        )
        sys.exit(2)
    except BadInput as bad:
        tell_faults(bad.faults)
        sys.exit(2)
    except Blocked as blocked:
        tell_blocked(blocked.findings)
        sys.exit(3)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)  # whoever reads has seen enough
    except OSError as error:
        sys.stderr.write(f"The output cannot be written: {error.strerror or error}\n")
        sys.exit(2)
