"""Every point of every configured source, in the order of costsieve.yaml. How a point is found out is in the other modules."""

from collections.abc import Iterator
from datetime import date

from costsieve.diagnosis.columns import landed_columns, landed_line_item_types, missing_columns
from costsieve.diagnosis.delivery import latest_delivery, quarantine_observations
from costsieve.diagnosis.granularity import granularity
from costsieve.diagnosis.home_folder import home_observation
from costsieve.diagnosis.observation import Observation
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.source_settings import (
    AwsCurSource,
    AwsInventorySource,
    CloudWatchSource,
    GcpBillingSource,
    GcpInventorySource,
    GcpMonitoringSource,
    GcpPricingSource,
    PrometheusSource,
    SourceSettings,
)
from costsieve.sources.configured import sources_of
from costsieve.sources.holding import holds_on
from costsieve.sources.source import Source

_BILLS = {"aws_cur", "gcp_billing", "focus"}


def diagnose(settings: Settings, as_of: date) -> Iterator[Observation]:
    """Say of every source whether it can be reached, may be read, is configured as needed, is fresh and is complete."""
    yield home_observation(settings.home)
    for entry in settings.sources:
        access = list(_access(entry))
        yield from access
        if any(each.state == "failed" for each in access):
            continue
        if isinstance(entry, AwsCurSource) and entry.location.startswith("s3://"):
            from costsieve.diagnosis.aws_export import export_observations

            yield from export_observations(entry.name, entry.location)
        for source in sources_of(settings.model_copy(update={"sources": (entry,)})):
            yield from _content(settings, source, entry, as_of)


def _access(entry: SourceSettings) -> Iterator[Observation]:
    """Try the permissions; providers' client libraries are imported only where a source needs them."""
    match entry:
        case AwsInventorySource() | CloudWatchSource():
            from costsieve.diagnosis.aws_account import account_observations

            yield from account_observations(entry)
        case GcpBillingSource(table=str(table)) | GcpPricingSource(table=str(table)):
            from costsieve.diagnosis.bigquery_table import table_observations

            yield from table_observations(entry.name, entry.type, table, entry.maximum_bytes_billed)
        case GcpInventorySource():
            from costsieve.diagnosis.google_services import inventory_observations

            yield from inventory_observations(entry)
        case GcpMonitoringSource():
            from costsieve.diagnosis.google_services import monitoring_observations

            yield from monitoring_observations(entry)
        case PrometheusSource():
            from costsieve.diagnosis.prometheus_server import prometheus_observations

            yield from prometheus_observations(entry)
        case _:
            from costsieve.diagnosis.aws_location import location_observations

            yield from location_observations(entry.name, entry.type, entry.location or "")


def _content(settings: Settings, source: Source, entry: SourceSettings, as_of: date) -> Iterator[Observation]:
    try:
        deliveries = source.deliveries(as_of)
    except CostsieveError as error:
        yield Observation(source.name, entry.type, "delivery", "failed", str(error))
        return
    yield latest_delivery(source.name, entry.type, deliveries, as_of)
    yield from quarantine_observations(holds_on(settings, source.name, as_of), entry.type, deliveries)
    try:
        source_type = source.source_type
    except CostsieveError as error:
        yield Observation(source.name, entry.type, "format", "failed", str(error))
        return
    if source_type in _BILLS:
        home = Home(settings.home)
        landed = home, source.name, source_type
        yield from missing_columns(source.name, source_type, landed_columns(*landed), landed_line_item_types(*landed))
        yield granularity(home, source.name, source_type)
