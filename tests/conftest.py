"""What tests of several stages share: their order, an empty warehouse, and AWS on loopback."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from costsieve.home import Home
from costsieve.warehouse import Warehouse
from tests.emulators.moto import running_moto


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take long: one that begins last keeps a single worker busy while the others have nothing left."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(Home(tmp_path / "home"))


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_moto(tmp_path_factory.mktemp("moto") / "server.log") as endpoint:
        yield endpoint


@pytest.fixture
def moto_endpoint(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty AWS account; boto3's own variables lead there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for ambient in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(ambient, raising=False)
    with urlopen(Request(f"{moto_server}/moto-api/reset", method="POST")) as response:  # noqa: S310 the server of this test
        response.read()
    return moto_server
