"""One AWS estate for all tests of the generator: 60 days, so that detachments lie inside, and little more than its fixed part."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.estate.aws.generate import write_aws
from costsieve.estate.plan import Answer, EstatePlan

AWS_LINE_ITEMS = 75_000


@dataclass(frozen=True)
class AwsEstate:
    folder: Path
    plan: EstatePlan
    planted: list[Answer]
    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str) -> pl.DataFrame:
        frame: pl.DataFrame = self.connection.sql(sql).pl()
        return frame


@pytest.fixture(scope="session")
def aws_estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsEstate]:
    folder = tmp_path_factory.mktemp("aws-estate")
    plan = EstatePlan(seed=3, as_of=date(2026, 9, 18), days=60)
    planted = write_aws(folder, plan, AWS_LINE_ITEMS)
    connection = duckdb.connect()
    connection.execute(
        f"CREATE VIEW bill AS SELECT * FROM read_parquet('{folder}/aws/cur/costs/data/*/*.parquet', hive_partitioning = true);"
        f"CREATE VIEW utilization AS SELECT * FROM read_parquet('{folder}/utilization/*/aws.parquet', hive_partitioning = false);"
        f"CREATE VIEW inventory AS SELECT * FROM read_parquet('{folder}/inventory/*/aws.parquet', hive_partitioning = false);"
        "CREATE MACRO money(amount) AS CAST(amount AS DECIMAL(38, 12));"
    )
    yield AwsEstate(folder, plan, planted, connection)
    connection.close()
