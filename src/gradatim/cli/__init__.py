"""The command line: thin commands over the domain, with errors that say what to type instead."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 2 bad input, 3 blocked by a stop finding."""
    from gradatim.cli.app import app_for
    from gradatim.cli.faults import tell_blocked, tell_faults
    from gradatim.domain.course import Blocked
    from gradatim.domain.fault import BadInput

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ½ or ☐ shows a question mark, not a crash
    try:
        app_for(next(iter(sys.argv[1:]), None))()
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
