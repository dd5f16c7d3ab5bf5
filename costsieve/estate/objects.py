"""The bucket of the demo estate: an S3 inventory as S3 delivers it, and how often its objects were read. It is billed in `estate.aws`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import md5
from pathlib import Path
from uuid import UUID

import numpy as np
import polars as pl
from numpy.typing import NDArray

from costsieve.contracts.usage import OBJECT_READS
from costsieve.estate.plan import EstatePlan

DATASETS_BUCKET = "ml-datasets"
_CONFIGURATION = "nightly"
_OBSERVED_DAYS = 90
_FEWEST_OBJECTS = 2_000
_FILES = 4
_MULTIPART_BYTES = 8 * 2**20
_AGE_EDGES = np.array([0, 15, 30, 60, 90, 180, 365, 730, np.inf])
_SCHEMA = (
    "message s3.inventory { required binary bucket (STRING); required binary key (STRING); optional int64 size;"
    " optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); optional binary e_tag (STRING); optional binary storage_class (STRING);"
    " optional boolean is_multipart_uploaded; }"
)
Days = NDArray[np.float64]


@dataclass(frozen=True)
class Prefix:
    """What lies below one prefix.

    Args:
        name: first folder of the keys.
        suffix: ending of the keys.
        gib: stored in total, whatever the number of objects.
        object_share: share of the bucket's objects.
        size_spread: standard deviation of the logarithm of the sizes.
        mean_age_days: mean of the exponential ages, cut at three years.
        daily_reads: reads of an object a day, by age from 0, 15, 30, 60, 90, 180, 365 and 730 days.
        least_age_days: age of its youngest object.
    """

    name: str
    suffix: str
    gib: int
    object_share: float
    size_spread: float
    mean_age_days: float
    daily_reads: tuple[float, ...]
    least_age_days: float = 0.0


# A job of last week wrote ranker-2026-09-25 and one of long ago its sibling, which nobody has read; no job is known of the hackathon.
PREFIXES = (
    Prefix("checkpoints", "pt", 245_760, 0.05, 0.6, 240, (0.9, 0.12, 0.006, 0.002, 5e-4, 2e-4, 1e-4, 1e-4)),
    Prefix("datasets", "parquet", 112_640, 0.10, 0.9, 420, (0.20, 0.18, 0.16, 0.15, 0.14, 0.14, 0.12, 0.12)),
    Prefix("features", "parquet", 35_840, 0.20, 1.0, 150, (0.5, 0.2, 0.08, 0.03, 0.01, 0.004, 0.002, 0.002)),
    Prefix("logs", "json.gz", 20, 0.55, 1.4, 200, (0.05, 0.01, 0.002, 0.001, 5e-4, 2e-4, 1e-4, 1e-4)),
    Prefix("tmp", "bin", 13_740, 0.08, 1.2, 180, (0.3, 0.004, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    Prefix("ranker-2026-09-25", "pt", 400, 0.005, 0.6, 2, (0.4, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    Prefix("ranker-2026-04-02", "pt", 800, 0.01, 0.6, 1, (0.0,) * 8, least_age_days=175),
    Prefix("hackathon-2025", "bin", 400, 0.005, 0.6, 5, (0.0,) * 8, least_age_days=320),
)


def stored_gib(_plan: EstatePlan) -> float:
    """Return what the bucket holds, and what the bill charges storage for; plans differ in the number of objects only."""
    return float(sum(prefix.gib for prefix in PREFIXES))


def write_objects(folder: Path, plan: EstatePlan) -> None:
    """Write ``s3-inventory/<bucket>/nightly`` and ``s3-reads`` below a folder.

    About one object for each of the plan's line items; fewer objects are larger ones.
    """
    taken_at = datetime.combine(plan.as_of - timedelta(days=1), time(1), UTC)
    random = np.random.default_rng((plan.seed, 21))
    parts = [_objects(prefix, max(plan.line_items, _FEWEST_OBJECTS), taken_at, random) for prefix in PREFIXES]
    _write_inventory(folder / "s3-inventory", pl.concat(parts), taken_at)
    reads = [row for prefix, part in zip(PREFIXES, parts, strict=True) for row in _reads(prefix, part, plan, random)]
    (folder / "s3-reads").mkdir(parents=True, exist_ok=True)
    pl.DataFrame(reads, schema=OBJECT_READS.polars_schema()).write_parquet(folder / "s3-reads" / "reads.parquet")


def _objects(prefix: Prefix, bucket_objects: int, taken_at: datetime, random: np.random.Generator) -> pl.DataFrame:
    """Return the inventory rows of one prefix, which add up to its size to the byte."""
    count = round(bucket_objects * prefix.object_share)
    weights = random.lognormal(0.0, prefix.size_spread, count)
    sizes = np.floor(weights / weights.sum() * prefix.gib * 2**30).astype(np.int64)
    sizes[-1] += prefix.gib * 2**30 - sizes.sum()
    age_days = prefix.least_age_days + random.exponential(prefix.mean_age_days, count)
    age_days = np.minimum(age_days, 3 * 365 * random.uniform(0.9, 1.0, count))
    digests = random.bytes(16 * count).hex()
    last_modified = pl.lit(taken_at) - pl.duration(milliseconds=pl.lit(pl.Series((age_days * 86_400_000).astype(np.int64))), time_unit="ms")
    group = pl.int_range(count) // 40
    return pl.select(
        bucket=pl.lit(DATASETS_BUCKET),
        key=pl.format(f"{prefix.name}/{{}}/part-{{}}.{prefix.suffix}", group, pl.int_range(count) % 40),
        size=pl.Series(sizes),
        last_modified_date=last_modified.cast(pl.Datetime("ms", "UTC")),
        e_tag=pl.Series([digests[start : start + 32] for start in range(0, 32 * count, 32)]),
        storage_class=pl.lit("STANDARD"),
        is_multipart_uploaded=pl.Series(sizes > _MULTIPART_BYTES),
    )


def _write_inventory(root: Path, objects: pl.DataFrame, taken_at: datetime) -> None:
    """Write the data files, then the manifest that names them, and last the checksum that makes the report complete."""
    report = root / DATASETS_BUCKET / _CONFIGURATION / f"{taken_at:%Y-%m-%dT%H-%MZ}"
    report.mkdir(parents=True, exist_ok=True)
    manifest = {
        "sourceBucket": DATASETS_BUCKET,
        "destinationBucket": "arn:aws:s3:::example-inventory",
        "version": "2016-11-30",
        "creationTimestamp": str(int(taken_at.timestamp() * 1000)),
        "fileFormat": "Parquet",
        "fileSchema": _SCHEMA,
        "files": [_write_file(root, part) for part in objects.iter_slices(-(-objects.height // _FILES))],
    }
    content = json.dumps(manifest, indent=2).encode()
    (report / "manifest.json").write_bytes(content)
    (report / "manifest.checksum").write_text(_md5(content), encoding="ascii")


def _write_file(root: Path, part: pl.DataFrame) -> dict[str, object]:
    """Write one data file under a name made of its first and last object, and return its entry in the manifest."""
    name = UUID(_md5(f"{part['e_tag'][0]}{part['e_tag'][-1]}".encode()))
    key = f"{DATASETS_BUCKET}/{_CONFIGURATION}/data/{name}.parquet"
    (root / key).parent.mkdir(parents=True, exist_ok=True)
    part.write_parquet(root / key)
    content = (root / key).read_bytes()
    return {"key": key, "size": len(content), "MD5checksum": _md5(content)}


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()


def _reads(prefix: Prefix, objects: pl.DataFrame, plan: EstatePlan, random: np.random.Generator) -> list[dict[str, object]]:
    """Return reads and exposure of one prefix by age: each object counts in every age that it had during the observation."""
    observed_to = datetime.combine(plan.as_of, time.min, UTC)
    age = (observed_to - objects["last_modified_date"]).dt.total_milliseconds().to_numpy() / 86_400_000
    youngest: Days = np.maximum(age - _OBSERVED_DAYS, 0.0)
    sizes = objects["size"].to_numpy().astype(np.float64)
    rows: list[dict[str, object]] = []
    for number, daily_reads in enumerate(prefix.daily_reads):
        days: Days = np.clip(np.minimum(age, _AGE_EDGES[number + 1]) - np.maximum(youngest, _AGE_EDGES[number]), 0.0, None)
        object_days, byte_days = float(days.sum()), float((days * sizes).sum())
        get_count = int(random.poisson(daily_reads * object_days))
        rows.append(
            {
                "bucket": DATASETS_BUCKET,
                "prefix": f"{prefix.name}/",
                "age_days_from": int(_AGE_EDGES[number]),
                "get_count": get_count,
                "byte_count": round(get_count * byte_days / object_days) if object_days else 0,
                "object_days": object_days,
                "byte_days": byte_days,
                "observed_from": plan.as_of - timedelta(days=_OBSERVED_DAYS),
                "observed_to": plan.as_of,
            }
        )
    return rows
