"""Utilization from Cloud Monitoring: how answers become hours, on one scale and under the bill's ids. The server speaks gRPC."""

import logging
from datetime import datetime, timedelta

import pytest

from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.sources.gcp.google_server import Google, Series
from tests.sources.gcp.monitored import (
    AS_OF,
    BYTES,
    CPU,
    GPU,
    GPU_MEMORY,
    MEMORY,
    NIGHT,
    RECEIVED,
    SENT,
    TEN,
    VM,
    gaps,
    hours,
    minutes,
    source,
)


@pytest.fixture(autouse=True)
def units(google: Google) -> None:
    google.units = {CPU: "10^2.%", GPU: "%", MEMORY: "%"}


def test_shares_and_percentages_come_out_on_one_scale(google: Google, warehouse: Warehouse) -> None:
    google.series = [
        Series(CPU, "ml-prod", VM, minutes([0.125, 0.375])),
        Series(MEMORY, "ml-prod", VM, minutes([62.0]), {"state": "used"}),
        Series(MEMORY, "ml-prod", VM, minutes([30.0]), {"state": "cached"}),
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "cpu_percent") == [("4111111111111111111", TEN, 25.0, 37.5)]
    assert hours(warehouse, "memory_percent") == [("4111111111111111111", TEN, 62.0, 62.0)]


def test_a_unit_that_nobody_knows_leaves_its_metric_out_and_says_so(google: Google, warehouse: Warehouse) -> None:
    google.units[MEMORY] = "MiBy"
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5])), Series(MEMORY, "ml-prod", VM, minutes([812.0]), {"state": "used"})]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert gaps(warehouse) == [("ml-prod", "memory_percent", "unavailable")]
    assert hours(warehouse, "memory_percent") == []
    assert len(hours(warehouse, "cpu_percent")) == 1


def test_both_directions_of_the_network_are_one_metric_and_its_mean_is_per_sample(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(SENT, "ml-prod", VM, minutes([600.0] * 60)), Series(RECEIVED, "ml-prod", VM, minutes([1200.0] * 60))]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "network_bytes", "total, average, maximum, sample_count, p95") == [(108_000.0, 900.0, 900.0, 120, None)]


def test_of_several_gpus_the_busiest_counts_and_those_in_use_are_counted(google: Google, warehouse: Warehouse) -> None:
    google.series = [
        Series(GPU, "ml-prod", VM, minutes([90.0, 70.0]), {"gpu_number": "0"}),
        Series(GPU, "ml-prod", VM, minutes([1.0, 7.0]), {"gpu_number": "1"}),
        Series(GPU, "ml-prod", VM, minutes([0.0, 4.0]), {"gpu_number": "2"}),
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "gpu_percent") == [("4111111111111111111", TEN, 80.0, 90.0)]
    assert hours(warehouse, "gpus_in_use") == [("4111111111111111111", TEN, 2.0, 2.0)]


def test_gpu_memory_is_the_used_share_of_the_fullest_gpu(google: Google, warehouse: Warehouse) -> None:
    google.series = [
        Series(GPU_MEMORY, "ml-prod", VM, minutes([used]), {"gpu_number": number, "memory_state": state})
        for number, state, used in [("0", "used", 4e9), ("0", "free", 12e9), ("1", "used", 8e9), ("1", "free", 8e9), ("2", "used", 9e9)]
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    # GPU 2 does not tell what is free, so nobody knows its share.
    assert hours(warehouse, "gpu_memory_percent") == [("4111111111111111111", TEN, 50.0, 50.0)]


def test_an_hour_and_a_metric_that_nobody_measured_have_no_row(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, [*minutes([0.5]), *minutes([0.25], TEN + timedelta(hours=2))])]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert [row[1] for row in hours(warehouse, "cpu_percent")] == [TEN, TEN + timedelta(hours=2)]
    assert hours(warehouse, "gpu_percent") == []
    assert gaps(warehouse) == []


def test_a_shared_core_that_bursts_is_taken_as_full_and_the_log_says_so(
    google: Google, warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    google.series = [Series(CPU, "ml-prod", VM, minutes([1.5, 2.5]))]

    with caplog.at_level(logging.WARNING):
        load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "cpu_percent") == [("4111111111111111111", TEN, 100.0, 100.0)]
    assert "1 percentages lie outside 0..100 and were taken as the bound" in caplog.messages


def test_what_is_no_number_is_no_measurement(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, [*minutes([float("nan")]), *minutes([0.25], TEN + timedelta(hours=1))])]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "cpu_percent") == [("4111111111111111111", TEN + timedelta(hours=1), 25.0, 25.0)]


def test_points_that_come_twice_count_once(google: Google, warehouse: Warehouse) -> None:
    google.points_twice = True
    google.series = [Series(SENT, "ml-prod", VM, minutes([100.0] * 3))]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "network_bytes", "total") == [(300.0,)]


def test_points_of_the_future_are_left_out(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, [*minutes([0.5]), *minutes([0.9], datetime(2026, 10, 3, 4))])]  # noqa: DTZ001 - UTC

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert [row[1] for row in hours(warehouse, "cpu_percent")] == [TEN]


def test_a_machine_made_again_under_its_name_is_another_machine(google: Google, warehouse: Warehouse) -> None:
    labels = {"instance_name": "trainer"}
    again = VM | {"instance_id": "4222222222222222222"}
    google.series = [
        Series(CPU, "ml-prod", VM, minutes([0.5]), labels),
        Series(CPU, "ml-prod", again, minutes([0.01], TEN + timedelta(hours=3)), labels),
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert [(row[0], row[2]) for row in hours(warehouse, "cpu_percent")] == [("4111111111111111111", 50.0), ("4222222222222222222", 1.0)]


def test_a_bucket_stores_what_all_its_classes_and_versions_store(google: Google, warehouse: Warehouse) -> None:
    google.series = [
        Series(BYTES, "ml-prod", {"bucket_name": "ml-datasets"}, minutes([stored]), {"storage_class": storage_class, "type": kind})
        for storage_class, kind, stored in [
            ("STANDARD", "live-object", 7e12),
            ("NEARLINE", "live-object", 2e12),
            ("STANDARD", "noncurrent", 1e12),
        ]
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "stored_bytes") == [("ml-datasets", TEN, 1e13, 1e13)]


MAIN = "//cloudsql.googleapis.com/projects/ml-prod/instances/main"


@pytest.mark.parametrize(
    ("metric_type", "resource", "expected"),
    [
        ("aiplatform.googleapis.com/prediction/online/prediction_count", {"endpoint_id": "778"}, ("invocations", "endpoints/778")),
        ("ml.googleapis.com/training/accelerator/utilization", {"job_id": "991"}, ("gpu_percent", "customJobs/991")),
        ("cloudsql.googleapis.com/database/network/connections", {"database_id": "ml-prod:main"}, ("connections", MAIN)),
        ("loadbalancing.googleapis.com/https/request_count", {"forwarding_rule_name": "web"}, ("invocations", "forwardingRules/web")),
        ("router.googleapis.com/nat/sent_bytes_count", {"router_id": "6444"}, ("network_bytes", "6444")),
        ("tpu.googleapis.com/tpu/mxu/utilization", {"node_id": "5150"}, ("gpu_percent", "5150")),
    ],
)
def test_each_service_names_its_resources_as_the_bill_does(
    google: Google, warehouse: Warehouse, metric_type: str, resource: dict[str, str], expected: tuple[str, str]
) -> None:
    google.series = [Series(metric_type, "ml-prod", resource, minutes([0.5]))]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    metric, resource_id = expected
    assert hours(warehouse, metric, "resource_id") == [(resource_id,)]
