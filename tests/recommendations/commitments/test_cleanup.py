"""What the plan ends is not committed to, and what buying first would lock in."""

import pytest

from costsieve.recommendations.commitments.flexible_cud import FLEXIBLE_CUD
from costsieve.warehouse import Connection
from tests.recommendations.commitments.bills import GCP_ROW, accepted, charged, hours, recommendation, resource_days


def test_usage_that_the_plan_ends_is_not_committed_to(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-idle", 0)))
    assert found.details["hourly_commitment"] == 4.38
    assert float(found.monthly_savings) == pytest.approx(0.27 * 6 * 720)


def test_buying_before_clean_up_locks_in_a_year_of_the_difference(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-idle", 0)))
    assert found.monthly_savings_before_cleanup is not None
    assert float(found.monthly_savings_before_cleanup) == pytest.approx(2.7 * 720)
    assert found.details["cleanup"] == {
        "hourly_commitment_before_cleanup": 7.3,
        "hourly_commitment_after_cleanup": 4.38,
        "locked_in_by_buying_first": pytest.approx((7.3 - 4.38) * 8760),
        "monthly_savings_before_cleanup": pytest.approx(1944.0),
        "monthly_savings_if_bought_first_and_cleaned_up_later": pytest.approx((6 - 7.3) * 720),
    }


def test_a_resource_that_shrinks_keeps_its_share(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-large", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-large", 0.5)))
    assert found.details["hourly_commitment"] == 5.84


def test_clean_up_never_takes_more_than_an_hour_has(connection: Connection) -> None:
    charged(connection, 10, hours(of_day=range(12)))
    charged(connection, 10, hours(), x_usage_type="BoxUsage:c5.large")
    resource_days(connection, "i-daytime", 120)
    found = recommendation(connection, ended=accepted(("AWS", "i-daytime", 0)))
    assert found.details["eligible_on_demand_per_hour"]["after_cleanup"]["minimum"] == 10.0


def test_actions_of_another_account_change_nothing(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96, SubAccountId="100000000003")
    assert recommendation(connection, ended=accepted(("AWS", "i-idle", 0))).details["hourly_commitment"] == 7.3


def test_clean_up_applies_to_gcp_projects(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    resource_days(connection, "4711", 96, **GCP_ROW)
    found = recommendation(connection, FLEXIBLE_CUD, accepted(("GCP", "4711", 0)))
    assert found.details["hourly_commitment"] == 4.32
