"""Many devices at once, kills, a full disk: nothing acknowledged is lost, nothing is there twice. The long cases are the figures of the manual."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.server.kills import campaign
from tests.server.load import load
from tests.server.postgres import cluster

POSTGRES = connection.vendor == "postgresql"


@pytest.mark.parametrize(("devices", "days"), [(8, 6), pytest.param(200, 90, marks=pytest.mark.long)])
def test_many_devices_lose_nothing_and_double_nothing(tmp_path: Path, devices: int, days: int) -> None:
    if POSTGRES:
        with cluster() as made:
            outcome = load(tmp_path, devices=devices, days=days, url=made.url)
    else:
        outcome = load(tmp_path, devices=devices, days=days)
    assert outcome.written == devices * days * 4
    assert outcome.tally.acknowledged <= outcome.written  # an answer that was cut off was still stored
    assert outcome.tally.cut > 0
    assert (outcome.lost, outcome.doubled, outcome.unseen, outcome.broken) == (0, 0, 0, [])


@pytest.mark.parametrize("rounds", [8, pytest.param(1000, marks=pytest.mark.long)])
def test_killed_while_devices_write(tmp_path: Path, rounds: int) -> None:
    if POSTGRES:
        with cluster() as made:
            figures = campaign(tmp_path, rounds, postgres=made)
    else:
        figures = campaign(tmp_path, rounds)
    assert figures.rounds == rounds
    assert figures.acknowledged >= rounds
    assert (figures.lost, figures.doubled, figures.broken) == (0, 0, [])
