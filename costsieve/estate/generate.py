"""Writes a whole demo estate into a folder: bills, metrics and inventories of both providers, and the configuration that reads them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from costsieve.estate.aws.generate import write_aws
from costsieve.estate.gcp.generate import write_gcp
from costsieve.estate.objects import write_objects
from costsieve.estate.plan import Answer, EstatePlan

CONFIGURATION = "costsieve.yaml"
ANSWER_KEY = "answer-key.json"


def write_estate(folder: Path, plan: EstatePlan) -> None:
    """Write the estate: three quarters of its line items are AWS, one quarter GCP. Only tests read the answer key."""
    folder.mkdir(parents=True, exist_ok=True)
    planted = write_aws(folder, plan, plan.line_items - plan.line_items // 4)
    planted += write_gcp(folder, plan)
    write_objects(folder, plan)
    _write_configuration(folder)
    _write_answer_key(folder, planted)


def _write_configuration(folder: Path) -> None:
    inventory = {"location": "s3-inventory/ml-datasets/nightly", "reads": "s3-reads"}
    configuration = {
        "home": ".costsieve",
        "currency": "USD",
        "sources": [
            {"name": "org-bill", "type": "aws_cur", "location": "aws/cur/costs"},
            {"name": "gcp-bill", "type": "gcp_billing", "location": "gcp/billing"},
            {"name": "metrics", "type": "utilization_files", "location": "utilization"},
            {"name": "estate", "type": "inventory_files", "location": "inventory"},
            {"name": "objects", "type": "s3_inventory", **inventory},
        ],
    }
    (folder / CONFIGURATION).write_text(yaml.safe_dump(configuration, sort_keys=False), encoding="utf-8")


def _write_answer_key(folder: Path, planted: Sequence[Answer]) -> None:
    rows = [asdict(waste) for waste in planted]
    (folder / ANSWER_KEY).write_text(json.dumps(rows, indent=2, default=str) + "\n", encoding="utf-8")
