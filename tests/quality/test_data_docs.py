"""Data Docs of a night: complete, readable without a network, and safe to open whatever a tag says."""

from datetime import date
from pathlib import Path

import pytest

from costsieve.quality.validation import validate
from costsieve.warehouse import Connection
from tests.quality.conftest import insert

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning"),  # Great Expectations 1.24 imports sre_constants
]
AS_OF = date(2026, 10, 1)
MARKUP = "<script>alert('tag')</script>"


@pytest.fixture
def docs(connection: Connection, tmp_path: Path) -> Path:
    """The pages of a night with an inventory that breaks its contract and a bill that stopped, both with markup in their names."""
    folder = tmp_path / "data-docs" / AS_OF.isoformat()
    insert(connection, "inventory.resources", [{"provider": "AWS", "resource_id": MARKUP, "resource_type": MARKUP}])
    insert(connection, "core.daily_cost", [{"x_source": MARKUP, "x_pool": "usage", "usage_date": date(2026, 9, 20)}])
    validate(connection, "inventory.resources", AS_OF, data_docs=folder)
    validate(connection, "core.daily_cost", AS_OF, data_docs=folder)
    return folder


def test_every_checked_table_has_a_page_that_the_index_links_with_what_failed(docs: Path) -> None:
    index = (docs / "index.html").read_text(encoding="utf-8")

    assert sorted(page.name for page in docs.glob("*.html")) == ["core.daily_cost.html", "index.html", "inventory.resources.html"]
    assert '<a href="core.daily_cost.html">core.daily_cost</a>' in index
    assert f"Data checks of the night of {AS_OF}" in index


def test_a_page_shows_the_framework_s_results_and_what_to_do_about_failures(docs: Path) -> None:
    page = (docs / "core.daily_cost.html").read_text(encoding="utf-8")

    assert "Must have exactly these columns" in page
    assert "warning: The latest usage of every bill is a few days old at most" in page
    assert "latest_usage_date=2026-09-20, days_old=11" in page
    assert "Look at the export in the provider" in page


def test_no_page_loads_anything_or_runs_what_came_with_the_data(docs: Path) -> None:
    for page in docs.glob("*.html"):
        content = page.read_text(encoding="utf-8")
        assert "http" not in content
        assert "<script" not in content


def test_nights_beyond_the_thirty_newest_go(connection: Connection, tmp_path: Path) -> None:
    for day in range(1, 32):
        (tmp_path / f"2026-08-{day:02}").mkdir()

    validate(connection, "inventory.resources", AS_OF, data_docs=tmp_path / AS_OF.isoformat())

    assert min(folder.name for folder in tmp_path.iterdir()) == "2026-08-03"
    assert len(list(tmp_path.iterdir())) == 30
