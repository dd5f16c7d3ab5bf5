"""Costsieve: a nightly cloud-cost pipeline. This package is the library; it never imports the orchestrator."""

__version__ = "0.1.0"
