"""From inventory and read statistics to a bucket's recommendation, or the reason why there is none."""

import json
from datetime import date
from typing import Any

import pytest

from costsieve.recommendations.lifecycle.prefix_plan import Policy
from costsieve.recommendations.lifecycle.recommend import recommend
from costsieve.recommendations.recommendation import Answer, Recommendation
from costsieve.warehouse import Connection
from tests.recommendations.conftest import insert

AS_OF = date(2026, 10, 1)
GB = 2**30
MB = 2**20


def stored(prefix: str, age: int, gigabytes: int, **changes: object) -> dict[str, Any]:
    """Objects of 16 MB in Standard."""
    row = {"bucket": "ml-datasets", "prefix": prefix, "age_days_from": age, "size_bytes_from": 16 * MB, "storage_class": "STANDARD"}
    return {**row, "object_count": gigabytes * 64, "byte_count": gigabytes * GB, **changes}


def reads(prefix: str, age: int, gets: int) -> dict[str, Any]:
    """Reads of 1,000 objects of 16 MB, observed for 90 days in an age."""
    row = {"bucket": "ml-datasets", "prefix": prefix, "age_days_from": age, "observed_from": date(2026, 7, 3), "observed_to": AS_OF}
    object_days = 90_000.0
    return {**row, "get_count": gets, "byte_count": gets * 16 * MB, "object_days": object_days, "byte_days": object_days * 16 * MB}


def bill(connection: Connection, storage_cost: float, monthly_cost: float, **changes: object) -> None:
    bucket = {"provider": "AWS", "account_id": "100000000002", "region": "us-east-1", "resource_id": "ml-datasets", "currency": "USD"}
    insert(connection, "usage.resources", [{**bucket, "monthly_cost": monthly_cost, **changes}])
    key = {"ProviderName": "AWS", "ResourceId": "ml-datasets", "BillingCurrency": changes.get("currency", "USD")}
    insert(connection, "core.resource_costs", [{**key, "window_start": date(2026, 8, 30), "window_end": date(2026, 9, 29)}])
    storage = {
        "ServiceName": "AmazonS3",
        "x_pool": "usage",
        "x_usage_type": "TimedStorage-ByteHrs",
        "x_net_effective_cost": storage_cost / 2,
    }
    rows = [{**key, **storage, "usage_date": day} for day in (date(2026, 8, 30), date(2026, 9, 28))]
    insert(connection, "core.daily_cost", rows)


def only_answer(connection: Connection, policy: Policy | None = None) -> Answer:
    answers = recommend(connection, policy)
    assert len(answers) == 1
    return answers[0]


def recommendation(connection: Connection, policy: Policy | None = None) -> Recommendation:
    found = only_answer(connection, policy).recommendation
    assert found is not None
    return found


def cold_terabytes(connection: Connection) -> None:
    """10,240 GB of one-year-old data that nobody reads: 236 USD a month in Standard, 0.98 of it billed in 30 days of 365/12."""
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 10_240)])
    insert(connection, "usage.object_reads", [reads("datasets/", age, 0) for age in (0, 30, 365)])


def test_unread_stock_moves_to_glacier_instant_at_once(connection: Connection) -> None:
    cold_terabytes(connection)
    [prefix] = recommendation(connection).details["prefixes"]
    assert prefix["transitions"][-1]["storage_class"] == "GLACIER_IR"


def test_savings_of_stock_are_a_year_of_the_price_difference_less_its_fees(connection: Connection) -> None:
    cold_terabytes(connection)
    found = recommendation(connection)
    fees = 10_240 * 64 * 0.02 / 1000
    assert float(found.one_off_cost) == pytest.approx(fees)
    assert float(found.monthly_savings) == pytest.approx((10_240 * (0.023 - 0.004) * 12 - fees) * 30 / 365)


def test_a_month_of_savings_has_as_many_days_as_the_bill_that_it_is_compared_with(connection: Connection) -> None:
    cold_terabytes(connection)
    bill(connection, storage_cost=232.29, monthly_cost=240)
    fees = 10_240 * 64 * 0.02 / 1000 * 30 / 365
    assert float(recommendation(connection).monthly_savings) == pytest.approx(232.29 * (0.023 - 0.004) / 0.023 - fees, rel=1e-4)


def test_archives_are_used_only_where_they_are_allowed(connection: Connection) -> None:
    cold_terabytes(connection)
    found = recommendation(connection, Policy(archive_prefixes=frozenset({"datasets/"})))
    assert found.details["prefixes"][0]["transitions"][-1]["storage_class"] == "DEEP_ARCHIVE"


def test_a_prefix_whose_reads_are_unknown_is_left_alone(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 10_240)])
    answer = only_answer(connection)
    assert answer.recommendation is None
    assert "datasets/: its reads are not known" in (answer.reason or "")


def test_objects_outside_folders_are_left_alone(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("", 365, 10_240)])
    insert(connection, "usage.object_reads", [reads("", 0, 0)])
    assert "outside folders" in (only_answer(connection).reason or "")


def test_data_that_is_read_all_the_time_is_left_alone(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("datasets/", 30, 10_240)])
    insert(connection, "usage.object_reads", [reads("datasets/", 0, 90_000)])
    assert "leave it alone" in (only_answer(connection).reason or "")


def test_a_rule_that_saves_next_to_nothing_is_not_worth_reading(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 50)])
    insert(connection, "usage.object_reads", [reads("datasets/", 0, 0)])
    assert "no rule saves USD 2 a month" in (only_answer(connection).reason or "")


def test_without_an_inventory_the_reason_is_given(connection: Connection) -> None:
    assert only_answer(connection).reason == "no S3 inventory has been loaded"


def test_small_objects_are_kept_out_by_a_size_filter(connection: Connection) -> None:
    small = stored("datasets/", 365, 1, size_bytes_from=0, object_count=1_000_000, byte_count=1_000_000 * 4096)
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 10_240), small])
    insert(connection, "usage.object_reads", [reads("datasets/", 0, 0)])
    rule = recommendation(connection).details["configuration"]["Rules"][0]
    assert rule["Filter"]["And"]["ObjectSizeGreaterThan"] == 131071


def test_new_objects_save_more_in_a_full_year_than_in_the_first(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("checkpoints/", 0, 1_000)])
    insert(connection, "usage.object_reads", [reads("checkpoints/", 0, 0)])
    details = recommendation(connection).details
    assert 0 < details["first_year_flow_savings"] < details["yearly_flow_savings"]


def test_objects_that_are_not_billed_yet_are_in_no_monthly_savings(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("checkpoints/", 0, 1_000)])
    insert(connection, "usage.object_reads", [reads("checkpoints/", 0, 0)])
    assert float(recommendation(connection).monthly_savings) == pytest.approx(
        (1_000 * (0.023 - 0.004) * 12 - 64_000 * 0.02 / 1000) * 30 / 365
    )


def test_a_bill_that_agrees_with_the_inventory_gives_medium_confidence(connection: Connection) -> None:
    cold_terabytes(connection)
    bill(connection, storage_cost=232.29, monthly_cost=240)
    found = recommendation(connection)
    assert found.confidence == "medium"
    assert (found.account_id, found.region) == ("100000000002", "us-east-1")
    assert found.details["bill"]["billed_share_of_priced_storage"] == 1


def test_a_bill_far_below_list_price_scales_the_savings_and_lowers_confidence(connection: Connection) -> None:
    cold_terabytes(connection)
    list_price = float(recommendation(connection).monthly_savings)
    bill(connection, storage_cost=232.29 / 2, monthly_cost=240)
    found = recommendation(connection)
    assert float(found.monthly_savings) == pytest.approx(list_price / 2, rel=1e-3)
    assert found.confidence == "low"
    assert any("50% of the inventory at list prices" in sentence for sentence in found.assumptions)


def test_savings_never_exceed_what_the_bucket_costs(connection: Connection) -> None:
    cold_terabytes(connection)
    bill(connection, storage_cost=232.29, monthly_cost=100)
    found = recommendation(connection)
    assert found.monthly_savings == 100
    assert any("capped" in sentence for sentence in found.assumptions)


def test_a_bucket_billed_in_another_currency_is_left_alone(connection: Connection) -> None:
    cold_terabytes(connection)
    bill(connection, storage_cost=232.29, monthly_cost=240, currency="EUR")
    assert "USD only" in (only_answer(connection).reason or "")


def test_another_region_lowers_confidence_and_says_so(connection: Connection) -> None:
    cold_terabytes(connection)
    bill(connection, storage_cost=232.29, monthly_cost=240, region="eu-west-1")
    found = recommendation(connection)
    assert found.confidence == "low"
    assert any("eu-west-1" in sentence for sentence in found.assumptions)


def test_objects_in_other_classes_are_named_and_not_counted(connection: Connection) -> None:
    cold_terabytes(connection)
    alone = float(recommendation(connection).monthly_savings)
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 500, storage_class="STANDARD_IA")])
    found = recommendation(connection)
    assert float(found.monthly_savings) == pytest.approx(alone)
    assert any("500.0 GB in STANDARD_IA" in sentence for sentence in found.assumptions)


def test_ages_without_read_statistics_take_the_next_younger_rate_and_say_so(connection: Connection) -> None:
    insert(connection, "usage.stored_objects", [stored("datasets/", 365, 10_240)])
    insert(connection, "usage.object_reads", [reads("datasets/", 0, 0)])
    assert any("from day 365" in sentence for sentence in recommendation(connection).assumptions)


def test_the_fixed_ladder_is_compared_and_never_better(connection: Connection) -> None:
    cold_terabytes(connection)
    comparison = recommendation(connection).details["comparison"]
    assert comparison["this"] >= comparison["fixed_30_90_365_ladder"] > 0


def test_the_row_is_json_and_whole_cents(connection: Connection) -> None:
    cold_terabytes(connection)
    row = recommendation(connection).row(AS_OF)
    assert row["monthly_savings"].as_tuple().exponent == -2
    assert json.loads(row["details"])["configuration"]["Rules"]
    assert json.loads(row["assumptions"])
