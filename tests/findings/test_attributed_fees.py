"""Fees that GCP bills apart from the usage that they cover are part of what a finding saves, is explained by, and may not save in cash."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.period import DAYS_PER_MONTH
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert

DAY = date(2026, 9, 30)
MACHINE = {"ProviderName": "GCP", "SubAccountId": "ml-prod", "ResourceId": "4711"}
CORES = "N2 Instance Core running in Americas"


@pytest.fixture
def covered(connection: Connection) -> Connection:
    """A machine whose credit leaves 1 of its price, and 3.82368 of a fee of 5.73552 that is its part."""
    insert(connection, "core.resource_costs", [MACHINE])
    usage: dict[str, Any] = {"x_source": "gcp-bill", "usage_date": DAY, "x_usage_type": CORES, "x_net_effective_cost": 1, "ListCost": 6}
    insert(connection, "core.daily_cost", [{**MACHINE, **usage, "PricingCategory": "Committed"}])
    fee: dict[str, Any] = {"x_source": "gcp-bill", "usage_date": DAY, "BillingAccountId": "A", "BillingCurrency": "USD", "covers": "cores"}
    used = {"CommitmentDiscountStatus": "Used", "SubAccountId": "ml-prod", "ResourceId": "4711", "x_usage_type": CORES}
    rest = {"CommitmentDiscountStatus": "Unused", "SubAccountId": "billing", "x_usage_type": "Commitment v1: N2 Cpu in Americas for 1 Year"}
    amounts = ({**used, "attributed_cost": Decimal("3.82368")}, {**rest, "attributed_cost": Decimal("1.91184")})
    insert(connection, "core.commitment_attribution", [fee | row for row in amounts])
    return connection


def test_the_fee_is_among_the_bill_rows_of_its_machine(covered: Connection) -> None:
    parameters = {"provider": "GCP", "account_id": "ml-prod", "resource_id": "4711", "currency": "USD"}
    window = {"window_start": date(2026, 9, 1), "window_end": date(2026, 10, 1)}
    rows = query(covered, statement("findings/bill_rows.sql"), {**parameters, **window})

    assert rows.select("usage_type", "list_cost", "net_effective_cost").rows() == [
        (CORES, 6, 1),
        (f"commitment fee for {CORES}", 0, Decimal("3.82368")),
    ]


def test_the_used_part_of_fees_is_spend_that_a_plan_may_save(covered: Connection) -> None:
    parameters = {"as_of": date(2026, 10, 1), "days_per_month": DAYS_PER_MONTH}

    assert query(covered, statement("findings/usage_spend.sql"), parameters).rows() == [("USD", Decimal("4.82368"))]


def test_a_commitment_that_lies_partly_unused_is_not_taken_over_by_other_machines(covered: Connection) -> None:
    finding = {"finding_id": "f", "rule_id": "r", "action": "terminate", "currency": "USD", "monthly_savings": 4, "confidence": "high"}
    resource = {"provider": "GCP", "account_id": "ml-prod", "resource_id": "4711", "first_seen": DAY, "as_of": date(2026, 10, 1)}
    insert(covered, "results.findings", [finding | resource | {"confidence_reason": "", "evidence": "{}"}])

    assert _shared_fees(covered) == [(Decimal("3.82368"), False)]
    covered.execute("DELETE FROM core.commitment_attribution WHERE CommitmentDiscountStatus = 'Unused'")

    assert _shared_fees(covered) == [(Decimal("3.82368"), True)]


def _shared_fees(connection: Connection) -> list[tuple[Decimal, bool]]:
    rows = query(connection, statement("findings/machine_days.sql"), {"as_of": date(2026, 10, 1)})
    return rows.filter(rows["cost"] != 1).select("cost", "is_shared").rows()
