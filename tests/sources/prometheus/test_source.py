"""Utilization from Prometheus: what is asked, how answers become hours, and what is not trusted. The server speaks the HTTP API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from costsieve.errors import ConfigurationError, PermissionMissing, SourceError
from costsieve.source_settings import PrometheusSource
from costsieve.sources.landing import load_source
from costsieve.sources.prometheus.source import PrometheusMetrics
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Warehouse
from tests.sources.prometheus.prometheus_server import PrometheusServer, failure, serving, success

AS_OF = date(2026, 10, 1)
NIGHT = datetime(2026, 10, 1, 3, tzinfo=UTC)
TEN = datetime(2026, 9, 30, 10)  # noqa: DTZ001 - UTC without a zone, as in every table
ELEVEN = datetime(2026, 9, 30, 11, tzinfo=UTC).timestamp()
TRAINER = {"instance_id": "i-0abc"}
GPU = [{"metric": "gpu_percent", "expression": "max by (instance_id) (DCGM_FI_DEV_GPU_UTIL)"}]
NETWORK = [
    {"metric": "network_bytes", "counter": "node_network_receive_bytes_total"},
    {"metric": "network_bytes", "counter": "node_network_transmit_bytes_total"},
]


@pytest.fixture
def server() -> Iterator[PrometheusServer]:
    with serving() as server:
        yield server


def source(
    server: PrometheusServer, queries: list[dict[str, str]] | None = None, days: int = 1, token: str | None = None
) -> PrometheusMetrics:
    entry = {"url": server.url, "provider": "AWS", "account_id": "100000000002", "look_back_days": days, "token_variable": token}
    settings = PrometheusSource.model_validate({"name": "gpus", "type": "prometheus", "queries": queries or [], **entry})
    return PrometheusMetrics(settings, first_seconds=0)


def hours(
    warehouse: Warehouse, columns: str = "resource_id, metric, observed_at, average, maximum, p95, sample_count"
) -> list[tuple[object, ...]]:
    with warehouse.transaction() as connection:
        create_lake_views(connection, warehouse.home)
    return warehouse.query(f"SELECT {columns} FROM usage.resource_hour ORDER BY ALL").rows()


def gaps(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query(
        "SELECT gap.account_id, gap.subject, gap.reason FROM meta.collection_gaps AS gap JOIN meta.loads USING (source, period, version)"
        " WHERE is_current ORDER BY ALL"
    ).rows()


def measured(server: PrometheusServer, labels: dict[str, str] = TRAINER, average: str = "40.5") -> None:
    server.series = {
        "avg_over_time": [(labels, [(ELEVEN, average)])],
        "max_over_time": [(labels, [(ELEVEN, "99")])],
        "quantile_over_time": [(labels, [(ELEVEN, "95")])],
        "count_over_time": [(labels, [(ELEVEN, "60")])],
    }


def test_a_level_has_mean_maximum_and_percentile_of_its_hour(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server)

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert hours(warehouse) == [("i-0abc", "gpu_percent", TEN, 40.5, 99.0, 95.0, 60)]
    assert hours(warehouse, "provider, account_id") == [("AWS", "100000000002")]


def test_every_hour_is_asked_for_at_its_end(server: PrometheusServer, warehouse: Warehouse) -> None:
    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert server.asked[0] == {
        "query": "avg_over_time((max by (instance_id) (DCGM_FI_DEV_GPU_UTIL))[1h:1m])",
        "start": str(datetime(2026, 9, 30, 1, tzinfo=UTC).timestamp()),
        "end": str(datetime(2026, 10, 1, tzinfo=UTC).timestamp()),
        "step": "3600",
        "partial_response": "false",
    }


def test_counters_of_both_directions_are_added_up(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.series = {
        "increase(node_network_receive": [(TRAINER, [(ELEVEN, "3000")])],
        "increase(node_network_transmit": [(TRAINER, [(ELEVEN, "1200")])],
        "count_over_time": [(TRAINER, [(ELEVEN, "60")])],
    }

    load_source(warehouse, source(server, NETWORK), AS_OF, NIGHT)

    assert hours(warehouse, "total, average, maximum, p95, sample_count") == [(4200.0, 35.0, 35.0, None, 120)]


def test_dcgm_and_node_exporter_are_asked_by_default(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.series = {">= bool 5": [(TRAINER, [(ELEVEN, "2")])]}

    load_source(warehouse, source(server), AS_OF, NIGHT)

    asked = " ".join(each["query"] for each in server.asked)
    for name in ("DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_FB_FREE", "node_cpu_seconds_total", "node_memory_MemAvailable_bytes"):
        assert name in asked
    assert hours(warehouse, "metric, average, maximum") == [("gpus_in_use", 2.0, 2.0)]


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf"])
def test_what_is_no_number_is_no_measurement(server: PrometheusServer, warehouse: Warehouse, value: str) -> None:
    measured(server, average=value)

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert hours(warehouse) == []


def test_percentages_above_a_hundred_are_taken_as_full(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server, average="100.0000001")

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert hours(warehouse, "average") == [(100.0,)]


def test_a_series_without_the_label_of_the_resource_is_nobodys(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server, labels={"instance": "10.0.0.7:9400"})

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert hours(warehouse) == []


def test_an_answer_with_a_warning_may_be_partial_and_is_a_gap(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server)
    server.spoiled = {"node_network": (200, success([], warnings=["store gateway 2 was not reachable"]))}

    load_source(warehouse, source(server, [*GPU, *NETWORK]), AS_OF, NIGHT)

    assert gaps(warehouse) == [("100000000002", "network_bytes", "unavailable")]
    message = str(warehouse.query("SELECT message FROM meta.collection_gaps").item())
    assert message.startswith(
        f"{server.url}/api/v1/query_range answered sum by (instance_id) (increase(node_network_receive_bytes_total[1h]))"
    )
    assert "store gateway 2 was not reachable" in message


def test_a_hint_about_the_query_is_no_warning(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.spoiled = {"DCGM": (200, success([{"metric": TRAINER, "values": [[ELEVEN, "7"]]}], infos=["PromQL info: not a counter"]))}

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert hours(warehouse, "average") == [(7.0,)]


def test_the_next_night_asks_only_what_is_missing(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server)
    server.spoiled = {"node_network": (503, failure("timeout", "query timed out"))}
    load_source(warehouse, source(server, [*GPU, *NETWORK]), AS_OF, NIGHT)
    server.spoiled, server.asked = {}, []

    load_source(warehouse, source(server, [*GPU, *NETWORK]), AS_OF, NIGHT)

    assert {"node_network" in each["query"] for each in server.asked} == {True}
    assert hours(warehouse, "metric") == [("gpu_percent",)]
    assert gaps(warehouse) == []


def test_a_refused_query_is_named_with_its_address(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.told = [(400, failure("bad_data", "invalid parameter 'query': parse error: unclosed left parenthesis"))]
    queries = [{"metric": "gpu_percent", "expression": "max by (instance_id) (DCGM"}]

    with pytest.raises(SourceError) as raised:
        load_source(warehouse, source(server, queries), AS_OF, NIGHT)

    assert str(raised.value) == (
        f"{server.url}/api/v1/query_range could not answer avg_over_time((max by (instance_id) (DCGM)[1h:1m]): "
        "invalid parameter 'query': parse error: unclosed left parenthesis"
    )


def test_a_page_of_a_proxy_is_no_answer(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.spoiled = {"": (200, "<html>Sign in</html>")}

    with pytest.raises(SourceError, match="no JSON: '<html>Sign in</html>'"):
        load_source(warehouse, source(server, GPU), AS_OF, NIGHT)


def test_a_server_that_is_not_there_is_named(warehouse: Warehouse) -> None:
    with serving() as server:
        asking = source(server, GPU)

    with pytest.raises(SourceError, match=rf"{server.url}/api/v1/query_range did not answer avg_over_time.*Check `url` of the source"):
        load_source(warehouse, asking, AS_OF, NIGHT)


def test_throttling_is_waited_out(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server)
    server.told = [(429, "too many requests"), (503, "busy")]

    load_source(warehouse, source(server, GPU), AS_OF, NIGHT)

    assert len(hours(warehouse)) == 1
    assert gaps(warehouse) == []


def test_the_token_comes_from_the_environment(server: PrometheusServer, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPU_METRICS_TOKEN", "not-a-real-token")

    load_source(warehouse, source(server, GPU, token="GPU_METRICS_TOKEN"), AS_OF, NIGHT)  # noqa: S106 - the variable's name

    assert set(server.tokens) == {"Bearer not-a-real-token"}


def test_a_token_that_is_not_there_is_asked_for(server: PrometheusServer, warehouse: Warehouse) -> None:
    with pytest.raises(PermissionMissing, match="The environment variable GPU_METRICS_TOKEN is not set"):
        load_source(warehouse, source(server, GPU, token="GPU_METRICS_TOKEN"), AS_OF, NIGHT)  # noqa: S106 - the variable's name


def test_a_token_that_is_refused_is_a_permission(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.spoiled = {"": (401, "unauthorized")}

    with pytest.raises(PermissionMissing, match=r"refused the token \(401\)"):
        load_source(warehouse, source(server, GPU), AS_OF, NIGHT)


def test_a_redirect_is_not_followed(server: PrometheusServer, warehouse: Warehouse) -> None:
    server.spoiled = {"": (302, "")}

    with pytest.raises(SourceError, match="HTTP 302"):
        load_source(warehouse, source(server, GPU), AS_OF, NIGHT)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"url": "ftp://metrics.example.com"}, "must begin with http:// or https://"),
        ({"url": "https://reader:not-a-real-password@metrics.example.com"}, "must not hold a user or password"),
        ({"url": "http://metrics.example.com", "token_variable": "TOKEN"}, "a token is sent over https only"),
        ({"url": "https://metrics.example.com", "queries": [{"metric": "gpu_percent"}]}, "give either `counter`"),
    ],
)
def test_settings_that_would_give_a_secret_away_or_ask_nothing_are_refused(entry: dict[str, object], said: str) -> None:
    common = {"name": "gpus", "type": "prometheus", "provider": "GCP", "account_id": "ml-prod"}

    with pytest.raises(ValidationError, match=said):
        PrometheusSource.model_validate({**common, **entry})


def test_metrics_that_do_not_exist_are_refused_with_those_that_do(server: PrometheusServer) -> None:
    with pytest.raises(ConfigurationError, match=r"name metrics that do not exist: gpu_util\. These do: cpu_percent, "):
        source(server, [{"metric": "gpu_util", "expression": "DCGM_FI_DEV_GPU_UTIL"}])


def test_the_next_night_asks_for_its_own_day(server: PrometheusServer, warehouse: Warehouse) -> None:
    measured(server)
    load_source(warehouse, source(server, GPU, days=3), AS_OF, NIGHT)
    assert len(server.asked) == 4
    server.asked = []

    load_source(warehouse, source(server, GPU, days=3), AS_OF + timedelta(days=1), NIGHT + timedelta(days=1))

    assert {each["end"] for each in server.asked} == {str(datetime(2026, 10, 2, tzinfo=UTC).timestamp())}
    assert len(server.asked) == 4
