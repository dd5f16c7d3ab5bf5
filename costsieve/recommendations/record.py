"""Write the night's recommendations to results.recommendations. Sizing and schedules are worked out in the two packages beside it."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from costsieve.contracts.results import RECOMMENDATIONS
from costsieve.findings.waterfall import actions_taken
from costsieve.recommendations.commitments.flexible_cud import FLEXIBLE_CUD
from costsieve.recommendations.commitments.recommend import recommend as recommend_commitment
from costsieve.recommendations.commitments.savings_plan import COMPUTE_SAVINGS_PLAN
from costsieve.recommendations.lifecycle import recommend as lifecycle
from costsieve.recommendations.lifecycle.prefix_plan import Policy
from costsieve.recommendations.recommendation import Answer
from costsieve.warehouse import Connection, replace_frame

COMMITMENTS = (COMPUTE_SAVINGS_PLAN, FLEXIBLE_CUD)


def recommend_commitments(connection: Connection, as_of: date) -> list[Answer]:
    """Size one Compute Savings Plan per payer and one flexible CUD per billing account, and replace their rows of the night.

    Usage is taken as the planned actions of the night (findings.waterfall) leave it. Each answer without a recommendation says why.
    """
    accepted = actions_taken(connection, as_of)
    answers = {product.kind: recommend_commitment(connection, product, as_of, accepted) for product in COMMITMENTS}
    for kind, of_kind in answers.items():
        _write(connection, as_of, kind, of_kind)
    return [answer for of_kind in answers.values() for answer in of_kind]


def recommend_lifecycle(connection: Connection, as_of: date, policy: Policy | None = None) -> list[Answer]:
    """Work out one rule set per inventoried bucket, and replace the rows of the night.

    ``policy`` says which storage classes may be used; by default those that are read without a restore.
    """
    answers = lifecycle.recommend(connection, policy)
    _write(connection, as_of, lifecycle.KIND, answers)
    return answers


def _write(connection: Connection, as_of: date, kind: str, answers: Sequence[Answer]) -> None:
    rows = [answer.recommendation.row(as_of) for answer in answers if answer.recommendation]
    frame = pl.DataFrame(rows, schema=RECOMMENDATIONS.polars_schema())
    replace_frame(connection, RECOMMENDATIONS, frame, {"as_of": as_of, "kind": kind})
