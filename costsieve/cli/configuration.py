"""The configuration as a whole, also what only the findings can judge. Reading the file itself is costsieve.settings."""

from pathlib import Path

from costsieve.errors import naming
from costsieve.findings.exceptions import load_exceptions
from costsieve.findings.parameters import rule_parameters
from costsieve.findings.rule import load_rules
from costsieve.quality.configured_checks import require_known_checks
from costsieve.quality.invoices import read_invoices
from costsieve.settings import Settings, load_settings


def load_configuration(path: Path) -> Settings:
    """Read costsieve.yaml with its rules, checks, exceptions and invoices, so that a mistake shows before anything is loaded.

    Raises ConfigurationError naming the file, the field and what is wrong with it.
    """
    settings = load_settings(path)
    with naming(path):
        for rule in load_rules():
            rule_parameters(rule, settings)
        require_known_checks(settings)
    load_exceptions(settings.exceptions)
    read_invoices(settings.invoices)
    return settings
