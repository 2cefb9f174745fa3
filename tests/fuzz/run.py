"""Fuzz one reader: ``python -m tests.fuzz.run entries 300`` for five minutes. Needs atheris: ``pip install atheris``.

What is found lies in a new folder, which is named at the end. Put it into the corpus of its reader once it is mended.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import atheris
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.server.settings")  # the parser of requests is known to Django
with atheris.instrument_imports(include=["gradatim"]):
    from tests.fuzz.readers import READERS

    if "requests" in sys.argv:
        django.setup()
        import_module("gradatim.server.api.strict")
from tests.fuzz.mutated import mutated

LARGEST = 65_536
MOST_MEMORY = 1024  # MiB
LONGEST = 20  # seconds for one input


def _mutator(data: bytes, most: int, seed: int) -> bytes:
    """Half of the time a change of what the JSON says, else one of its bytes."""
    chance = random.Random(seed)
    if chance.random() < 0.7:
        made = mutated(data, chance)
        if made is not None and len(made) <= most:
            return made
    return bytes(atheris.Mutate(data, most))


def main() -> Any:
    """Run until the time is over or something is found."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    found = Path(tempfile.mkdtemp(prefix=f"gradatim-fuzz-{name}-"))
    grown = found / "grown"
    grown.mkdir()
    seeds = Path(__file__).parent / "corpus" / name
    print(f"what is found: {found}", flush=True)
    os.environ.setdefault("PYTHONHASHSEED", "0")
    atheris.Setup(
        [
            sys.argv[0], f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-rss_limit_mb={MOST_MEMORY}", f"-timeout={LONGEST}",
            f"-artifact_prefix={found}/", "-print_final_stats=1", "-len_control=0", str(grown), str(seeds), *sys.argv[3:],
        ],
        READERS[name], custom_mutator=_mutator,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
