"""An estate for benchmarks.findings: 60,000 hourly series of 30 days in the lake, and the bill and inventory behind them. Nothing is timed."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from costsieve.core.derived import compute_instance_rates, compute_resource_costs
from costsieve.home import Home
from costsieve.usage import estate as usage
from costsieve.warehouse import Connection, Warehouse

AS_OF = date(2026, 10, 1)
DAYS = 30

_POINTS = """
SELECT
    'AWS' AS provider,
    account_id,
    resource_id,
    metric,
    CAST($day AS TIMESTAMP) + to_hours(CAST(hour AS INTEGER)) AS observed_at,
    level AS average,
    least(round(level * 1.2, 1), CASE WHEN metric LIKE '%percent' THEN 100 ELSE 1e12 END) AS maximum,
    round(level * 1.1, 1) AS p95,
    CASE WHEN metric SIMILAR TO '.*(bytes|operations|invocations|credits)' THEN level * 3600 END AS total,
    CAST(12 AS BIGINT) AS sample_count
FROM (
    SELECT
        *,
        -- Noise of a tenth, the same for the same hour of the same series.
        round(
            CASE WHEN hour BETWEEN 7 AND 18 THEN day_level ELSE night_level END
            * (0.9 + hash(resource_id, metric, hour, $day) % 1000 / 5000), 1
        ) AS level
    FROM series CROSS JOIN range(24) AS hours (hour)
)
ORDER BY resource_id, metric, hour
"""

_INVENTORY = """
INSERT INTO inventory.resources BY NAME
SELECT DISTINCT
    'AWS' AS provider, account_id, region, resource_id, resource_id AS resource_name, resource_type, instance_type,
    CASE resource_type WHEN 'virtual_machine' THEN 'running' WHEN 'block_volume' THEN 'in_use' WHEN 'database' THEN 'available' ELSE 'in_service' END
        AS state,
    CASE WHEN resource_type = 'inference_endpoint' THEN 2 END AS instance_count,
    CASE WHEN resource_type = 'block_volume' THEN 100 END AS size_gib,
    CASE WHEN resource_type = 'block_volume' THEN 'gp3' END AS volume_type,
    CASE WHEN resource_type = 'block_volume' THEN replace(resource_id, 'vol-', 'i-plain-') END AS attached_to,
    TIMESTAMP '2026-01-01' AS created_at,
    MAP {'team': 'team-' || right(account_id, 1)} AS tags,
    CASE WHEN resource_type = 'inference_endpoint' THEN MAP {'variant_count': '1'} ELSE MAP {} END AS attributes,
    TIMESTAMP '2026-09-30 23:00:00' AS observed_at
FROM series
"""

_BILL = """
INSERT INTO core.daily_cost BY NAME
SELECT
    'org-bill' AS x_source, strftime(day, '%Y-%m') AS x_period, 'AWS' AS ProviderName, '100000000001' AS BillingAccountId,
    account_id AS SubAccountId, account_id AS SubAccountName, 'USD' AS BillingCurrency, CAST(day AS DATE) AS usage_date, region AS RegionId,
    CASE resource_type WHEN 'database' THEN 'AmazonRDS' WHEN 'inference_endpoint' THEN 'AmazonSageMaker' ELSE 'AmazonEC2' END AS ServiceName,
    resource_type AS ResourceType, usage_type AS x_usage_type, 'RunInstances' AS x_operation, instance_type AS x_instance_type,
    'Usage' AS ChargeCategory, 'Standard' AS PricingCategory, 'Usage' AS x_charge_type, 'usage' AS x_pool, 'Usage' AS x_charge_kind,
    resource_id AS ResourceId, unit AS PricingUnit, 24 AS consumed_quantity, 0 AS committed_quantity, 24 AS charge_count,
    24 * hourly_price AS BilledCost, BilledCost AS EffectiveCost, BilledCost AS ContractedCost, BilledCost AS ListCost,
    BilledCost AS x_net_effective_cost, 0 AS x_commitment_cost
FROM (SELECT DISTINCT account_id, region, resource_id, resource_type, instance_type, usage_type, unit, hourly_price FROM series)
CROSS JOIN range(DATE '2026-07-03', DATE '2026-10-01', INTERVAL 1 DAY) AS days (day)
"""


@dataclass(frozen=True)
class WrittenSeries:
    """What was written: resources, hourly points and bytes of Parquet."""

    resources: int
    points: int
    byte_count: int


def write_measured_estate(root: Path) -> WrittenSeries:
    """Write the lake and the warehouse of a home, as they are when the rules of a night begin, days not yet rolled up."""
    warehouse = Warehouse(Home(root))
    with warehouse.transaction() as connection:
        series = Path(__file__).with_name("measured_estate.sql").read_text(encoding="utf-8")
        connection.execute(f"CREATE TEMP TABLE series AS {series}")
        sizes = [_write_day(connection, warehouse.home, AS_OF - timedelta(days=number)) for number in range(DAYS, 0, -1)]
        connection.execute(_INVENTORY)
        connection.execute(_BILL)
        _prepare(connection)
        [(resources,)] = connection.execute("SELECT count(DISTINCT resource_id) FROM series").fetchall()
        [(points,)] = connection.execute("SELECT sum(row_count) FROM meta.loads").fetchall()
    return WrittenSeries(resources, points, sum(sizes))


def metric_files(root: Path) -> list[str]:
    """Return the Parquet files of all series."""
    return sorted(str(file) for file in Home(root).lake.glob("utilization/*/*/*/*.parquet"))


def _write_day(connection: Connection, home: Home, day: date) -> int:
    file = home.lake / "utilization" / "source=metrics" / f"period={day}" / "version=v1" / "part-1.parquet"
    file.parent.mkdir(parents=True)
    connection.sql(_POINTS, params={"day": day}).write_parquet(str(file))
    load = "INSERT INTO meta.loads SELECT 'metrics', 'utilization', ?, 'v1', [?], count(*), ?, TIMESTAMP '2026-10-01', true FROM read_parquet(?)"
    size = file.stat().st_size
    connection.execute(load, [str(day), str(file.relative_to(home.root)), size, str(file)])
    return size


def _prepare(connection: Connection) -> None:
    """Fill what a night has ready before its rules: costs, rates, the matched estate and its prices."""
    compute_resource_costs(connection, AS_OF)
    compute_instance_rates(connection, AS_OF)
    usage.load_instance_types(connection)
    usage.match_estate(connection)
    usage.itemise_charges(connection, AS_OF)
    usage.read_unit_prices(connection, AS_OF)
    usage.price_instances(connection)
