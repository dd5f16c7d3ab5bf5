"""The part of costsieve.yaml that says where bills, metrics and inventories come from. How each is read is in costsieve.sources."""

from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")


class AwsCurSource(_Frozen):
    """A Cost and Usage Report or data export: `location` is its folder (s3://bucket/prefix/export or a local path).

    Legacy CUR, CUR 2.0 and FOCUS are told apart by their layout and manifest.
    """

    type: Literal["aws_cur"]
    location: str


class _TableOrFiles(_Frozen):
    table: str | None = None
    location: str | None = None
    maximum_bytes_billed: int = 10 * 2**30

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
    location: str


class UtilizationFilesSource(_Frozen):
    """Hourly utilization in the documented Parquet shape: <location>/date=YYYY-MM-DD/*.parquet."""

    type: Literal["utilization_files"]
    location: str


class CloudWatchSource(_Frozen):
    """Utilization from CloudWatch GetMetricData, for what the inventory lists."""

    type: Literal["cloudwatch"]
    regions: tuple[str, ...]
    roles: tuple[str, ...] = ()
    look_back_days: int = Field(default=14, ge=1, le=455)


class InventoryFilesSource(_Frozen):
    """Inventory in the documented Parquet shape: <location>/date=YYYY-MM-DD/*.parquet."""

    type: Literal["inventory_files"]
    location: str


class AwsInventorySource(_Frozen):
    """EC2 instances, EBS volumes and snapshots from the EC2 API."""

    type: Literal["aws_inventory"]
    regions: tuple[str, ...]
    roles: tuple[str, ...] = ()


class GcpMonitoringSource(_Frozen):
    """Utilization from Cloud Monitoring ListTimeSeries, for what the projects run.

    `endpoint` and `asset_endpoint` (which tells the ids of disks and NAT gateways) are host:port of a Private Service Connect endpoint.
    """

    type: Literal["gcp_monitoring"]
    projects: tuple[str, ...] = Field(min_length=1)
    look_back_days: int = Field(default=14, ge=1, le=730)
    endpoint: str | None = None
    asset_endpoint: str | None = None


class PrometheusQuery(BaseModel):
    """One metric: `counter` is a selector of counters, which are added up; `expression` gives a level at any moment.

    An expression returns series with the label that holds the resource id, as in `max by (instance_id) (DCGM_FI_DEV_GPU_UTIL)`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    counter: str | None = None
    expression: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.counter is None) == (self.expression is None):
            message = "give either `counter` (a selector) or `expression` (PromQL)"
            raise ValueError(message)
        return self


class PrometheusSource(_Frozen):
    """Utilization from the HTTP API of Prometheus, Thanos or Mimir: GPUs by DCGM and machines by node_exporter, unless `queries` say else.

    `resource_label` holds the id that the bill has (i-..., or the numeric id of GCP). `token_variable` names the environment variable with
    the bearer token.
    """

    type: Literal["prometheus"]
    url: str
    provider: Literal["AWS", "GCP"]
    account_id: str
    resource_label: str = Field(default="instance_id", pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")
    queries: tuple[PrometheusQuery, ...] = ()
    look_back_days: int = Field(default=14, ge=1, le=730)
    token_variable: str | None = None

    @model_validator(mode="after")
    def _plain_url(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = "`url` must begin with http:// or https:// and name a host"
            raise ValueError(message)
        if parts.username or parts.password:
            message = "`url` must not hold a user or password: name the environment variable with the token under `token_variable`"
            raise ValueError(message)
        if self.token_variable and parts.scheme == "http" and not _is_loopback(parts.hostname):
            message = "a token is sent over https only: change `url`, or leave `token_variable` out"
            raise ValueError(message)
        return self


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
    location: str
    reads: str | None = None


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


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
