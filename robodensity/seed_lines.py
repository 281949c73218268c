"""Where something stands in a YAML file, so that a fault names its line."""

from pathlib import Path

import yaml

Key = str | int


def located(path: Path, *keys: Key) -> str:
    """A file with the line of an item, as an error names it: `parks.yaml (line 12)`.

    Args:
        path: a YAML file that can be read.
        keys: the way to the item through mappings (by key) and lists (from 0); what is missing at its end
            stands where its nearest holder stands.
    """
    return f"{path} (line {line_of(path, *keys)})"


def line_of(path: Path, *keys: Key) -> int:
    """The line of an item, counted from 1; arguments as of `located`."""
    node = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    if node is None:
        return 1
    line = node.start_mark.line
    for key in keys:
        found = _inside(node, key)
        if found is None:
            break
        line, node = found
    return int(line) + 1


def _inside(node: yaml.Node, key: Key) -> tuple[int, yaml.Node] | None:
    """Line and node of a member; a mapping's member stands where its key stands."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line, node.value[key]
    return None
