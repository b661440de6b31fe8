"""What the tests of policy/ share: a small reader with places, and the standard pack read once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from retailctl.errors import Location
from retailctl.policy.pack import Pack, standard_pack
from retailctl.policy.validation import Parsed

_TRUTH = {"true": True, "false": False}
_CORE = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}


def parse(path: str, text: str) -> Parsed:
    """YAML text as a parsed document; dates stay text, as with the reader of the workspace."""
    root = yaml.compose(text, Loader=yaml.SafeLoader) or yaml.ScalarNode("tag:yaml.org,2002:null", "")

    def node_at(steps: tuple[str | int, ...]) -> tuple[yaml.Node, yaml.Node]:
        key: yaml.Node = root
        node: yaml.Node = root
        for step in steps:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == step), None)
                if pair is None:
                    break
                key, node = pair
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                key = node = node.value[step]
        return key, node

    def place(node: yaml.Node, steps: tuple[str | int, ...]) -> Location:
        pointer = "".join(f"/{step}" for step in steps)
        return Location(path, node.start_mark.line + 1, node.start_mark.column + 1, pointer=pointer)

    return Parsed(
        path,
        _data(root),
        lambda steps: place(node_at(steps)[0], steps),
        text,
        lambda steps: place(node_at(steps)[1], steps),
    )


def _data(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_data(item) for item in node.value]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return _TRUTH.get(node.value.lower(), node.value)
    return _CORE.get(node.tag, str)(node.value)


@pytest.fixture(name="parse", scope="session")
def parse_fixture() -> Callable[[str, str], Parsed]:
    return parse


@pytest.fixture(scope="session")
def standard() -> Pack:
    return standard_pack(parse)
