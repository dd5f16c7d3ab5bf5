"""Names and types of CSV columns as they are landed: AWS's own spelling rule, declared types, and nothing lost where names collide."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costsieve.sources.aws.cur_columns import exact_number, landed_report, normalised
from costsieve.sources.aws.cur_csv import convert_csv
from tests.sources.exports import write
from tests.sources.legacy_reports import legacy_csv


def landed(folder: Path, content: bytes, select: str = "*") -> list[dict[str, Any]]:
    """The rows of the Parquet that one CSV file becomes."""
    part = write(folder / "costs-1.csv", content)
    convert_csv(part, folder / "costs-1.parquet", part.name)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {select} FROM read_parquet('{folder}/costs-1.parquet')")
        names = [name for name, *_ in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def value(folder: Path, column: str, *rows: dict[str, str]) -> Any:  # noqa: ANN401 - of any column
    """The value of a column in the first row."""
    return landed(folder, legacy_csv(*rows))[0][column]


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        ("lineItem/UsageAmount", "line_item_usage_amount"),
        ("identity/LineItemId", "identity_line_item_id"),
        ("savingsPlan/SavingsPlanARN", "savings_plan_savings_plan_a_r_n"),
        ("reservation/ReservationARN", "reservation_reservation_a_r_n"),
        ("resourceTags/user:CostCenter", "resource_tags_user_cost_center"),
        ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
        ("product/ebsOptimized", "product_ebs_optimized"),
        ("resourceTags/aws:autoscaling:groupName", "resource_tags_aws_autoscaling_group_name"),
        ("resourceTags/user:Cost  Center ", "resource_tags_user_cost_center"),
    ],
)
def test_legacy_names_are_spelled_as_in_parquet(delivered: str, expected: str) -> None:
    assert normalised(delivered) == expected


def test_names_of_cur_2_stay_as_they_are() -> None:
    assert list(landed_report(["line_item_usage_amount", "MyAlias"]).read_as) == ["line_item_usage_amount", "MyAlias"]


def test_account_ids_keep_their_leading_zeros(tmp_path: Path) -> None:
    assert value(tmp_path, "bill_payer_account_id", {}) == "000000000001"


def test_a_numeric_column_that_is_blank_all_month_is_typed_all_the_same(tmp_path: Path) -> None:
    content = legacy_csv({"lineItem/NetUnblendedCost": ""})

    assert landed(tmp_path, content, "typeof(line_item_net_unblended_cost) AS type") == [{"type": "DECIMAL(38,12)"}]


@pytest.mark.parametrize("column", ["discount/EdpDiscount", "splitLineItem/SplitCost", "lineItem/NormalizationFactor"])
def test_amounts_that_no_model_reads_are_numbers_too(tmp_path: Path, column: str) -> None:
    assert value(tmp_path, normalised(column), {column: "0.5"}) == Decimal("0.5")


@pytest.mark.parametrize(("delivered", "expected"), [("-7.0E-10", "-0.0000000007"), ("9.68E-8", "0.0000000968"), ("1E+3", "1000")])
def test_scientific_notation_is_exact(tmp_path: Path, delivered: str, expected: str) -> None:
    assert value(tmp_path, "line_item_unblended_cost", {"lineItem/UnblendedCost": delivered}) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-0.0", "0.1", ".5", "5.", "+1", "1E5", "1E6", "-7.0E-10", "0.15112748920525723", "123456789012345.123456789012"),
        *("999999", "999999.999999999999", "999999.9999999999995", "-999999.9999999999996", "1000000", "-1000000.0000000000004"),
        *("0.0000000000005", "-0.0000000000005", "0.00000000000049999", "1.0000000000015", "1.49999999999949999999"),
    ],
)
def test_the_fast_way_to_read_an_amount_gives_the_same_digits(text: str) -> None:
    with duckdb.connect() as connection:
        read = f"SELECT {exact_number('$text')}, CAST($text AS DECIMAL(38, 12))"
        [(fast, plain)] = connection.execute(read, {"text": text}).fetchall()

    assert fast == plain


@pytest.mark.parametrize("delivered", ["2026-09-03T07:00:00.000Z", "2026-09-03T07:00:00Z", "2026-09-03 07:00:00"])
def test_times_are_read_in_each_spelling(tmp_path: Path, delivered: str) -> None:
    assert str(value(tmp_path, "line_item_usage_start_date", {"lineItem/UsageStartDate": delivered})) == "2026-09-03 07:00:00"


def test_unknown_columns_are_kept_as_text(tmp_path: Path) -> None:
    assert value(tmp_path, "line_item_new_in2027", {"lineItem/NewIn2027": "007"}) == "007"


def test_tags_become_a_map_by_their_own_names_and_one_by_aws_names(tmp_path: Path) -> None:
    row = {"resourceTags/user:CostCenter": "4711", "resourceTags/aws:createdBy": "root", "resourceTags/user:Owner": ""}

    assert value(tmp_path, "tags", row) == {"resourceTags/user:CostCenter": "4711", "resourceTags/aws:createdBy": "root"}
    assert value(tmp_path, "resource_tags", row) == {"user_cost_center": "4711", "aws_created_by": "root"}


def test_tags_that_differ_only_by_case_are_all_kept(tmp_path: Path) -> None:
    row = {"resourceTags/user:team": "vision", "resourceTags/user:Team": "ranking", "resourceTags/user:TEAM": "speech"}

    assert value(tmp_path, "tags", row) == row


def test_of_tags_that_aws_would_spell_alike_the_first_that_has_a_value_counts(tmp_path: Path) -> None:
    first = {"resourceTags/user:cost-center": "1", "resourceTags/user:cost_center": "2", "resourceTags/user:CostCenter": "3"}
    assert value(tmp_path, "resource_tags", first) == {"user_cost_center": "1"}

    second = first | {"resourceTags/user:cost-center": ""}
    assert value(tmp_path, "resource_tags", second) == {"user_cost_center": "2"}
    assert len(value(tmp_path, "tags", second)) == 2


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param("x" * 10_240, id="10 KB"),
        pytest.param('say "no", twice', id="quotes"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param("line\nbreak\r\nand\ttab", id="line breaks"),
        pytest.param("\x01\x7f", id="control characters"),
        pytest.param("=1+1", id="formula"),
        pytest.param("'; DROP TABLE", id="SQL"),
        pytest.param("größe 東京", id="not ASCII"),
    ],
)
def test_tag_values_arrive_as_they_are(tmp_path: Path, tag: str) -> None:
    assert value(tmp_path, "tags", {"resourceTags/user:Note": tag}) == {"resourceTags/user:Note": tag}


def test_a_tag_key_may_hold_quotes(tmp_path: Path) -> None:
    row = {'resourceTags/user:it\'s "so"': "yes"}

    assert value(tmp_path, "tags", row) == row


def test_cost_categories_become_a_map_by_their_own_names(tmp_path: Path) -> None:
    assert value(tmp_path, "cost_category", {"costCategory/Business Unit": "Retail"}) == {"Business Unit": "Retail"}


def test_columns_whose_names_become_one_are_kept_apart_whatever_their_order(tmp_path: Path) -> None:
    several = {"product/storageClass": "camel", "product/storage-class": "dash", "product/STORAGE": "capitals"}
    orders = {"one": several, "other": dict(reversed(several.items()))}

    found = [row for name, each in orders.items() for row in landed(tmp_path / name, legacy_csv(each), "COLUMNS('product_s.*')")]

    assert (
        found
        == [{"product_storage_class": "dash", "product_storage_class (product/storageClass)": "camel", "product_s_t_o_r_a_g_e": "capitals"}]
        * 2
    )


def test_maps_of_cur_2_come_as_json_text(tmp_path: Path) -> None:
    header = "tags,resource_tags,cost_category,product,discount,other\n"
    row = '"{""a"":""1"",""A"":""2""}",{},"","{""product_name"":""S3""}","{""edp"":-0.000000001}","{""kept"":1}"\n'

    [found] = landed(tmp_path, (header + row).encode())

    assert tuple(found.values()) == ({"a": "1", "A": "2"}, {}, None, {"product_name": "S3"}, {"edp": Decimal("-0.000000001")}, '{"kept":1}')


def test_json_escapes_of_a_tag_are_undone(tmp_path: Path) -> None:
    content = 'tags\n"{""note"":""a\\n\\u0001\\""<b>""}"\n'

    assert landed(tmp_path, content.encode()) == [{"tags": {"note": 'a\n\x01"<b>'}}]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + legacy_csv({}).replace(b"\n", b"\r\n")

    [found] = landed(tmp_path, content)

    assert (found["line_item_unblended_cost"], found["identity_line_item_id"]) == (Decimal("1.5"), "line-1")
