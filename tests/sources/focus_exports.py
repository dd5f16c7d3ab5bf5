"""Small FOCUS files, and what a landing makes of them."""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from costsieve.contracts import raw
from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.settings import Allocation
from costsieve.source_settings import FocusSource
from costsieve.sources.focus.files import focus_files
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.source import Source
from costsieve.warehouse import Warehouse
from tests.sources.exports import write

NIGHT = date(2026, 11, 1)


def focus_row(**values: str) -> dict[str, str]:
    """One charge of September as a CSV file holds it: every value is text."""
    return {
        "BillingAccountId": "00077",
        "SubAccountId": "0042",
        "BillingCurrency": "EUR",
        "BillingPeriodStart": "2026-09-01T00:00Z",
        "ChargeCategory": "Usage",
        "ChargePeriodStart": "2026-09-03T07:00Z",
        "ProviderName": "Microsoft",
        "ServiceName": "Virtual Machines",
        "BilledCost": "1.5",
        **values,
    }


def october(**values: str) -> dict[str, str]:
    return focus_row(BillingPeriodStart="2026-10-01T00:00Z", ChargePeriodStart="2026-10-02T00:00Z", **values)


def csv_text(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names or list(focus_row()))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def deliver(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write a CSV file, compressed where its name says so."""
    content = csv_text(rows)
    return write(path, gzip.compress(content) if path.name.endswith(".gz") else content)


def deliver_run(range_folder: Path, run: str, submitted_at: str, parts: Mapping[str, bytes]) -> Path:
    """Deliver one run of an Azure export: its parts, then its manifest; return its folder."""
    container = f"exports/{range_folder.parent.name}/{range_folder.name}/{run}"
    for name, content in parts.items():
        write(range_folder / run / name, content)
    manifest = {
        "manifestVersion": "2024-04-01",
        "exportConfig": {"exportName": range_folder.parent.name, "type": "FocusCost"},
        "runInfo": {"runId": run, "submittedTime": submitted_at},
        "blobs": [{"blobName": f"{container}/{name}", "byteCount": len(content)} for name, content in parts.items()],
    }
    write(range_folder / run / "manifest.json", json.dumps(manifest).encode())
    return range_folder / run


def source_at(location: Path | str, memory: Path | None = None) -> Source:
    return focus_files(FocusSource(name="azure", type="focus", location=str(location)), memory)


def land(warehouse: Warehouse, location: Path | str, as_of: date = NIGHT) -> LoadSummary:
    return load_source(warehouse, source_at(location), as_of, datetime(2026, 11, 1, 3, tzinfo=UTC))


def charges(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    """Return ``columns`` of core.charges over what is landed, in order."""
    with warehouse.connect() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        create_charges_view(connection)
        return [tuple(row) for row in connection.execute(f"SELECT {columns} FROM core.charges ORDER BY ALL").fetchall()]


def delivered(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    """Return ``columns`` of raw.focus over what is landed, in order."""
    with warehouse.connect() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        return [tuple(row) for row in connection.execute(f"SELECT {columns} FROM {raw.FOCUS.full_name} ORDER BY ALL").fetchall()]


def eur(amount: str) -> dict[str, Decimal]:
    return {"EUR": Decimal(amount)}
