"""Dictionaries in YAML as quanteda writes them: nested categories with lists of terms."""

from typing import Any

from pressgauge.extra import extra

from .model import MAX_DEPTH, Dictionary, Entry, Path

# PyYAML keeps about a kilobyte of each.
MAX_NODES = 500_000


def parse(text: str, into: Dictionary) -> Any:  # noqa: ANN401 - a node of PyYAML
    """Parse YAML into nodes, scalars as written; aliases and depth without bound are refused."""
    yaml = extra("yaml", "lexicons")

    class Loader(yaml.SafeLoader):  # type: ignore[misc,name-defined]
        """Composes nodes, and expands nothing."""

        depth = 0
        nodes = 0

        def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as in PyYAML
            line = self.peek_event().start_mark.line + 1
            if self.check_event(yaml.AliasEvent):
                raise into.error("aliases (*name) have no place in a dictionary", line, "write the terms out")
            if self.depth > 3 * MAX_DEPTH:
                raise into.error("this YAML is nested too deep", line)
            self.nodes += 1
            if self.nodes > MAX_NODES:
                raise into.error(f"there are more than {MAX_NODES:,} terms and categories", line)
            self.depth += 1
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    try:
        return yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise into.error(f"this YAML is broken: {reason}", mark and mark.line + 1) from None


def read(root: Any, into: Dictionary) -> None:  # noqa: ANN401 - a node of PyYAML
    """Read the nodes of a dictionary."""
    if root is None or root.id != "mapping":
        raise into.error("this YAML is no dictionary: at its top are no categories with terms", 1)
    _mapping(root, (), into)
    if not into.count:
        raise into.error("this YAML holds no terms")


def _mapping(node: Any, above: Path, into: Dictionary) -> None:  # noqa: ANN401
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.id != "scalar":
            raise into.error("a category has no plain name", line)
        _content(value, into.declare((*above, key.value), line), into)


def _content(node: Any, path: Path, into: Dictionary) -> None:  # noqa: ANN401
    line = node.start_mark.line + 1
    if node.id == "mapping":
        _mapping(node, path, into)
    elif node.id == "sequence":
        for one in node.value:
            _content(one, path, into)
    elif node.tag != "tag:yaml.org,2002:null" and node.value.strip():
        into.add(path, Entry(node.value, line=line))
