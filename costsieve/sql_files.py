"""Find and read the files under sql/, in a checkout and in an installed wheel. Runs no SQL."""

from functools import cache
from pathlib import Path


@cache
def sql_root() -> Path:
    """Return the sql/ folder: inside the package when installed, beside it in a checkout."""
    packaged = Path(__file__).parent / "sql"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "sql"


@cache
def model_sql(name: str) -> str:
    """Return the SELECT of one model, for example ``core/daily_cost``."""
    return (sql_root() / name / "model.sql").read_text(encoding="utf-8")


@cache
def statement(path: str) -> str:
    """Return one SQL file that is no model, for example ``reports/spend_by_day.sql``."""
    return (sql_root() / path).read_text(encoding="utf-8")
