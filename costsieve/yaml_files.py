"""YAML files that people write, read so that every mistake has its line. What stands in them is validated by who reads them."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode

from costsieve.errors import ConfigurationError


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Return what the file holds.

    Raises ConfigurationError naming file and line for what is no YAML, for a name that is given twice, and for a value that cannot be, such
    as 2026-02-30; OSError when the file cannot be opened.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader with checks of its own
    except UnicodeDecodeError as error:
        message = f"{path} cannot be read as UTF-8 text: {error}"
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}," if error.problem_mark else ""
        message = f"{path}{line} is not valid YAML: {error.problem}."
    except yaml.YAMLError as error:
        message = f"{path} is not valid YAML: {error}"
    except RecursionError:
        message = f"{path} is not valid YAML for a configuration: it is nested too deeply."
    raise ConfigurationError(message)


class _Loader(yaml.SafeLoader):
    """The safe loader takes the last of two equal names without a word, and lets errors of values through as they come."""

    def compose_mapping_node(self, anchor: Any) -> MappingNode:  # noqa: ANN401 - its declaration is wrong about it
        node = super().compose_mapping_node(anchor)
        seen: dict[tuple[str, str], int] = {}
        for name, _ in node.value:
            if not isinstance(name, ScalarNode):
                continue
            first = seen.get((name.tag, name.value))
            if first is not None:
                raise ConstructorError(None, None, f"{name.value} is there already, in line {first}; keep one of them", name.start_mark)
            seen[name.tag, name.value] = name.start_mark.line + 1
        return node

    def construct_object(self, node: Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as declared by the base class
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise ConstructorError(None, None, f"{node.value} cannot be: {error}", node.start_mark) from error
