"""Google's services on loopback, for the tests of what is asked of them."""

from collections.abc import Iterator

import pytest

from tests.sources.gcp.google_server import Google, serving


@pytest.fixture
def google() -> Iterator[Google]:
    with serving(Google()) as google:
        yield google
