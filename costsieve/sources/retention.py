"""Removes versions from the lake that nothing refers to any more. Never a version that the published file still reads."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from costsieve import sql_files
from costsieve.home import Home
from costsieve.sources.lake import LakeUnit, version_folder, version_folders
from costsieve.warehouse import Warehouse, open_published


def removable_versions(home: Home) -> list[Path]:
    """Return the version folders that are current neither in the work file nor in the published one.

    A reader of the published file therefore never loses a file, and the version that replaced a published one waits until it
    is published itself. Not to be called while a source is being landed.
    """
    kept = {version_folder(home, unit) for unit in _current_units(home)}
    return sorted(folder for folder in version_folders(home) if folder not in kept)


def remove_unreferenced(home: Home) -> list[Path]:
    """Remove them, and return the folders that were removed."""
    removed = removable_versions(home)
    for folder in removed:
        shutil.rmtree(folder)
    return removed


def _current_units(home: Home) -> Iterator[LakeUnit]:
    sql = sql_files.statement("sources/current_units.sql")
    if home.work_warehouse.is_file():
        yield from (LakeUnit(*row) for row in Warehouse(home).query(sql).iter_rows())
    if home.published_warehouse.is_file():
        with closing(open_published(home.published_warehouse)) as published:
            yield from (LakeUnit(*row) for row in published.execute(sql).fetchall())
