"""A backup of every earlier state restores, and says the same. How samples are added: ``samples/README.md``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from gradatim.journal.codec import canonical, entry_data
from gradatim.journal.sealing import SecretKeys
from gradatim.server.backup.keys import secret_keys

SAMPLES = Path(__file__).parent / "samples"
KEY = SAMPLES / "key.txt"
ENTRIES = "acc5ef20429c5e41ee1c8db06aa50862b31cba1ee12e1afa06f00b2803c369bc"
"""The SHA-256 of the record's entries."""


def keys() -> SecretKeys:
    return secret_keys(KEY)


def samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.age"))


def ours(migrations: Iterable[str]) -> list[str]:
    return sorted(one for one in migrations if one.startswith("gradatim."))


def known() -> list[str]:
    from gradatim.server.backup.schema import loader

    return ours(".".join(node) for node in loader().graph.nodes)


def state(path: Path) -> list[str]:
    from gradatim.server.backup.taking import check

    return ours(check(path, keys()).header.migrations)


def test_every_sample_is_told_of() -> None:
    assert [path.name for path in samples()][:2] == ["gradatim-0001.age", "gradatim-0002.age"]
    told = (SAMPLES / "README.md").read_text("utf-8")
    assert all(f"`{path.name}`" in told for path in samples())


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_a_sample_is_of_the_state_that_it_is_named_for(path: Path) -> None:
    assert state(path)[-1].startswith(f"gradatim.{path.stem.partition('-')[2]}_")


def test_there_is_a_sample_of_today() -> None:
    """When this fails, a migration was added: make its sample, see ``samples/README.md``."""
    assert state(samples()[-1]) == known()


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_every_sample_restores(new: Callable[[], Any], path: Path) -> None:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.hashers import check_password

    from gradatim.server import models
    from gradatim.server.backup.database import opened
    from gradatim.server.backup.restoring import restore
    from gradatim.server.journal import TableJournal
    from tests.server.backup.machine import NOW, TOTP_SECRET
    from tests.server.made import PASSWORD

    there = new()
    restore(there.config, path, NOW, key=KEY)
    with opened(there.config):
        owner, other = models.Account.objects.order_by("name")
        assert (owner.name, other.name) == ("A. Name", "Dr B. Name")
        assert check_password(PASSWORD, owner.password)
        assert Authenticator.objects.get(user=owner, type="totp").data["secret"] == TOTP_SECRET
        record = models.Record.objects.get(erased=None)
        journal = TableJournal(record.pk)
        entries = journal.since().entries
        assert sha256(canonical(entry_data(entries))).hexdigest() == ENTRIES
        assert journal.verify() == (len(entries), ())
        assert set(models.Grant.objects.filter(record=record).values_list("account", "role")) == {
            (owner.pk, "person"), (other.pk, "carer")
        }  # fmt: skip
        assert models.Erasure.objects.get().record_id == models.Record.objects.exclude(erased=None).get().pk
        assert {device.label: device.revoked is None for device in models.Device.objects.filter(account=owner)} == {
            "A phone – ½ “quoted”": True, "An old phone": False
        }  # fmt: skip
        assert models.Invitation.objects.count() == models.Access.objects.count() == 1
        assert {"looked", "restored"} <= set(models.Audit.objects.values_list("action", flat=True))


def make(folder: Path, wanted: str | None) -> Path:
    """The sample of the state of today, or of an earlier one (``0001``), in the folder."""
    from gradatim.server.backup import schema
    from gradatim.server.backup.database import opened, whole
    from gradatim.server.backup.loading import make_tables
    from gradatim.server.backup.taking import back_up
    from gradatim.server.journal import TableJournal
    from tests.server.backup.machine import NOW, fill, machine

    everything = tuple(".".join(node) for node in schema.loader().graph.nodes)
    last = known()[-1] if wanted is None else next(one for one in known() if one[9:13] == wanted)
    tables = tuple(sorted(one for one in everything if not one.startswith("gradatim.") or one <= last))
    with TemporaryDirectory() as place, machine(Path(place)) as there:
        shutil.copy(KEY, there.config.data / "backup-key.txt")
        with opened(there.config) as connected:
            with whole(connected):
                make_tables(connected, tables)
            entries = TableJournal(fill().record).since().entries
        print(sha256(canonical(entry_data(entries))).hexdigest())
        return back_up(there.config, NOW, folder=folder).path.rename(folder / f"gradatim-{last[9:13]}.age")


if __name__ == "__main__":
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.server.settings"
    import django

    django.setup()
    print(make(Path(sys.argv[1]), next(iter(sys.argv[2:]), None)))
