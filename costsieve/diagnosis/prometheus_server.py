"""Whether a Prometheus server answers, and accepts the token. What it measures is seen by the first night."""

from collections.abc import Iterator

from costsieve.diagnosis.observation import Observation, tried
from costsieve.source_settings import PrometheusSource
from costsieve.sources.prometheus.api import connect


def prometheus_observations(entry: PrometheusSource) -> Iterator[Observation]:
    """Ask the simplest query there is."""
    yield tried(entry.name, entry.type, "query", lambda: connect(entry.url, entry.token_variable, retries=0).is_ready())
