"""Run a command with a PostgreSQL of its own: ``python -m tests.server.postgres -- pytest tests/server``.

A new cluster in a folder that goes afterwards, reached by a socket only; nothing of a PostgreSQL that runs already is touched.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HINT = "PostgreSQL is not installed here. On Debian or Ubuntu: sudo apt install postgresql"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Cluster:
    """A PostgreSQL in a folder. As root it runs as the user ``postgres``, for it refuses root."""

    def __init__(self, folder: Path) -> None:
        self._bin = programs()
        if self._bin is None:
            raise SystemExit(_HINT)
        self.folder = folder
        self.data = folder / "data"
        self.last = 0
        self.url = f"postgresql://gradatim@/gradatim?host={folder}"
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One of PostgreSQL's programs."""
        command = [str(self._bin) + "/" + program, *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        return subprocess.run(
            command,
            check=check,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    def make(self, *more: str) -> None:
        """The files of a new cluster."""
        self.run(
            "initdb", *more, "-D", str(self.data), "-U", "gradatim", "-A", "trust", "-E", "UTF8", "--no-instructions"
        )

    def start(self, *, durable: bool = True) -> None:
        """Start it. Not ``durable`` is faster, for tests in which no machine stops."""
        quick = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=100{quick}"
        self.run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-t", "60", "-o", options, "start"
        )

    def start_again(self, patience: float = 60) -> None:
        """Start it after its first process was killed: its workers notice, end, and let the memory go that they share."""
        until = time.monotonic() + patience
        while True:
            try:
                self.start()
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def be_there(self, patience: float = 60) -> None:
        """Wait until it has recovered; start it again if it ended meanwhile."""
        until = time.monotonic() + patience
        while self.run("pg_isready", "-h", str(self.folder), check=False).returncode:
            if self.process is None:
                self.start_again()
            if time.monotonic() > until:
                raise TimeoutError("PostgreSQL does not come back")
            time.sleep(0.05)

    def stop(self, how: str = "fast") -> None:
        """Stop it."""
        self.run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "-t", "60", "stop", check=False)

    @property
    def process(self) -> int | None:
        """The number of its first process; None where it has ended."""
        try:
            self.last = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(self.last, 0)
        except (FileNotFoundError, IndexError, ProcessLookupError):
            return None
        return self.last


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[Cluster]:
    """A new cluster that runs, with an empty database, and that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gradatim-pg-", dir="/tmp"))
    folder.chmod(0o755)
    made = Cluster(folder)
    try:
        made.make()
        made.start(durable=durable)
        made.run("createdb", "-h", str(folder), "-U", "gradatim", "gradatim")
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the command behind ``--``."""
    if programs() is None:
        sys.exit(_HINT)
    with cluster(durable=False) as made:
        return subprocess.run(arguments, check=False, env={**os.environ, "GRADATIM_DATABASE": made.url}).returncode


if __name__ == "__main__":
    sys.exit(main([one for one in sys.argv[1:] if one != "--"]))
