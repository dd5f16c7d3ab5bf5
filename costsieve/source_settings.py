"""The part of costsieve.yaml that says where bills, metrics and inventories come from. How each is read is in costsieve.sources."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from costsieve.prometheus_settings import PrometheusServer

_BUCKET = re.compile(r"^s3://[A-Za-z0-9][A-Za-z0-9._-]+[A-Za-z0-9](/|$)")


def _readable_place(location: str) -> str:
    """Refuse what would be taken for a local folder though it names a place elsewhere."""
    if "://" in location and not location.startswith("s3://"):
        message = f"{location} cannot be read: give s3://bucket/prefix or a local folder, to which other stores are copied or mounted"
        raise ValueError(message)
    if location.startswith("s3:") and not _BUCKET.match(location):
        message = f"{location} names no bucket: write it as in s3://my-billing-bucket/cur/costs"
        raise ValueError(message)
    return location


type Location = Annotated[str, Field(min_length=1), AfterValidator(_readable_place)]
type Table = Annotated[str, Field(pattern=r"^[a-z][a-z0-9:.-]*\.\w+\.[\w-]+$")]
type Regions = Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2,}(-[a-z]+)+-[0-9]+$")], ...], Field(min_length=1)]
type Roles = tuple[Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\s]+$")], ...]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")


class AwsCurSource(_Frozen):
    """A Cost and Usage Report or data export: `location` is its folder (s3://bucket/prefix/export or a local path).

    Legacy CUR, CUR 2.0 and FOCUS are told apart by their layout and manifest.
    """

    type: Literal["aws_cur"]
    location: Location


class _TableOrFiles(_Frozen):
    table: Table | None = None
    location: Location | None = None
    maximum_bytes_billed: int = Field(default=10 * 2**30, gt=0)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.table is None) == (self.location is None):
            message = "give either `table` (project.dataset.table) or `location` (folder of Parquet or JSON files)"
            raise ValueError(message)
        return self


class GcpBillingSource(_TableOrFiles):
    """A standard, detailed or FOCUS billing export: a BigQuery `table`, or a `location` with exported Parquet or JSON files."""

    type: Literal["gcp_billing"]


class GcpPricingSource(_TableOrFiles):
    """The pricing export (cloud_pricing_export): a BigQuery `table`, or a `location` with exported Parquet or JSON files."""

    type: Literal["gcp_pricing"]


class FocusSource(_Frozen):
    """FOCUS 1.0 to 1.2 files of any provider: Parquet or CSV below `location`."""

    type: Literal["focus"]
    location: Location


class UtilizationFilesSource(_Frozen):
    """Hourly utilization in the documented Parquet shape: <location>/date=YYYY-MM-DD/*.parquet."""

    type: Literal["utilization_files"]
    location: Location


class CloudWatchSource(_Frozen):
    """Utilization from CloudWatch GetMetricData, for what AWS lists.

    `percentiles` asks for p95 of percentages too, which costs nothing more: AWS computes them of the raw values of its own metrics. Switch
    it off where an emulator or a proxy refuses them.
    """

    type: Literal["cloudwatch"]
    regions: Regions
    roles: Roles = ()
    look_back_days: int = Field(default=14, ge=1, le=455)
    percentiles: bool = True


class InventoryFilesSource(_Frozen):
    """Inventory in the documented Parquet shape: <location>/date=YYYY-MM-DD/*.parquet."""

    type: Literal["inventory_files"]
    location: Location


class AwsInventorySource(_Frozen):
    """What there is in AWS accounts: machines, disks, databases, load balancers, buckets, SageMaker, from the services' own APIs.

    `resource_types` limits it to some kinds, as inventory.resources names them; nothing is then said of the others.
    """

    type: Literal["aws_inventory"]
    regions: Regions
    roles: Roles = ()
    resource_types: tuple[str, ...] | None = None


class GcpMonitoringSource(_Frozen):
    """Utilization from Cloud Monitoring ListTimeSeries, for what the projects run.

    `endpoint` and `asset_endpoint` (which tells the ids of disks and NAT gateways) are host:port of a Private Service Connect endpoint.
    """

    type: Literal["gcp_monitoring"]
    projects: tuple[str, ...] = Field(min_length=1)
    look_back_days: int = Field(default=14, ge=1, le=730)
    endpoint: str | None = None
    asset_endpoint: str | None = None


class PrometheusSource(_Frozen, PrometheusServer):
    """Utilization from Prometheus, Thanos or Mimir: GPUs by DCGM and machines by node_exporter, unless `queries` say else.

    `account_id` is the account or project that all of its machines belong to.
    """

    type: Literal["prometheus"]
    provider: Literal["AWS", "GCP"]
    account_id: str
    look_back_days: int = Field(default=14, ge=1, le=730)


class GcpInventorySource(_Frozen):
    """What there is in projects, folders (by number) or an organization (by number), from Cloud Asset Inventory.

    `endpoint` is host:port of a Private Service Connect endpoint.
    """

    type: Literal["gcp_inventory"]
    projects: tuple[str, ...] = ()
    folders: tuple[Annotated[str, Field(pattern=r"^[0-9]+$")], ...] = ()
    organization: str | None = Field(default=None, pattern=r"^[0-9]+$")
    endpoint: str | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is listed, as the API names it."""
        organization = (f"organizations/{self.organization}",) if self.organization else ()
        return (*organization, *(f"folders/{each}" for each in self.folders), *(f"projects/{each}" for each in self.projects))

    @model_validator(mode="after")
    def _some_scope(self) -> Self:
        if not self.scopes:
            message = "give `projects`, `folders` or `organization`"
            raise ValueError(message)
        return self


class S3InventorySource(_Frozen):
    """S3 Inventory reports of one bucket: <location>/<date>/manifest.json; `reads` holds read statistics in Parquet."""

    type: Literal["s3_inventory"]
    location: Location
    reads: Location | None = None


SourceSettings = Annotated[
    AwsCurSource
    | GcpBillingSource
    | GcpPricingSource
    | FocusSource
    | UtilizationFilesSource
    | CloudWatchSource
    | GcpMonitoringSource
    | PrometheusSource
    | InventoryFilesSource
    | AwsInventorySource
    | GcpInventorySource
    | S3InventorySource,
    Field(discriminator="type"),
]
