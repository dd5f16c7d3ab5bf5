"""One home with published bills of both providers for all tests that only read it."""

import pytest

from costsieve.home import Home
from tests.exports.published import deliver_bills, publish_bills


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small estate of AWS and Google Cloud, August and September 2026, a commitment of Google, and the real CUR 2.0 export of April."""
    bills = deliver_bills(tmp_path_factory.mktemp("bills"))
    home = Home(tmp_path_factory.mktemp("exporting") / "home")
    sources = [
        {"name": "org-bill", "type": "aws_cur", "location": str(bills / "aws/cur/costs")},
        {"name": "gcp-bill", "type": "gcp_billing", "location": str(bills / "gcp/billing")},
        {"name": "commitment-bill", "type": "gcp_billing", "location": str(bills / "commitment")},
        {"name": "real-bill", "type": "aws_cur", "location": str(bills / "real")},
    ]
    publish_bills(home, sources)
    return home
