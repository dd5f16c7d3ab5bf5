"""The FinOps Foundation's own validator, in its own environment made by `make test`. Its rule file for FOCUS 1.2 is in the package."""

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree as ET

ENVIRONMENT = Path(__file__).parents[2] / ".venv-focus-validator"
_COMPOSITE = "Composite"


def failing_rules(files: Sequence[Path]) -> Mapping[Path, frozenset[str]]:
    """Validate FOCUS 1.2 files, all at the same time, with all applicability criteria; return the ids of the rules that each one fails.

    A composite rule only repeats what its parts say, and is left out.
    """
    with ExitStack() as running:
        processes = {file: running.enter_context(_validator(file)) for file in files}
        outputs = {file: process.communicate()[0] for file, process in processes.items()}
    for file, process in processes.items():
        assert process.returncode == 0, f"the validator stopped at {file}:\n{outputs[file].decode(errors='replace')}"
    return {file: _failures(_answer(file)) for file in files}


def _validator(file: Path) -> subprocess.Popen[bytes]:
    arguments = ["--data-file", str(file), "--validate-version", "1.2", "--block-download", "--applicability-criteria", "ALL"]
    output = ["--output-type", "unittest", "--output-destination", str(_answer(file))]
    command = [str(ENVIRONMENT / "bin/focus-validator"), *arguments, *output]
    # It looks for its list of currencies relative to the folder that it is installed in.
    [installed] = ENVIRONMENT.glob("lib/python*/site-packages")
    return subprocess.Popen(command, cwd=installed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _answer(file: Path) -> Path:
    return file.with_name(f"{file.name}.xml")


def _failures(answer: Path) -> frozenset[str]:
    cases = ET.parse(answer).getroot().iter("testcase")  # noqa: S314 - the validator wrote it, from this test's own file
    failed = [case.attrib["name"] for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return frozenset(name.split(" :: ")[0] for name in failed if not name.endswith(_COMPOSITE))
