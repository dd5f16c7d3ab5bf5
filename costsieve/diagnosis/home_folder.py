"""Whether nights can write their results: the folder `home`. Nothing is left there."""

from pathlib import Path
from tempfile import TemporaryDirectory

from costsieve.diagnosis.observation import Observation


def home_observation(home: Path) -> Observation:
    """Write into the folder, or into the nearest one above that is there already."""
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        with TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        reason = f"{there} is a file" if there.is_file() else f"{there}: {error.strerror}"
        finding = f"{home} cannot be used ({reason}): `home` must be a folder that this user may write to"
        return Observation("(home)", "", "home", "failed", finding)
    return Observation("(home)", "", "home", "ok", str(home))
