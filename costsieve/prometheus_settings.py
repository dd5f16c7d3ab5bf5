"""The part of costsieve.yaml that says how a Prometheus server is asked. What is asked is in costsieve.sources.prometheus."""

from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator


class PrometheusQuery(BaseModel):
    """One metric: `counter` is a selector of counters, which are added up; `expression` gives a level at any moment.

    An expression returns series with the label that holds the resource id, as in `max by (instance_id) (DCGM_FI_DEV_GPU_UTIL)`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    counter: str | None = None
    expression: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.counter is None) == (self.expression is None):
            message = "give either `counter` (a selector) or `expression` (PromQL)"
            raise ValueError(message)
        return self


class PrometheusServer(BaseModel):
    """Where the HTTP API is, and what it knows machines by.

    `resource_label` holds the id that the bill has (i-..., or the numeric id of GCP). `token_variable` names the environment variable with
    the bearer token.
    """

    url: str
    resource_label: str = Field(default="instance_id", pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")
    queries: tuple[PrometheusQuery, ...] = ()
    token_variable: str | None = None

    @model_validator(mode="after")
    def _keeps_secrets(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = "`url` must begin with http:// or https:// and name a host"
            raise ValueError(message)
        if parts.username or parts.password:
            message = "`url` must not hold a user or password: name the environment variable with a token under `token_variable`"
            raise ValueError(message)
        if self.token_variable and parts.scheme == "http" and not _is_loopback(parts.hostname):
            message = "a token is sent over https only: change `url`, or leave `token_variable` out"
            raise ValueError(message)
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
