"""The code location: assets, checks, job and schedule, wired to one installation. Nothing is computed on import."""

import dagster as dg

from assets.allocation import ALLOCATION
from assets.core import CORE
from assets.findings import FINDINGS
from assets.gcp import GCP
from assets.history import HISTORY
from assets.quality import CHECKS, QUALITY
from assets.recommendations import RECOMMENDATIONS
from assets.reports import REPORTS
from assets.resources import Installation
from assets.sources import SOURCES
from assets.usage import USAGE
from costsieve.settings import Settings
from pipelines.alerts import alert_on_night_that_never_began
from pipelines.environment import installation, settings_or_defaults
from pipelines.jobs import nightly
from pipelines.schedules import nightly_schedule


def build_definitions(installed: Installation, settings: Settings) -> dg.Definitions:
    """Return the code location for an installation; tests pass their own."""
    return dg.Definitions(
        assets=[*SOURCES, *CORE, *GCP, *USAGE, *QUALITY, *ALLOCATION, *FINDINGS, *HISTORY, *RECOMMENDATIONS, *REPORTS],
        asset_checks=CHECKS,
        jobs=[nightly],
        schedules=[nightly_schedule(settings.schedule)],
        sensors=[alert_on_night_that_never_began],
        resources={"installation": installed},
    )


defs = build_definitions(installation(), settings_or_defaults())
