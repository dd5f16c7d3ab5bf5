"""What a flexible CUD covers, and where automatic and negotiated discounts make it pointless."""

from decimal import Decimal

import pytest

from costsieve.recommendations.commitments.flexible_cud import FLEXIBLE_CUD
from costsieve.warehouse import Connection
from tests.recommendations.commitments.bills import GCP_ROW, answer, charged, hours, recommendation


def test_a_flexible_cud_covers_e2_at_28_percent_off(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert float(found.monthly_savings) == pytest.approx(2.8 * 720)


def test_a_flexible_cud_never_pays_on_n1(connection: Connection) -> None:
    charged(connection, 10, hours(), **{**GCP_ROW, "x_usage_type": "N1 Predefined Instance Core running in Americas"})
    assert answer(connection, FLEXIBLE_CUD).reason == "no on-demand usage that it could cover; left out: N1"


def test_n1_beside_other_series_is_named_with_the_reason(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    charged(connection, 4, hours(), **{**GCP_ROW, "x_usage_type": "N1 Predefined Instance Ram running in Americas"})
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert any(sentence.startswith("N1 usage (USD 5,376.00") and "sustained use" in sentence for sentence in found.assumptions)


def test_n2_usage_is_valued_after_its_sustained_use_discount(connection: Connection) -> None:
    charged(
        connection, 10, hours(), **{**GCP_ROW, "x_usage_type": "N2 Instance Core running in Americas", "ContractedCost": Decimal("8.2")}
    )
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert float(found.monthly_savings) == pytest.approx((8 - 7.2) * 720)


def test_series_cheaper_than_the_commitment_after_a_negotiated_discount_are_left_out(connection: Connection) -> None:
    charged(connection, 10, hours(), **{**GCP_ROW, "ContractedCost": Decimal(7)})
    assert answer(connection, FLEXIBLE_CUD).reason == "no on-demand usage that it could cover; left out: E2"
