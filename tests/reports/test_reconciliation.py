"""Whether the bills agree with the deliveries and the invoices: what the report reads, and what it says of it in one sentence."""

from decimal import Decimal

import pytest

from costsieve.contracts import quality as quality_contracts
from costsieve.contracts.costs import MONTH_VIEWS
from costsieve.reports.agreement import Agreement, agreement
from costsieve.reports.reconciliation import read_reconciliation
from costsieve.reports.report_reconciliation import Reconciliation, in_total
from costsieve.warehouse import Connection
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample


@pytest.fixture
def connection() -> Connection:
    return sample.empty_night()


def read(connection: Connection) -> Reconciliation:
    return read_reconciliation(connection)["USD"]


def test_a_month_adds_up_its_accounts_and_charge_types(connection: Connection) -> None:
    bills.add_reconciliation(connection)

    (month,) = next(bill for bill in read(connection).bills if bill.source == "org-bill").months

    assert (month.delivered_rows, month.core_rows, month.daily_rows) == (260, 260, 260)
    assert (month.delivered, month.charges, month.daily, month.difference) == (Decimal("1885.25"),) * 3 + (Decimal(0),)
    assert month.agrees


def test_the_views_of_the_month_stand_beside_it(connection: Connection) -> None:
    bills.add_reconciliation(connection)

    views = {bill.source: bill.months[0].views for bill in read(connection).bills}

    assert views["member-bill"] is None
    assert [str(view) for view in vars(views["org-bill"]).values()] == ["1885.25", "1890.00", "1885.25", "2400.00", "1885.25"]


def test_what_is_left_out_is_a_line_of_its_own_and_the_whole_adds_up(connection: Connection) -> None:
    bills.add_reconciliation(connection)
    found = read(connection)

    total = in_total(found.months, "")

    assert total.delivered - total.left_out == total.charges == Decimal("1885.25")
    assert [(row.source, row.kept_source, row.account_count, row.row_count, row.billed_cost) for row in found.left_out] == [
        ("member-bill", "org-bill", 1, 40, Decimal("500.00"))
    ]


def test_thirds_of_a_cent_that_are_left_out_still_add_up(connection: Connection) -> None:
    third = Decimal("0.333333333333")
    kept = {"left_out_rows": 1, "left_out_cost": Decimal("0.504"), "core_rows": 1, "daily_rows": 1, "core_cost": third, "daily_cost": third}
    sample.insert(connection, quality_contracts.RECONCILIATION, bills.compared("org-bill", "Usage", 2, "0.837333333333") | kept)

    month = read(connection).months[0]

    assert (month.delivered, month.left_out, month.charges) == (Decimal("0.84"), Decimal("0.51"), Decimal("0.33"))


def test_usage_of_a_month_stands_beside_its_invoice_whatever_invoice_it_is_on(connection: Connection) -> None:
    # Google: 7.00 of usage of 30 September is on October's invoice.
    sample.insert(connection, quality_contracts.RECONCILIATION, bills.compared("gcp-bill", "regular", 10, "90.00"))
    required = {column.name: Decimal(0) for column in MONTH_VIEWS.columns if not column.nullable}
    key = {"x_source": "gcp-bill", "ProviderName": "GCP", "BillingCurrency": "USD", "usage_month": "2026-09"}
    invoices = (("2026-09", "90.00"), ("2026-10", "7.00"))
    rows = [{**required, **key, "billing_month": month, "BilledCost": Decimal(cost)} for month, cost in invoices]
    sample.insert(connection, MONTH_VIEWS, *rows)

    (month,) = read(connection).months

    assert month.views is not None
    assert (month.views.billed, month.views.usage_month_cost) == (Decimal("90.00"), Decimal("97.00"))
    assert not month.is_used_in_its_month


def test_taxes_of_google_are_in_no_account(connection: Connection) -> None:
    rows = [
        bills.compared("gcp-bill", charge_type, 1, "1.00", sub_account_id=account)
        for charge_type, account in (("regular", "a"), ("tax", None))
    ]
    sample.insert(connection, quality_contracts.RECONCILIATION, *rows)

    assert read(connection).bills[0].account_count == 1


def test_the_sentence_names_bills_months_accounts_and_invoices(connection: Connection) -> None:
    bills.add_reconciliation(connection)

    assert agreement(read(connection), "USD") == Agreement(
        agrees=True,
        sentence=(
            "Reconciled to the last decimal: member-bill (1 billing month, 1 account); org-bill (1 billing month, 1 account)."
            " 1 of 2 given invoices compared."
        ),
    )


def test_a_difference_that_rounds_away_is_still_told(connection: Connection) -> None:
    bills.add_reconciliation(connection, difference=Decimal("-0.000000001"), daily_cost=Decimal("91.199999999"))

    assert agreement(read(connection), "USD") == Agreement(
        agrees=False,
        sentence="Does not agree: org-bill, September 2026: costs differ from what was delivered by \u2212$0.000000001.",
    )


def test_line_items_that_were_lost_without_a_cost_are_told(connection: Connection) -> None:
    bills.add_reconciliation(connection, daily_rows=9)

    assert agreement(read(connection), "USD").sentence == "Does not agree: org-bill, September 2026: line items differ."


def test_differences_that_cancel_each_other_are_not_agreement(connection: Connection) -> None:
    cent = Decimal("0.01")
    rows = [bills.compared("org-bill", kind, 1, "1.00", difference=found) for kind, found in (("Usage", cent), ("Tax", -cent))]
    sample.insert(connection, quality_contracts.RECONCILIATION, *rows)

    assert read(connection).agrees is False


def test_an_invoice_that_differs_is_told(connection: Connection) -> None:
    bills.add_reconciliation(connection)
    sample.insert(connection, quality_contracts.INVOICES, bills.invoice(4, "2026-07", "100.00", "-12.00"))

    assert agreement(read(connection), "USD").sentence == (
        "Does not agree: invoice 100000000001 of July 2026: the bill differs by \u2212$12.00."
    )


def test_nothing_compared_is_unknown_not_agreement() -> None:
    assert agreement(Reconciliation(), "USD").agrees is None


def test_many_bills_are_counted_not_listed(connection: Connection) -> None:
    sample.insert(
        connection, quality_contracts.RECONCILIATION, *(bills.compared(f"bill-{number}", "Usage", 1, "1.00") for number in range(5))
    )

    assert agreement(read(connection), "USD").sentence.endswith("bill-2 (1 billing month, 1 account); 2 more bills.")


def test_an_old_month_that_does_not_agree_is_not_folded_away(connection: Connection) -> None:
    months = [f"2026-{number:02}" for number in range(1, 7)]
    rows = [bills.compared("org-bill", "Usage", 1, "1.00", period=month, billing_month=month) for month in months]
    rows[0]["difference"] = Decimal("0.01")
    sample.insert(connection, quality_contracts.RECONCILIATION, *rows)

    (bill,) = read(connection).bills

    assert [month.billing_month for month in bill.recent] == ["2026-06", "2026-05", "2026-04", "2026-01"]
    assert [month.billing_month for month in bill.earlier] == ["2026-03", "2026-02"]
