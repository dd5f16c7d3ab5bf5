"""Every source is read on its own: what one of them does wrong is told, and is nobody else's trouble."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from costsieve.errors import MissingExport, SourceError
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.source_settings import AwsCurSource, GcpBillingSource
from costsieve.sources.reads import Night, SourceRead, conclude_reads, read_sources
from costsieve.warehouse import Warehouse
from tests.sources import bigquery_answers
from tests.sources.bigquery_answers import failure
from tests.sources.exports import cur_row, deliver_cur_month, gcp_row, parquet, usd, write, write_cur_manifest
from tests.sources.s3_answers import Answer, answering, error

OBSERVED_AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
TONIGHT = Night(date(2026, 10, 1), OBSERVED_AT)
TOMORROW = Night(date(2026, 10, 2), OBSERVED_AT)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Two exports of one month each, of 1.50 and 4."""
    deliver_cur_month(tmp_path / "one", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row("1.5")])})
    deliver_cur_month(tmp_path / "two", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row("4", bill_payer_account_id="2")])})
    return tmp_path


def two_bills(exports: Path, quarantine: Sequence[Quarantine] = ()) -> Settings:
    names = ("one", "two")
    sources = tuple(AwsCurSource(name=f"{name}-bill", type="aws_cur", location=str(exports / name)) for name in names)
    return Settings(sources=sources, quarantine=tuple(quarantine))


def read(warehouse: Warehouse, settings: Settings, night: Night = TONIGHT) -> list[SourceRead]:
    return read_sources(warehouse, settings, "aws_cur", night)


def damage(export: Path) -> None:
    """The manifest now names another refresh, whose only part is cut off."""
    deliver_cur_month(export, "2026-09", {"costs-1.snappy.parquet": parquet([cur_row("9")])[:100]}, execution_id="execution-2")


def recorded(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query("SELECT as_of, source, outcome, latest_period FROM meta.source_reads ORDER BY ALL").rows()


def current(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query("SELECT source, period, version FROM meta.loads WHERE is_current ORDER BY ALL").rows()


def test_each_source_is_recorded_with_its_newest_period(warehouse: Warehouse, exports: Path) -> None:
    reads = read(warehouse, two_bills(exports))

    assert [(each.source, each.outcome, each.summary.totals) for each in reads] == [
        ("one-bill", "read", usd("1.5")),
        ("two-bill", "read", usd("4")),
    ]
    assert recorded(warehouse) == [
        (TONIGHT.as_of, "one-bill", "read", "2026-09"),
        (TONIGHT.as_of, "two-bill", "read", "2026-09"),
    ]


@pytest.mark.parametrize("loss", ["manifest gone", "manifest names no file"])
def test_a_month_that_is_not_delivered_any_more_stays_and_is_told(warehouse: Warehouse, exports: Path, loss: str) -> None:
    deliver_cur_month(exports / "one", "2026-08", {"costs-1.snappy.parquet": parquet([cur_row("2")])})
    read(warehouse, two_bills(exports))
    if loss == "manifest gone":
        (exports / "one/metadata/BILLING_PERIOD=2026-08/costs-Manifest.json").unlink()
    else:
        write_cur_manifest(exports / "one", "2026-08", [], execution_id="execution-2")

    first, second = read(warehouse, two_bills(exports), TOMORROW)

    assert first.outcome == "read"
    assert str(first.message).startswith("2026-08: not delivered any more")
    assert first.summary.totals == usd("3.5")
    assert second.message is None


def test_a_source_that_fails_keeps_its_earlier_version_and_the_other_one_goes_on(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    damage(exports / "one")
    deliver_cur_month(exports / "two", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row("5")])}, execution_id="execution-2")

    first, second = read(warehouse, two_bills(exports), TOMORROW)

    assert (first.outcome, second.outcome) == ("failed", "read")
    assert "costs-1.snappy.parquet is a truncated Parquet file" in (first.message or "")
    assert current(warehouse) == [("one-bill", "2026-09", "execution-1"), ("two-bill", "2026-09", "execution-2")]
    assert recorded(warehouse)[2:] == [
        (TOMORROW.as_of, "one-bill", "failed", "2026-09"),
        (TOMORROW.as_of, "two-bill", "read", "2026-09"),
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (error(503, "SlowDown", "Please reduce your request rate."), r"S3 still throttles after 2 attempts \(SlowDown\)"),
        (error(500, "InternalError"), r"after 2 attempts: .*InternalError"),
        (error(400, "ExpiredToken"), r"the credentials have expired \(ExpiredToken\)\. Get new ones \(`aws sso login`"),
    ],
    ids=["throttled", "5xx", "expired credentials"],
)
def test_what_s3_refuses_fails_its_source_alone_and_loses_nothing(
    warehouse: Warehouse, exports: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, told: str
) -> None:
    read(warehouse, two_bills(exports))
    before = warehouse.query("SELECT * FROM meta.load_totals ORDER BY ALL").rows()
    two = two_bills(exports).sources[1]
    in_s3 = Settings(sources=(AwsCurSource(name="one-bill", type="aws_cur", location="s3://bills/cur"), two))
    for name, value in (
        ("ACCESS_KEY_ID", "testing"),
        ("SECRET_ACCESS_KEY", "testing"),
        ("DEFAULT_REGION", "us-east-1"),
        ("MAX_ATTEMPTS", "2"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    for ambient in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(ambient, raising=False)

    with answering([answer]) as (endpoint, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        first, second = read(warehouse, in_s3, TOMORROW)

    assert (first.outcome, second.outcome) == ("failed", "read")
    assert re.search(told, first.message or "")
    assert current(warehouse) == [("one-bill", "2026-09", "execution-1"), ("two-bill", "2026-09", "execution-1")]
    assert warehouse.query("SELECT * FROM meta.load_totals ORDER BY ALL").rows() == before


def test_what_bigquery_refuses_fails_its_source_alone_and_loses_nothing(
    warehouse: Warehouse, exports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(exports / "gcp/date=2026-09-30/part.parquet", parquet([gcp_row()]))
    write(exports / "other/date=2026-09-30/part.parquet", parquet([gcp_row(cost=3.0)]))
    files = (("gcp-bill", exports / "gcp"), ("other-bill", exports / "other"))
    sources = tuple(GcpBillingSource(name=name, type="gcp_billing", location=str(folder)) for name, folder in files)
    read_sources(warehouse, Settings(sources=sources), "gcp_billing", TONIGHT)
    write(exports / "other/date=2026-09-30/part.parquet", parquet([gcp_row(cost=5.0)]))
    in_bigquery = GcpBillingSource(name="gcp-bill", type="gcp_billing", table="bill-project.billing.export")

    refusal = failure(403, "accessDenied", "Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.")
    with bigquery_answers.answering(refusal) as (rest, _):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        first, second = read_sources(warehouse, Settings(sources=(in_bigquery, sources[1])), "gcp_billing", TOMORROW)

    assert (first.outcome, second.outcome) == ("failed", "read")
    assert "need bigquery.jobs.create: grant the role" in (first.message or "")
    totals = "SELECT source, CAST(sum(billed_cost) AS DOUBLE) FROM meta.load_totals INNER JOIN meta.loads USING (source, period, version)"
    assert warehouse.query(f"{totals} WHERE is_current GROUP BY source ORDER BY source").rows() == [("gcp-bill", 1.5), ("other-bill", 4.5)]


def test_a_file_in_the_place_of_a_folder_is_one_source_s_trouble_too(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    (exports / "one" / "data").rename(exports / "one" / "elsewhere")
    (exports / "one" / "data").write_text("moved", encoding="utf-8")
    deliver_cur_month(exports / "two", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row("5")])}, execution_id="execution-2")
    manifest = exports / "one/metadata/BILLING_PERIOD=2026-09/costs-Manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("execution-1", "execution-2"), encoding="utf-8")

    assert [each.outcome for each in read(warehouse, two_bills(exports), TOMORROW)] == ["failed", "read"]


def test_a_source_that_never_delivered_fails_the_night_after_the_others_were_read(warehouse: Warehouse, exports: Path) -> None:
    damage(exports / "one")

    with pytest.raises(SourceError, match=r"^nothing of one-bill was ever loaded: .* name it under `quarantine`\.$"):
        read(warehouse, two_bills(exports))

    assert current(warehouse) == [("two-bill", "2026-09", "execution-1")]
    assert recorded(warehouse) == [(TONIGHT.as_of, "one-bill", "failed", None), (TONIGHT.as_of, "two-bill", "read", "2026-09")]


def test_what_the_system_refuses_is_the_failure_of_this_source_and_names_the_path(warehouse: Warehouse, exports: Path) -> None:
    occupied = write(warehouse.home.lake / "aws_cur" / "source=one-bill", b"a file where a folder must be")

    with pytest.raises(SourceError, match=f"nothing of one-bill was ever loaded: {occupied}.*: Not a directory\\."):
        read(warehouse, two_bills(exports))

    assert current(warehouse) == [("two-bill", "2026-09", "execution-1")]


def test_two_sources_that_never_delivered_are_both_named(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    with pytest.raises(SourceError) as raised:
        read(warehouse, two_bills(tmp_path))

    assert all(f"{tmp_path}/{name}" in str(raised.value) for name in ("one", "two"))


def test_a_single_failure_keeps_its_kind(warehouse: Warehouse, tmp_path: Path) -> None:
    settings = Settings(sources=(AwsCurSource(name="bill", type="aws_cur", location=str(tmp_path / "nowhere")),))

    with pytest.raises(MissingExport):
        read(warehouse, settings)


def test_a_renamed_source_is_not_counted_twice(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    renamed = Settings(sources=(AwsCurSource(name="new-name", type="aws_cur", location=str(exports / "one")),))

    read(warehouse, renamed)

    assert current(warehouse) == [("new-name", "2026-09", "execution-1")]


def test_reading_one_kind_of_source_leaves_the_loads_of_the_others(warehouse: Warehouse, exports: Path) -> None:
    write(exports / "gcp/date=2026-09-30/part.parquet", parquet([gcp_row()]))
    gcp = GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(exports / "gcp"))
    settings = Settings(sources=(*two_bills(exports).sources, gcp))
    read_sources(warehouse, settings, "gcp_billing", TONIGHT)

    read_sources(warehouse, settings, "aws_cur", TONIGHT)

    assert [source for source, *_ in current(warehouse)] == ["gcp-bill", "one-bill", "two-bill"]


def test_files_of_a_bill_that_turned_out_to_be_focus_stay_in_use(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    with warehouse.connect() as connection:
        connection.execute("UPDATE meta.loads SET source_type = 'focus' WHERE source = 'one-bill'")

    read_sources(warehouse, two_bills(exports), "utilization", TONIGHT)

    assert [source for source, *_ in current(warehouse)] == ["one-bill", "two-bill"]


def test_a_name_that_is_given_to_another_kind_of_source_retires_the_old_files(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    write(exports / "gcp/date=2026-09-30/part.parquet", parquet([gcp_row()]))
    taken_over = GcpBillingSource(name="one-bill", type="gcp_billing", location=str(exports / "gcp"))

    read_sources(warehouse, Settings(sources=(taken_over,)), "gcp_billing", TONIGHT)

    assert [(source, period) for source, period, _ in current(warehouse)] == [("one-bill", "2026-09-30")]


def test_a_night_that_runs_again_forgets_what_it_said_of_a_source_that_is_gone(warehouse: Warehouse, exports: Path) -> None:
    read(warehouse, two_bills(exports))
    fewer = Settings(sources=two_bills(exports).sources[:1])

    read(warehouse, fewer)
    conclude_reads(warehouse, fewer, TONIGHT.as_of)

    assert recorded(warehouse) == [(TONIGHT.as_of, "one-bill", "read", "2026-09")]
