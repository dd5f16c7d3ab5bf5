"""A week of one small company, night by night on one home: what is delivered and configured before each night. No test is here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import dagster as dg
import duckdb

from tests.end_to_end import bills
from tests.end_to_end.installation import Installation, Night

CONFIGURATION = """
sources:
  - {name: payer, type: aws_cur, location: bills/payer}
  - {name: member, type: aws_cur, location: bills/member}
  - {name: google, type: gcp_billing, location: bills/google}
  - {name: azure, type: focus, location: bills/azure}
invoices: invoices.csv
"""
QUARANTINE = """
quarantine:
  - {source: payer, period: 2026-09, reason: "half of the files are missing, ticket 4711"}
"""
NEWCOMER = CONFIGURATION.replace("invoices:", "  - {name: newcomer, type: aws_cur, location: bills/newcomer}\ninvoices:")


@dataclass(frozen=True)
class Week:
    """The nights by name, and what the orchestrator shows of the roll-up of each."""

    installed: Installation
    nights: dict[str, Night] = field(default_factory=dict)
    rolled_up: dict[str, str] = field(default_factory=dict)

    def totals(self, called: str) -> Mapping[str, Decimal]:
        """Billed cost by source in the file that was published after a night."""
        return dict(self.nights[called].rows("SELECT x_source, sum(BilledCost) FROM core.daily_cost GROUP BY ALL"))

    def run_night(self, called: str, as_of: str) -> None:
        self.nights[called] = self.installed.quick_night(as_of, called)
        self.rolled_up[called] = _rolled_up(self.installed.folder / ".costsieve" / "dagster")


def run_week(folder: Path) -> Week:
    """Run its five nights."""
    week = Week(Installation(folder))
    google = _first_delivery(week.installed)
    delivered = google.read_bytes()
    week.run_night("first", "2026-10-01")

    restated = bills.payer_month("2026-09") + bills.late_rows()
    bills.deliver_aws(folder / "bills/payer", "2026-09", restated, "september-2")
    google.write_bytes(delivered[:-100])
    week.run_night("restated", "2026-10-02")

    google.write_bytes(delivered)
    halved = [row for row in restated if row["line_item_usage_start_date"].day <= 14]
    bills.deliver_aws(folder / "bills/payer", "2026-09", halved, "september-3")
    _give_invoice(folder, "93.01")
    _tamper_with_roll_up(folder)
    week.run_night("blocked", "2026-10-03")

    _give_invoice(folder, "93.00")
    week.installed.configure(CONFIGURATION + QUARANTINE)
    week.run_night("quarantined", "2026-10-03")

    week.installed.configure(NEWCOMER + QUARANTINE)
    week.run_night("newcomer", "2026-10-03")
    week.installed.configure(CONFIGURATION + QUARANTINE)
    return week


def _first_delivery(installed: Installation) -> Path:
    folder = installed.folder / "bills"
    bills.deliver_aws(folder / "payer", "2026-08", bills.payer_month("2026-08"), "august-1")
    bills.deliver_aws(folder / "payer", "2026-09", bills.payer_month("2026-09"), "september-1")
    bills.deliver_aws(folder / "member", "2026-09", bills.member_month("2026-09"), "september-1")
    bills.deliver_focus(folder / "azure")
    _give_invoice(installed.folder, "93.00")
    installed.configure(CONFIGURATION)
    return bills.deliver_google(folder / "google")


def _tamper_with_roll_up(folder: Path) -> None:
    """Change a cost that no night has a reason to roll up again."""
    with duckdb.connect(str(folder / ".costsieve" / "work" / "warehouse.duckdb")) as work:
        work.execute(
            "UPDATE core.daily_cost SET BilledCost = BilledCost + 0.01 WHERE x_source = 'azure' AND usage_date = DATE '2026-09-01'"
        )


def _give_invoice(folder: Path, amount: str) -> None:
    invoice = f"billing_account_id,billing_month,currency,amount\n100000000001,2026-08,USD,{amount}\n"
    (folder / "invoices.csv").write_text(invoice, encoding="utf-8")


def _rolled_up(dagster_home: Path) -> str:
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["core", "daily_cost"]))
        return str(event.asset_materialization.metadata["rolled up"].value) if event and event.asset_materialization else ""
