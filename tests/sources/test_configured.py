"""Every entry of costsieve.yaml becomes its sources, in the order of the file."""

from costsieve.settings import (
    AwsCurSource,
    AwsInventorySource,
    CloudWatchSource,
    GcpBillingSource,
    InventoryFilesSource,
    S3InventorySource,
    Settings,
    UtilizationFilesSource,
)
from costsieve.sources.configured import sources_of


def test_each_entry_becomes_a_source_of_its_type_and_inventories_with_reads_become_two() -> None:
    settings = Settings(
        sources=(
            AwsCurSource(name="org-bill", type="aws_cur", location="exports/aws"),
            GcpBillingSource(name="gcp-bill", type="gcp_billing", table="project.billing.export"),
            GcpBillingSource(name="gcp-files", type="gcp_billing", location="exports/gcp"),
            UtilizationFilesSource(name="metrics", type="utilization_files", location="metrics"),
            CloudWatchSource(name="cloudwatch", type="cloudwatch", regions=("us-east-1",)),
            InventoryFilesSource(name="estate", type="inventory_files", location="inventory"),
            AwsInventorySource(name="aws-estate", type="aws_inventory", regions=("us-east-1",)),
            S3InventorySource(name="objects", type="s3_inventory", location="inventories/ml-data/nightly", reads="reads"),
            S3InventorySource(name="archive", type="s3_inventory", location="inventories/archive/nightly"),
        )
    )

    assert [(source.name, source.source_type) for source in sources_of(settings)] == [
        ("org-bill", "aws_cur"),
        ("gcp-bill", "gcp_billing"),
        ("gcp-files", "gcp_billing"),
        ("metrics", "utilization"),
        ("cloudwatch", "utilization"),
        ("estate", "inventory"),
        ("aws-estate", "inventory"),
        ("objects", "s3_inventory"),
        ("objects-reads", "s3_reads"),
        ("archive", "s3_inventory"),
    ]
