"""What the tests of the server share. They run on SQLite, and once more on PostgreSQL: see `tests.server.postgres`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database, made by the migrations; also for tests that only ask for `kept`."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins with no request counted and nothing remembered."""
    cache.clear()


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real database without a transaction around the test: what is written stays, as nothing may remove it. For threads and processes."""
    with django_db_blocker.unblock():
        yield
