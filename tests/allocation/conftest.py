"""Tables of the contracts without constraints, as for the other SQL models."""

from tests.sql.conftest import connection

__all__ = ["connection"]
