"""Deliveries of one small company to one home: a payer's and a member's CUR, Google's export, and FOCUS files of a third provider.

No test is here. Every day of August and September the payer's own account costs 1 USD and its member 2 USD; Google delivers 30 days of
3 USD less 0.50 of credits, and the third provider bills 4 EUR.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.sources.exports import cur_row, deliver_cur_month, parquet, write
from tests.sources.focus_exports import deliver, focus_row

HOSTILE_TAG = "\"team'; <script>alert(1)</script> & </title>\\ \x01\x1b[31m\t\n\u202e" + "x" * 10_000
"""Quotes, markup, control characters and line ends, in more than ten kilobytes."""

_PAYER, _MEMBER = "100000000001", "100000000002"

type Rows = list[dict[str, Any]]


def member_month(year_month: str) -> Rows:
    """The rows of the member's account, which its own export and the payer's both hold."""
    return [_aws(day, _MEMBER, "2", "AmazonEC2", "BoxUsage:m5.large") for day in _days(year_month)]


def payer_month(year_month: str) -> Rows:
    """The rows of both accounts; the payer's own are tagged."""
    tags = json.dumps({"user_team": HOSTILE_TAG})
    own = [_aws(day, _PAYER, "1", "AmazonS3", "TimedStorage-ByteHrs") | {"resource_tags": tags} for day in _days(year_month)]
    return own + member_month(year_month)


def late_rows() -> Rows:
    """What AWS adds to September a day later: storage of the last day, and a credit."""
    return [
        _aws(date(2026, 9, 30), _PAYER, "4.25", "AmazonS3", "Requests-Tier1"),
        _aws(date(2026, 9, 15), _PAYER, "-3.10", "AmazonEC2", "BoxUsage:m5.large") | {"line_item_line_item_type": "Credit"},
    ]


def deliver_aws(export: Path, year_month: str, rows: Rows, execution: str) -> None:
    """Deliver one month of a CUR 2.0 export in overwrite mode."""
    deliver_cur_month(export, year_month, {"costs-00001.snappy.parquet": parquet(rows)}, execution)


def deliver_google(folder: Path) -> Path:
    """Deliver one day of Google's export with the usage of the month; return its file."""
    lines = (json.dumps(_google(day)) for day in _days("2026-09"))
    return write(folder / "date=2026-09-30/000.json", "\n".join(lines).encode())


def deliver_focus(folder: Path) -> None:
    """Deliver FOCUS files of the third provider."""
    deliver(folder / "2026-09.csv.gz", *(focus_row(ChargePeriodStart=f"{day}T07:00Z", BilledCost="4") for day in _days("2026-09")))


def _days(year_month: str) -> Sequence[date]:
    first = date.fromisoformat(f"{year_month}-01")
    return [day for day in (first + timedelta(days=number) for number in range(31)) if day.month == first.month]


def _aws(day: date, account: str, cost: str, service: str, usage_type: str) -> dict[str, Any]:
    return cur_row(
        cost,
        bill_billing_period_start_date=datetime(day.year, day.month, 1),  # noqa: DTZ001 CUR timestamps carry no zone
        line_item_usage_account_id=account,
        line_item_usage_start_date=datetime(day.year, day.month, day.day, 7),  # noqa: DTZ001 as above
        line_item_product_code=service,
        line_item_usage_type=usage_type,
        resource_tags=None,
    )


def _google(day: date) -> Mapping[str, Any]:
    return {
        "billing_account_id": "01D3M0-C0575E-15E7E5",
        "invoice": {"month": "202609"},
        "cost_type": "regular",
        "usage_start_time": f"{day} 07:00:00 UTC",
        "usage_end_time": f"{day} 08:00:00 UTC",
        "export_time": f"{day} 12:00:00 UTC",
        "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
        "project": {"id": "ml-prod", "labels": [{"key": "team", "value": HOSTILE_TAG}]},
        "currency": "USD",
        "cost": "3",
        "credits": [{"name": "Trial", "type": "PROMOTION", "amount": "-0.5"}],
    }
