"""BigQuery on loopback, for the tests of this stage only: no other stage speaks to it."""

import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.emulators.bigquery import BigQueryEmulator, running_bigquery
from tests.sources.billing_table import BillingTable


@pytest.fixture(scope="session")
def bigquery_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigQueryEmulator]:
    with running_bigquery(tmp_path_factory.mktemp("bigquery")) as emulator:
        yield emulator


@pytest.fixture
def table(bigquery_emulator: BigQueryEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[BillingTable]:
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", bigquery_emulator.rest)
    with closing(BillingTable(bigquery_emulator.rest, f"billing_{uuid.uuid4().hex}")) as table:
        yield table
