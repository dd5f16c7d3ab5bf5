"""The part of costsieve.yaml that says where bills, metrics and inventories come from. How each is read is in costsieve.sources."""

from typing import Annotated, Literal, Self

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
    | InventoryFilesSource
    | AwsInventorySource
    | S3InventorySource,
    Field(discriminator="type"),
]
