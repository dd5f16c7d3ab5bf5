"""SKUs of the GCP estate and their list prices, as the public price list had them in us-central1. What is used of them is elsewhere."""

import csv
from dataclasses import dataclass
from importlib.resources import files

SERVICE_IDS = {
    "Compute Engine": "6F81-5844-456A",
    "Cloud Storage": "95FF-2EF5-5EA1",
    "Vertex AI": "C7E2-9256-1C43",
    "Cloud SQL": "9662-B51E-5089",
    "Cloud TPU": "E000-3F24-B8AA",
    "Networking": "E505-1604-58F8",
    "Cloud Logging": "5490-F7B7-8DF6",
    "Artifact Registry": "149C-F9EC-3994",
    "Invoice": "Invoice",
}


@dataclass(frozen=True)
class Price:
    """One SKU: ``price`` is US dollars per pricing unit; ``is_sustained`` tells whether sustained use discounts apply."""

    sku: str
    service: str
    unit: str
    price: float
    is_sustained: bool


def _read() -> dict[str, Price]:
    rows = csv.DictReader(files("costsieve.estate.gcp").joinpath("price_list.csv").read_text().splitlines())
    prices = (Price(row["sku"], row["service"], row["unit"], float(row["price"]), row["is_sustained"] == "true") for row in rows)
    return {price.sku: price for price in prices}


PRICES = _read()
"""Price of each SKU, by its description."""
