"""Whether a landed bill has hours: commitments and schedules are sized on them. The bill is not judged otherwise."""

from costsieve import sql_files
from costsieve.diagnosis.observation import Observation
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.warehouse import Warehouse

_HOURS_A_DAY = 24


def granularity(home: Home, source: str, source_type: str) -> Observation:
    """Count the distinct hours of the day in the newest landed period; unknown before the first night."""
    if not home.work_warehouse.is_file():
        return Observation(source, source_type, "granularity", "unknown", "nothing has been loaded yet")
    try:
        hours = Warehouse(home).query(sql_files.statement("diagnosis/hours_of_day.sql"), {"source": source}).item()
    except CostsieveError as error:
        return Observation(source, source_type, "granularity", "unknown", str(error))
    if hours == 0:
        return Observation(
            source, source_type, "granularity", "unknown", "no compute usage of it has been loaded, so its hours cannot be told"
        )
    if hours < _HOURS_A_DAY:
        begins = f"{hours} hour{'s' if hours != 1 else ''} of the day"
        finding = f"compute usage begins at {begins} only: without hourly data commitments cannot be sized"
        return Observation(source, source_type, "granularity", "warning", finding)
    return Observation(source, source_type, "granularity", "ok", "hourly")
