"""Every seed, and everything that fuzzing found, through its reader again; and the fuzzer's own changes for a moment. The long runs are
`python -m tests.fuzz.run`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutated import mutated
from tests.fuzz.readers import READERS, corpus
from tests.fuzz.seeds import seeds

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", READERS)
def test_every_seed_and_every_fault_that_was_found_is_read_or_refused(name: str) -> None:
    found = corpus(name)
    assert found
    for path in found:
        began = time.monotonic()
        READERS[name](path.read_bytes())
        assert time.monotonic() - began < 10, path


@pytest.mark.parametrize("name", READERS)
def test_the_seeds_are_what_the_program_writes_today(name: str) -> None:
    for file, data in seeds()[name].items():
        assert (Path(__file__).parent / "corpus" / name / file).read_bytes() == data, "python -m tests.fuzz.seeds"


@pytest.mark.parametrize("name", READERS)
def test_a_thousand_changes_are_read_or_refused(name: str) -> None:
    chance = Random(f"gradatim {name}")
    kept = [path.read_bytes() for path in corpus(name)]
    for _ in range(1000 // (10 if name == "orders" else 1)):
        made = mutated(chance.choice(kept), chance)
        if made is not None and len(made) < 100_000:
            READERS[name](made)


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_a_minute_of_fuzzing_finds_nothing(name: str) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: pip install atheris")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", name, "60"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-6000:]
