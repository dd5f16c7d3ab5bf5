"""How much of the spend the rules could judge, by service, and why not the rest. Single verdicts are in results.evaluations."""

from datetime import date

from costsieve.contracts.history import EVALUATED_SPEND
from costsieve.contracts.verdicts import REASONS
from costsieve.findings.rule import load_rules
from costsieve.period import DAYS_PER_MONTH
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_rows


def record_evaluated_spend(connection: Connection, as_of: date) -> int:
    """Replace the night's rows of results.evaluated_spend; returns their number. Run it once the night's ledger is complete."""
    parameters = {
        "as_of": as_of,
        "days_per_month": DAYS_PER_MONTH,
        "reasons": list(REASONS),
        "other_rules": rules_beside_use(),
    }
    return replace_rows(connection, EVALUATED_SPEND, model_sql("history/evaluated_spend"), parameters, where={"as_of": as_of})


def rules_beside_use() -> list[str]:
    """Return the rules that judge something else than use, such as tags or traffic: what only they judge is not evaluated."""
    return [rule.id for rule in load_rules() if not rule.judges_use]
