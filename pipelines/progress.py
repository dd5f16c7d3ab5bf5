"""One line per finished step on the terminal that started the night. The UI has its own display."""

import os
import sys
import time

import dagster as dg

SHOW_PROGRESS = "COSTSIEVE_PROGRESS"
_started = time.monotonic()


@dg.success_hook(name="report_progress")
def report_progress(context: dg.HookContext) -> None:
    """Write the step and the time since the night began, when a person is waiting for it."""
    if os.environ.get(SHOW_PROGRESS):
        sys.stderr.write(f"  {time.monotonic() - _started:5.1f} s  {context.op.name.replace('__', '/')}\n")
