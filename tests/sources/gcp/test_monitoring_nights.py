"""Nights of Cloud Monitoring: what is asked again, what is not, and what a refusal leaves unknown. The server speaks gRPC."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from costsieve.errors import PermissionMissing
from costsieve.sources.gcp.monitoring import GcpMonitoring
from costsieve.sources.landing import load_source
from costsieve.sources.source import Delivery
from costsieve.warehouse import Warehouse
from tests.sources.gcp.google_server import Google, Series
from tests.sources.gcp.monitored import (
    AS_OF,
    AT_ONCE,
    COMPUTE,
    CPU,
    GPU,
    LINKS,
    NIGHT,
    READS,
    TEN,
    VM,
    gaps,
    hours,
    minutes,
    source,
)


def attached_disk() -> list[tuple[str, str, str, dict[str, object]]]:
    disk = {"deviceName": "persistent-disk-1", "source": f"{LINKS}/zones/us-central1-a/disks/scratch"}
    zone = f"{COMPUTE}/zones/us-central1-a"
    return [
        (f"{zone}/instances/trainer", "compute.googleapis.com/Instance", "us-central1-a", {"id": VM["instance_id"], "disks": [disk]}),
        (f"{zone}/disks/scratch", "compute.googleapis.com/Disk", "us-central1-a", {"id": "8333333333333333333"}),
    ]


def test_disks_get_the_ids_that_the_inventory_knows(google: Google, warehouse: Warehouse) -> None:
    google.assets = {"ml-prod": attached_disk()}
    google.series = [
        Series(READS, "ml-prod", VM, minutes([30.0]), {"device_name": "persistent-disk-1"}),
        Series(READS, "ml-prod", VM, minutes([12.0]), {"device_name": "long-gone"}),
    ]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert hours(warehouse, "disk_operations", "resource_id, total") == [("4111111111111111111", 42.0), ("8333333333333333333", 30.0)]


def test_without_the_inventory_only_disks_are_unknown(google: Google, warehouse: Warehouse) -> None:
    google.denied_assets = {"ml-prod"}
    google.series = [Series(READS, "ml-prod", VM, minutes([30.0]), {"device_name": "persistent-disk-1"})]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert gaps(warehouse) == [("ml-prod", "block_volume", "no_permission")]
    assert hours(warehouse, "disk_operations", "resource_id, total") == [("4111111111111111111", 30.0)]


def test_a_project_that_refuses_is_a_gap_and_the_others_go_on(google: Google, warehouse: Warehouse) -> None:
    google.denied = {"ml-research"}
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5]))]

    load_source(warehouse, source(google, projects=("ml-research", "ml-prod")), AS_OF, NIGHT)

    assert gaps(warehouse) == [("ml-research", None, "no_permission")]
    assert len(hours(warehouse, "cpu_percent")) == 1
    message = str(warehouse.query("SELECT message FROM meta.collection_gaps").item())
    assert "The credentials need monitoring.timeSeries.list: grant roles/monitoring.viewer on ml-research." in message


def test_the_next_night_asks_only_the_project_that_refused(google: Google, warehouse: Warehouse) -> None:
    google.denied = {"ml-research"}
    projects = ("ml-research", "ml-prod")
    google.series = [Series(CPU, project, VM, minutes([0.5])) for project in projects]
    load_source(warehouse, source(google, projects=projects), AS_OF, NIGHT)
    google.denied, google.asked = set(), []

    load_source(warehouse, source(google, projects=projects), AS_OF, NIGHT)

    assert {question.split(" ")[0] for question in google.asked} == {"assets", "ml-research"}
    assert hours(warehouse, "cpu_percent", "account_id") == [("ml-prod",), ("ml-research",)]
    assert gaps(warehouse) == []


def test_a_metric_that_fails_is_asked_for_again_and_no_other(google: Google, warehouse: Warehouse) -> None:
    google.failing = {GPU}
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5])), Series(GPU, "ml-prod", VM, minutes([80.0]), {"gpu_number": "0"})]
    load_source(warehouse, source(google), AS_OF, NIGHT)
    google.failing, google.asked = set(), []

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert set(google.asked) == {"ml-prod gpu/utilization 09-30..10-01"}
    assert (len(hours(warehouse, "cpu_percent")), len(hours(warehouse, "gpu_percent"))) == (1, 1)


def test_a_refusal_by_every_project_is_no_delivery(google: Google, warehouse: Warehouse) -> None:
    google.denied = {"ml-prod"}

    with pytest.raises(PermissionMissing, match=r"Cloud Monitoring refused ml-prod: .* denied on ml-prod\. The credentials need"):
        load_source(warehouse, source(google), AS_OF, NIGHT)


def test_throttling_is_waited_out(google: Google, warehouse: Warehouse) -> None:
    google.busy = 3
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5]))]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert len(hours(warehouse, "cpu_percent")) == 1
    assert gaps(warehouse) == []


def test_all_pages_are_read(google: Google, warehouse: Warehouse) -> None:
    google.page_size = 2
    google.series = [Series(CPU, "ml-prod", {"instance_id": str(number)}, minutes([0.5])) for number in range(5)]

    load_source(warehouse, source(google), AS_OF, NIGHT)

    assert [row[0] for row in hours(warehouse, "cpu_percent")] == ["0", "1", "2", "3", "4"]


def test_a_second_run_of_the_night_asks_nothing(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5]))]
    load_source(warehouse, source(google), AS_OF, NIGHT)
    google.asked = []

    assert load_source(warehouse, source(google), AS_OF, NIGHT).changed_periods == ()
    assert google.asked == []


def test_the_next_night_asks_for_its_own_day(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, [*minutes([0.5]), *minutes([0.25], TEN + timedelta(days=1))])]
    load_source(warehouse, source(google, look_back_days=10), AS_OF, NIGHT)
    assert [question for question in google.asked if "cpu" in question] == [
        *["ml-prod instance/cpu/utilization 09-21..09-28"] * 2,
        *["ml-prod instance/cpu/utilization 09-28..10-01"] * 2,
    ]
    google.asked = []

    load_source(warehouse, source(google, look_back_days=10), AS_OF + timedelta(days=1), NIGHT + timedelta(days=1))

    assert {question for question in google.asked if "cpu" in question} == {"ml-prod instance/cpu/utilization 10-01..10-02"}


def test_a_night_that_was_killed_asks_only_for_the_days_it_did_not_write(google: Google, warehouse: Warehouse) -> None:
    google.series = [Series(CPU, "ml-prod", VM, [each for day in range(3) for each in minutes([0.5], TEN - timedelta(days=day))])]

    class Killed(GcpMonitoring):
        def write(self, delivery: Delivery, folder: Path) -> None:
            if delivery.period == "2026-09-30":
                raise KeyboardInterrupt
            super().write(delivery, folder)

    with pytest.raises(KeyboardInterrupt):
        load_source(warehouse, Killed(source(google, look_back_days=3).settings, AT_ONCE), AS_OF, NIGHT)
    google.asked = []

    load_source(warehouse, source(google, look_back_days=3), AS_OF, NIGHT)

    assert {question for question in google.asked if "cpu" in question} == {"ml-prod instance/cpu/utilization 09-30..10-01"}
    assert len(hours(warehouse, "cpu_percent")) == 3


def test_rows_have_exactly_the_columns_of_the_contract(google: Google, tmp_path: Path) -> None:
    google.series = [Series(CPU, "ml-prod", VM, minutes([0.5] * 60))]
    asking = source(google)
    (delivery,) = asking.deliveries(AS_OF)

    asking.write(delivery, tmp_path)

    assert pl.read_parquet(tmp_path / "gcp-ml-prod-2026-09-30.parquet").rows(named=True) == [
        {
            "provider": "GCP",
            "account_id": "ml-prod",
            "resource_id": "4111111111111111111",
            "metric": "cpu_percent",
            "observed_at": TEN,
            "average": 50.0,
            "maximum": 50.0,
            "p95": None,
            "total": None,
            "sample_count": 60,
        }
    ]
