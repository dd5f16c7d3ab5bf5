"""Every entry of costsieve.yaml becomes its sources, in the order of the file, and belongs to one lake asset by its configured type."""

from costsieve.settings import Settings
from costsieve.source_settings import (
    AwsCurSource,
    AwsInventorySource,
    CloudWatchSource,
    FocusSource,
    GcpBillingSource,
    GcpInventorySource,
    GcpMonitoringSource,
    GcpPricingSource,
    InventoryFilesSource,
    PrometheusSource,
    S3InventorySource,
    UtilizationFilesSource,
)
from costsieve.sources.configured import LAKE_ASSETS, lake_types, sources_of


def test_each_entry_becomes_a_source_of_its_type_and_inventories_with_reads_become_two() -> None:
    settings = Settings(
        sources=(
            AwsCurSource(name="org-bill", type="aws_cur", location="exports/aws"),
            GcpBillingSource(name="gcp-bill", type="gcp_billing", table="project.billing.export"),
            GcpBillingSource(name="gcp-files", type="gcp_billing", location="exports/gcp"),
            GcpPricingSource(name="prices", type="gcp_pricing", location="exports/prices"),
            FocusSource(name="azure-bill", type="focus", location="exports/azure"),
            UtilizationFilesSource(name="metrics", type="utilization_files", location="metrics"),
            CloudWatchSource(name="cloudwatch", type="cloudwatch", regions=("us-east-1",)),
            GcpMonitoringSource(name="gcp-metrics", type="gcp_monitoring", projects=("ml-prod",)),
            PrometheusSource(name="gpus", type="prometheus", url="https://metrics.example.com", provider="GCP", account_id="ml-prod"),
            InventoryFilesSource(name="estate", type="inventory_files", location="inventory"),
            AwsInventorySource(name="aws-estate", type="aws_inventory", regions=("us-east-1",)),
            GcpInventorySource(name="gcp-estate", type="gcp_inventory", projects=("ml-prod",)),
            S3InventorySource(name="objects", type="s3_inventory", location="inventories/ml-data/nightly", reads="reads"),
            S3InventorySource(name="archive", type="s3_inventory", location="inventories/archive/nightly"),
        )
    )

    landed = {source.name: asset for asset in LAKE_ASSETS for source in sources_of(settings, asset)}
    assert [(source.name, landed[source.name]) for source in sources_of(settings)] == [
        ("org-bill", "aws_cur"),
        ("gcp-bill", "gcp_billing"),
        ("gcp-files", "gcp_billing"),
        ("prices", "gcp_pricing"),
        ("azure-bill", "focus"),
        ("metrics", "utilization"),
        ("cloudwatch", "utilization"),
        ("gcp-metrics", "utilization"),
        ("gpus", "utilization"),
        ("estate", "inventory"),
        ("aws-estate", "inventory"),
        ("gcp-estate", "inventory"),
        ("objects", "s3_inventory"),
        ("objects-reads", "s3_reads"),
        ("archive", "s3_inventory"),
    ]


def test_only_bills_may_turn_out_to_be_focus() -> None:
    assert [asset for asset, folders in lake_types().items() if "focus" in folders] == ["aws_cur", "gcp_billing", "focus"]
