"""The demo estate's GCP bill obeys the rules of Google's detailed export, in both models of spend based commitments."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costsieve.estate.gcp.generate import write_gcp
from costsieve.estate.plan import EstatePlan

PLAN = EstatePlan(seed=3, line_items=36_000, as_of=date(2026, 10, 1), days=75)
NEW_MODEL_SINCE = "TIMESTAMPTZ '2026-08-01 07:00:00+00'"
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Rows]]:
    folder = tmp_path_factory.mktemp("gcp-bill")
    write_gcp(folder, PLAN)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE VIEW bill AS SELECT * FROM read_parquet('{folder}/gcp/billing/*/*.parquet', hive_partitioning = true)")
        connection.execute("CREATE MACRO money(amount) AS CAST(amount AS DECIMAL(38, 12))")
        connection.execute("CREATE MACRO credited(given) AS coalesce(list_sum([money(credit.amount) FOR credit IN given]), 0)")
        yield lambda sql: connection.execute(sql).fetchall()


def test_the_schema_is_that_of_the_detailed_export(bill: Callable[[str], Rows]) -> None:
    types = {name: str(type_) for name, type_, *_ in bill("DESCRIBE bill")}
    expected = {
        "cost": "DOUBLE",
        "usage_start_time": "TIMESTAMP WITH TIME ZONE",
        "labels": 'STRUCT("key" VARCHAR, "value" VARCHAR)[]',
        "credits": 'STRUCT("name" VARCHAR, amount DOUBLE, full_name VARCHAR, id VARCHAR, "type" VARCHAR)[]',
        "consumption_model": "STRUCT(id VARCHAR, description VARCHAR)",
        "subscription": "STRUCT(instance_id VARCHAR)",
        "adjustment_info": 'STRUCT(id VARCHAR, description VARCHAR, "mode" VARCHAR, "type" VARCHAR)',
    }
    assert {name: types[name] for name in expected} == expected
    assert "effective_price DECIMAL(38,9)" in types["price"]


def test_every_day_of_the_window_has_a_partition(bill: Callable[[str], Rows]) -> None:
    assert bill("SELECT count(DISTINCT date), min(date), max(date) FROM bill") == [(75, date(2026, 7, 18), date(2026, 9, 30))]


def test_rows_are_exported_on_the_day_of_their_partition(bill: Callable[[str], Rows]) -> None:
    assert bill("SELECT count(*) FROM bill WHERE CAST(export_time AS DATE) <> date") == [(0,)]


def test_some_rows_come_a_day_late_and_none_of_the_last_day(bill: Callable[[str], Rows]) -> None:
    late = "cost_type = 'regular' AND CAST(usage_start_time AS DATE) < date"
    used_on = "CAST(usage_start_time AS DATE)"
    [(late_rows, days, last_day)] = bill(f"SELECT count(*), max(date - {used_on}), max({used_on}) FROM bill WHERE {late}")
    assert late_rows > 0
    assert days == 1
    assert last_day < date(2026, 9, 30)


def test_invoice_months_are_pacific_and_late_rows_of_a_month_end_are_on_the_next_invoice(bill: Callable[[str], Rows]) -> None:
    pacific = "strftime(usage_start_time AT TIME ZONE 'America/Los_Angeles', '%Y%m')"
    late_days = "to_days(CAST(date - CAST(usage_start_time AS DATE) AS INTEGER))"
    exported = pacific.replace("usage_start_time", f"(usage_start_time + {late_days})")
    mismatches = f"SELECT count(*) FROM bill WHERE cost_type = 'regular' AND invoice.month <> {exported}"
    assert bill(mismatches) == [(0,)]
    [(late_on_next,)] = bill(f"SELECT count(*) FROM bill WHERE cost_type = 'regular' AND invoice.month > {pacific}")
    assert late_on_next > 0
    [(utc_month_differs,)] = bill("SELECT count(*) FROM bill WHERE invoice.month < strftime(usage_start_time, '%Y%m')")
    assert utc_month_differs > 0


def test_all_kinds_of_credit_are_there_and_negative(bill: Callable[[str], Rows]) -> None:
    kinds = bill("SELECT credit.type, max(credit.amount) < 0 FROM bill, unnest(credits) AS unnested (credit) GROUP BY ALL ORDER BY ALL")
    assert kinds == [
        ("COMMITTED_USAGE_DISCOUNT", True),
        ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", True),
        ("DISCOUNT", True),
        ("FEE_UTILIZATION_OFFSET", True),
        ("FREE_TIER", True),
        ("PROMOTION", True),
        ("SUSTAINED_USAGE_DISCOUNT", True),
    ]


def test_no_usage_row_is_credited_more_than_it_costs(bill: Callable[[str], Rows]) -> None:
    assert bill("SELECT count(*) FROM bill WHERE cost_type = 'regular' AND money(cost) + credited(credits) < 0") == [(0,)]


def test_cost_is_the_rounded_product_of_quantity_and_effective_price(bill: Callable[[str], Rows]) -> None:
    difference = "abs(cost - usage.amount_in_pricing_units * CAST(price.effective_price AS DOUBLE))"
    assert bill(f"SELECT count(*) FROM bill WHERE cost_type = 'regular' AND {difference} > 2e-6") == [(0,)]


def test_only_sustained_machines_get_more_discount_as_the_month_goes_on(bill: Callable[[str], Rows]) -> None:
    share = "round(-credits[1].amount / cost, 3)"
    rows = bill(
        f"SELECT DISTINCT {share} FROM bill WHERE credits[1].type = 'SUSTAINED_USAGE_DISCOUNT'"
        " AND list_contains(system_labels, {'key': 'compute.googleapis.com/machine_spec', 'value': 'n1-standard-4'}) ORDER BY 1"
    )
    assert rows == [(0.2,), (0.4,), (0.6,)]


def test_the_old_model_credits_full_prices_and_the_new_model_splits_rows(bill: Callable[[str], Rows]) -> None:
    old = "list_contains([credit.type FOR credit IN credits], 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE')"
    new = "consumption_model.description <> 'Default'"
    assert bill(f"SELECT count(*) FROM bill WHERE ({old}) AND usage_start_time >= {NEW_MODEL_SINCE}") == [(0,)]
    assert bill(
        f"SELECT count(*) FROM bill WHERE {new} AND (usage_start_time < {NEW_MODEL_SINCE} OR subscription.instance_id IS NULL)"
    ) == [(0,)]
    [(old_rows, new_rows)] = bill(f"SELECT count(*) FILTER ({old}), count(*) FILTER ({new}) FROM bill")
    assert min(old_rows, new_rows) > 0


def test_new_model_fees_are_offset_by_exactly_what_the_commitment_covered(bill: Callable[[str], Rows]) -> None:
    rows = bill(
        "SELECT sum(money(cost)) FILTER (consumption_model.description <> 'Default'),"
        " -sum(credited(credits)) FILTER (sku.description LIKE 'Commitment -%')"
        f" FROM bill WHERE subscription.instance_id IS NOT NULL AND usage_start_time >= {NEW_MODEL_SINCE}"
        " AND sku.description NOT LIKE 'Commitment v1:%' GROUP BY subscription.instance_id"
    )
    assert len(rows) == 2
    assert all(covered == offset for covered, offset in rows)


def test_new_model_commitments_cost_what_they_cover_unless_their_usage_shrank(bill: Callable[[str], Rows]) -> None:
    rows = bill(
        "SELECT service.description, sum(money(cost) + credited(credits)) > 1 FROM bill WHERE sku.description LIKE 'Commitment - dollar%'"
        f" AND usage_start_time >= {NEW_MODEL_SINCE} GROUP BY ALL ORDER BY ALL"
    )
    assert rows == [("Cloud SQL", True), ("Compute Engine", False)]


def test_old_model_fees_name_the_skus_that_they_covered(bill: Callable[[str], Rows]) -> None:
    fees = "sku.description LIKE 'Commitment - dollar%' AND service.description = 'Compute Engine'"
    rows = bill(
        f"SELECT DISTINCT labels[1].key, labels[1].value FROM bill WHERE {fees} AND usage_start_time < {NEW_MODEL_SINCE} ORDER BY ALL"
    )
    assert rows == [("goog-originating-sku-id", "CF4E-A0C7-E3BF"), ("goog-originating-sku-id", "F449-33EC-A5EF")]


def test_taxes_and_corrections_have_no_resource(bill: Callable[[str], Rows]) -> None:
    rows = bill(
        "SELECT cost_type, count(*) > 0, count(resource.global_name) FROM bill WHERE cost_type <> 'regular' GROUP BY ALL ORDER BY ALL"
    )
    assert rows == [("adjustment", True, 0), ("rounding_error", True, 0), ("tax", True, 0)]


def test_global_names_end_in_unique_numeric_ids_although_two_machines_share_a_name(bill: Callable[[str], Rows]) -> None:
    machines = "SELECT DISTINCT resource.name, resource.global_name FROM bill WHERE resource.global_name LIKE '%/zones/%/instances/%'"
    assert bill(f"SELECT count(*) FROM ({machines}) WHERE NOT regexp_full_match(split_part(global_name, '/', 9), '[0-9]{{19}}')") == [(0,)]
    assert bill(f"SELECT name, count(*) FROM ({machines}) GROUP BY name HAVING count(*) > 1") == [("feature-builder", 2)]


def test_the_bill_has_about_a_quarter_of_the_planned_line_items(bill: Callable[[str], Rows]) -> None:
    [(rows,)] = bill("SELECT count(*) FROM bill")
    assert rows == pytest.approx(PLAN.line_items / 4, rel=0.1)


def test_large_plans_have_hourly_rows_and_meet_their_size(tmp_path: Path) -> None:
    plan = EstatePlan(line_items=200_000, as_of=date(2026, 10, 1), days=31)
    write_gcp(tmp_path, plan)
    with duckdb.connect() as connection:
        counted = connection.execute(
            "SELECT count(*), max(usage_end_time - usage_start_time)"
            " FILTER (sku.description LIKE '%Instance Core running%' AND service.description = 'Compute Engine')"
            f" FROM read_parquet('{tmp_path}/gcp/billing/*/*.parquet')"
        ).fetchone()
    assert counted is not None
    assert counted[0] == pytest.approx(50_000, rel=0.05)
    assert counted[1] == timedelta(hours=1)


def test_the_same_plan_gives_the_same_files(tmp_path: Path) -> None:
    plan = EstatePlan(seed=5, line_items=8_000, days=16)
    digests = []
    for run in ("first", "second"):
        write_gcp(tmp_path / run, plan)
        files = sorted((tmp_path / run).rglob("*.parquet"))
        digests.append([(file.relative_to(tmp_path / run), sha256(file.read_bytes()).hexdigest()) for file in files])
    assert digests[0] == digests[1]
