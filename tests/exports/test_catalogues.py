"""The catalogues of the FOCUS export are complete enough, and say nothing twice."""

from pathlib import Path

import polars as pl
import pytest

from costsieve.exports import focus_views

FOLDER = Path(focus_views.__file__).parent


def catalogue(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)


@pytest.mark.parametrize(
    ("name", "key"),
    [("service_categories", ["provider", "service"]), ("regions", ["provider", "region_id"]), ("units", ["delivered_unit"])],
)
def test_a_key_is_there_once(name: str, key: list[str]) -> None:
    assert catalogue(name).filter(pl.struct(key).is_duplicated()).is_empty()


def test_at_least_150_services_of_aws_have_a_category() -> None:
    assert catalogue("service_categories").filter(pl.col("provider") == "AWS").height >= 150


def test_a_subcategory_has_one_category() -> None:
    pairs = catalogue("service_categories").select("service_category", "service_subcategory").unique()

    assert pairs.filter(pl.col("service_subcategory").is_duplicated()).is_empty()
