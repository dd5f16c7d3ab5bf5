"""FOCUS files: complete to the last decimal, typed, selected as asked, and refused in words that help."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costsieve.contracts.focus import FOCUS_1_2
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.exports.focus import FileFormat, format_of
from costsieve.exports.selection import Selection
from costsieve.home import Home
from costsieve.publication import publish
from costsieve.warehouse import Warehouse
from tests.billed_home import billed_home, cur_rows, gcp_rows
from tests.exports.published import NIGHT, PUBLISHED_AT, daily_totals, export, exported_totals, publish_bills

PLAN = "arn:aws:savingsplans::100000000001:savingsplan/abc"


def publish_rows(warehouse: Warehouse, *bills: tuple[str, str]) -> Home:
    """Publish bills given as a period and the SELECT of its rows: a month of AWS, or a day of Google Cloud."""
    with billed_home(warehouse) as billed:
        for period, select in bills:
            billed.land(select, source="org-bill" if len(period) == 7 else "gcp-bill", period=period)
        billed.reconcile()
    publish(warehouse, NIGHT, PUBLISHED_AT)
    return warehouse.home


def covered(cost: str, effective: str) -> str:
    return (
        f"'SavingsPlanCoveredUsage' AS line_item_line_item_type, {cost}::DOUBLE AS line_item_unblended_cost,"
        f" '{PLAN}' AS savings_plan_savings_plan_a_r_n, {effective}::DOUBLE AS savings_plan_savings_plan_effective_cost"
    )


def negation(cost: str) -> str:
    kind = "'SavingsPlanNegation' AS line_item_line_item_type"
    return f"{kind}, {cost}::DOUBLE AS line_item_unblended_cost, '{PLAN}' AS savings_plan_savings_plan_a_r_n"


def read(path: Path, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return [tuple(row) for row in duckdb.execute(f"SELECT {columns} FROM read_parquet('{path}') WHERE {where} ORDER BY ALL").fetchall()]


def test_costs_sum_to_the_daily_costs_per_month_and_currency(published: Home, tmp_path: Path) -> None:
    export(published, tmp_path / "focus")

    assert exported_totals(f"{tmp_path}/focus/*.parquet") == daily_totals(published)


def test_a_folder_gets_one_file_per_billing_month(published: Home, tmp_path: Path) -> None:
    written = export(published, tmp_path / "focus")

    assert [file.path.name for file in written] == [f"focus-2026-{month}.parquet" for month in ("04", "08", "09")]
    assert sorted(file.path for file in written) == sorted((tmp_path / "focus").iterdir())


def test_rows_are_counted_as_written(published: Home, tmp_path: Path) -> None:
    [written] = export(published, tmp_path / "april.parquet", Selection(months=("2026-04",)))

    assert (written.rows, len(read(written.path, "BilledCost"))) == (1882, 1882)


def test_parquet_has_the_columns_and_types_of_the_contract(published: Home, tmp_path: Path) -> None:
    export(published, tmp_path / "all.parquet")

    described = duckdb.execute(f"DESCRIBE FROM read_parquet('{tmp_path / 'all.parquet'}')").fetchall()
    assert [row[:2] for row in described] == [(column.name, column.type) for column in FOCUS_1_2.columns]


@pytest.mark.parametrize("column", [column.name for column in FOCUS_1_2.columns if not column.nullable])
def test_a_column_that_must_not_be_null_is_not(published: Home, whole: Path, column: str) -> None:
    assert published
    assert read(whole, f"count(*) - count({column})") == [(0,)]


@pytest.mark.parametrize("column", [column for column in FOCUS_1_2.columns if column.allowed], ids=lambda column: column.name)
def test_a_column_of_few_values_has_no_other(whole: Path, column: object) -> None:
    name, allowed = vars(column)["name"], vars(column)["allowed"]

    assert {value for (value,) in read(whole, f"DISTINCT {name}", f"{name} IS NOT NULL")} <= set(allowed)


@pytest.fixture(scope="module")
def whole(published: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that is published, in one file."""
    [written] = export(published, tmp_path_factory.mktemp("whole") / "all.parquet")
    return written.path


def test_csv_says_the_same_as_parquet_in_iso_times_and_json(published: Home, tmp_path: Path) -> None:
    export(published, tmp_path / "april.csv", Selection(months=("2026-04",)))
    export(published, tmp_path / "april.parquet", Selection(months=("2026-04",)))

    types = ", ".join(f"'{column.name}': '{column.type}'" for column in FOCUS_1_2.columns)
    from_csv = f"read_csv('{tmp_path / 'april.csv'}', columns = {{{types}}})"
    from_parquet = f"read_parquet('{tmp_path / 'april.parquet'}')"
    assert (
        duckdb.execute(
            f"(FROM {from_csv} EXCEPT ALL FROM {from_parquet}) UNION ALL (FROM {from_parquet} EXCEPT ALL FROM {from_csv})"
        ).fetchall()
        == []
    )
    assert ",2026-05-01T00:00:00Z,2026-04-01T00:00:00Z," in (tmp_path / "april.csv").read_text(encoding="utf-8")


def test_purchases_of_commitments_have_no_effective_cost(whole: Path) -> None:
    assert read(whole, "sum(abs(EffectiveCost))", "ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL") == [(0,)]


def test_used_and_unused_of_an_aws_plan_is_what_it_costs(published: Home, whole: Path) -> None:
    plans = "CommitmentDiscountId LIKE '%:savingsplan/%' AND ChargeCategory = 'Usage'"
    amortised: dict[str, Decimal] = dict(read(whole, "CommitmentDiscountId, sum(EffectiveCost)", f"{plans} GROUP BY ALL"))

    with duckdb.connect(str(published.published_warehouse), read_only=True) as connection:
        fees = "x_charge_kind = 'SavingsPlanRecurringFee'"
        sql = f"SELECT CommitmentDiscountId, sum(x_commitment_cost) FROM core.charges WHERE {fees} GROUP BY ALL"
        assert amortised == dict(connection.execute(sql).fetchall())


def test_used_and_unused_of_a_google_commitment_is_its_fee_hour_by_hour(whole: Path) -> None:
    hours = read(
        whole,
        "sum(BilledCost), sum(EffectiveCost) FILTER (ChargeCategory = 'Usage'), count(*)",
        "CommitmentDiscountId = '77' GROUP BY ChargePeriodStart",
    )

    fee = Decimal("0.2389801")
    assert hours == [(fee, fee, 3)] * 24


def test_unused_of_a_google_commitment_is_what_the_warehouse_says(published: Home, whole: Path) -> None:
    unused = "CommitmentDiscountId = '77' AND CommitmentDiscountStatus = 'Unused'"

    with duckdb.connect(str(published.published_warehouse), read_only=True) as connection:
        sql = f"SELECT sum(attributed_cost) FROM core.commitment_attribution WHERE {unused}"
        assert read(whole, "sum(EffectiveCost)", unused) == connection.execute(sql).fetchall() == [(Decimal("1.9118408"),)]


def test_covered_usage_is_not_billed_and_its_negation_is_gone(warehouse: Warehouse, tmp_path: Path) -> None:
    home = publish_rows(warehouse, ("2026-09", cur_rows(covered("3", "2.1"), covered("5", "3.5"), negation("-8"))))

    export(home, tmp_path / "all.parquet")

    rows = read(tmp_path / "all.parquet", "ChargeCategory, CommitmentDiscountStatus, BilledCost, EffectiveCost, ListCost")
    assert rows == [("Usage", "Used", 0, Decimal("2.1"), 3), ("Usage", "Used", 0, Decimal("3.5"), 5)]


def test_what_a_negation_does_not_cancel_stays_in_the_sum(warehouse: Warehouse, tmp_path: Path) -> None:
    home = publish_rows(warehouse, ("2026-09", cur_rows(covered("3", "2.1"), negation("-2.9999999999"))))

    export(home, tmp_path / "all.parquet")

    rows = read(tmp_path / "all.parquet", "ChargeCategory, BilledCost, EffectiveCost, CommitmentDiscountId")
    assert rows == [("Adjustment", Decimal("0.0000000001"), 0, PLAN), ("Usage", 0, Decimal("2.1"), PLAN)]
    assert exported_totals(str(tmp_path / "all.parquet")) == daily_totals(home)


def test_currencies_stay_apart(warehouse: Warehouse, tmp_path: Path) -> None:
    home = publish_rows(
        warehouse, ("2026-09", cur_rows("2::DOUBLE AS line_item_unblended_cost")), ("2026-09-30", gcp_rows("3::DOUBLE AS cost"))
    )

    export(home, tmp_path / "all.parquet")

    assert exported_totals(str(tmp_path / "all.parquet")) == {
        ("2026-09", "USD"): (Decimal(2), Decimal(2)),
        ("2026-09", "EUR"): (Decimal("2.5"), Decimal("2.5")),
    }


def test_an_invoice_month_has_its_rows_whenever_they_were_exported(warehouse: Warehouse, tmp_path: Path) -> None:
    late = gcp_rows("{'month': '202609'} AS invoice, TIMESTAMPTZ '2026-10-02 09:00:00+00' AS export_time")
    home = publish_rows(warehouse, ("2026-09-30", gcp_rows("1::DOUBLE AS cost")), ("2026-10-02", late))

    [written] = export(home, tmp_path / "all.parquet", Selection(months=("2026-09",)))

    assert exported_totals(str(written.path)) == daily_totals(home)


def test_tags_of_any_content_are_json(warehouse: Warehouse, tmp_path: Path) -> None:
    tag = 'say "hi",\n<b>' + "x" * 10_000
    labels = f"[{{'key': 'team', 'value': '{tag}'}}, {{'key': 'Team', 'value': ''}}] AS labels"
    home = publish_rows(warehouse, ("2026-09-30", f"SELECT *, {labels} FROM ({gcp_rows('1::DOUBLE AS cost, [] AS credits')})"))

    export(home, tmp_path / "all.parquet")

    assert read(tmp_path / "all.parquet", "Tags ->> 'team', Tags ->> 'Team'") == [(tag, "")]


def test_only_the_months_since_then_are_written(published: Home, tmp_path: Path) -> None:
    written = export(published, tmp_path / "focus", Selection(since="2026-08"))

    assert [file.path.stem for file in written] == ["focus-2026-08", "focus-2026-09"]


def test_only_the_provider_asked_for_is_written(published: Home, tmp_path: Path) -> None:
    export(published, tmp_path / "all.parquet", Selection(providers=("GCP",)))

    assert read(tmp_path / "all.parquet", "DISTINCT ProviderName") == [("GCP",)]


def test_the_published_file_is_left_as_it_is(published: Home, tmp_path: Path) -> None:
    before = published.published_warehouse.read_bytes()

    export(published, tmp_path / "all.parquet")

    assert published.published_warehouse.read_bytes() == before


def test_a_month_that_is_not_published_is_named_with_those_that_are(published: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no published bill has the billing month 2026-05; published: 2026-04, 2026-08, 2026-09"):
        export(published, tmp_path / "focus", Selection(months=("2026-05",)))

    assert not (tmp_path / "focus").exists()


@pytest.mark.parametrize("selection", [Selection(months=("September",)), Selection(since="2026-13")])
def test_a_month_is_written_as_year_and_month(published: Home, tmp_path: Path, selection: Selection) -> None:
    with pytest.raises(ConfigurationError, match="write it as YYYY-MM"):
        export(published, tmp_path / "focus", selection)


def test_a_provider_that_is_not_published_is_named_with_those_that_are(published: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no published bill has the provider Azure; published: AWS, GCP"):
        export(published, tmp_path / "focus", Selection(providers=("Azure",)))


def test_nothing_since_then_is_no_empty_file(published: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no published charge is selected"):
        export(published, tmp_path / "focus", Selection(since="2027-01"))


def test_nothing_published_yet_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CostsieveError, match="no night has published yet"):
        export(Home(tmp_path), tmp_path / "focus")


def test_nothing_is_overwritten(published: Home, tmp_path: Path) -> None:
    (tmp_path / "all.parquet").write_text("mine", encoding="utf-8")
    (tmp_path / "focus").mkdir()
    (tmp_path / "focus" / "notes.txt").write_text("mine", encoding="utf-8")

    for output in ("all.parquet", "focus"):
        with pytest.raises(ConfigurationError, match="exists and is not an empty folder"):
            export(published, tmp_path / output)


def test_an_empty_folder_is_filled(published: Home, tmp_path: Path) -> None:
    (tmp_path / "focus").mkdir()

    assert export(published, tmp_path / "focus", Selection(months=("2026-04",)))


def test_a_folder_below_a_file_is_refused_in_words(published: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(CostsieveError, match="cannot be written"):
        export(published, tmp_path / "file" / "focus")


def test_a_bill_that_is_gone_leaves_no_half_file(warehouse: Warehouse, tmp_path: Path) -> None:
    home = publish_rows(warehouse, ("2026-09", cur_rows("2::DOUBLE AS line_item_unblended_cost")))
    next(home.lake.rglob("*.parquet")).unlink()

    with pytest.raises(CostsieveError, match="a published bill cannot be read"):
        export(home, tmp_path / "out" / "all.parquet")

    assert list((tmp_path / "out").iterdir()) == []


def test_the_name_tells_the_format() -> None:
    assert format_of(Path("all.csv"), None) is FileFormat.CSV
    assert format_of(Path("focus"), FileFormat.CSV) is FileFormat.CSV
    assert format_of(Path("focus"), None) is FileFormat.PARQUET


def test_a_name_of_one_format_and_another_format_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="name of a csv file, but --format says parquet"):
        format_of(Path("all.csv"), FileFormat.PARQUET)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_what_was_written_can_be_read_as_a_source(published: Home, tmp_path: Path, ending: str) -> None:
    output = tmp_path / "focus" if ending == "parquet" else tmp_path / "bills" / "all.csv"
    months = ("2026-04", "2026-08")
    export(published, output, Selection(months=months))
    again = Home(tmp_path / "again")

    publish_bills(again, [{"name": "exported", "type": "focus", "location": str(output if output.is_dir() else output.parent)}])

    assert daily_totals(again) == {key: totals for key, totals in daily_totals(published).items() if key[0] in months}


def test_what_was_read_as_focus_is_written_as_it_was(published: Home, tmp_path: Path) -> None:
    export(published, tmp_path / "focus", Selection(months=("2026-04",)))
    again = Home(tmp_path / "again")
    publish_bills(again, [{"name": "exported", "type": "focus", "location": str(tmp_path / "focus")}])

    export(again, tmp_path / "second.parquet")

    first, second = f"read_parquet('{tmp_path}/focus/*.parquet')", f"read_parquet('{tmp_path / 'second.parquet'}')"
    prices = "ContractedUnitPrice, ListUnitPrice, PricingCurrencyContractedUnitPrice, PricingCurrencyListUnitPrice"
    assert duckdb.execute(f"SELECT * EXCLUDE ({prices}) FROM {first} EXCEPT ALL SELECT * EXCLUDE ({prices}) FROM {second}").fetchall() == []
