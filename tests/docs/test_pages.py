"""Nothing in the pages is untrue: commands run, output and diffs are current, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from retailctl import api
from retailctl.model.contract_file import ContractFile
from retailctl.model.events_plan import EventPlan
from retailctl.model.evidence_file import EvidenceFile
from retailctl.model.governance_files import BaselineFile, SettingsFile, WaiversFile
from retailctl.model.inventory_file import InventoryFile
from retailctl.model.map_file import MapFile
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.policy_file import PolicyFile
from retailctl.model.replay_plan import HttpPlan
from retailctl.model.wave_file import FreezesFile, WaveFile
from retailctl.policy.pack import STANDARD
from retailctl.report.formats import FORMATS
from retailctl.workspace.boundary import validate
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes
from tests.docs.generated import GENERATED, command_lines
from tests.docs.pages import RUN_PAGES, Block, Copy, blocks, tracked
from tests.needs import ROOT

FILE_TYPES: dict[str, type] = {
    "settings": SettingsFile,
    "inventory": InventoryFile,
    "contract": ContractFile,
    "map": MapFile,
    "policy": PolicyFile,
    "waivers": WaiversFile,
    "baseline": BaselineFile,
    "wave": WaveFile,
    "freezes": FreezesFile,
    "evidence": EvidenceFile,
    "parallel": TablePlan,
    "replay": HttpPlan,
    "events": EventPlan,
}
PAGES = [path.relative_to(ROOT).as_posix() for path in tracked("*.md") if "golden" not in path.parts]
_LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def yaml(text: str) -> Any:
    return parse_bytes("example.yaml", text.encode()).data


def marked(page: str, mark: str) -> list[tuple[str, Block]]:
    return [(block.marks[mark], block) for block in blocks(read(page)) if mark in block.marks]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN_PAGES)
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path) -> None:
    for block, real in Copy.make(tmp_path).follow(read(page)):
        now = [f"$ {one.text}\n" + "\n".join(one.shown or ()) for one in real]
        assert block.text.rstrip() == "\n".join(now).rstrip(), f"{page}:{block.start}: run `make docs`"


@pytest.mark.slow
@pytest.mark.parametrize("page", GENERATED)
def test_a_generated_page_is_current(page: str, tmp_path: Path) -> None:
    assert read(page) == GENERATED[page](Copy.make(tmp_path)), "run `make docs`"


def test_every_block_of_commands_is_run() -> None:
    unrun = [name for name in PAGES if name not in RUN_PAGES and "```console" in read(name)]
    assert unrun == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    lost = []
    for target in _LINK.findall(_CODE.sub("", read(page))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        if not path.exists() or (anchor and anchor not in anchors(path.read_text(encoding="utf-8"))):
            lost.append(target)
    assert lost == []


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_exist(page: str) -> None:
    named = re.findall(r"`((?:retailctl|tests|docs|templates|requirements|benchmarks)/[\w./-]+\.\w+)`", read(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_that_a_page_names_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", read(page), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_a_page_names_exist(page: str) -> None:
    known = {word for line in command_lines() for word in (line, line.split(" ")[0])}
    named = re.findall(r"`retailctl ([a-z]+)((?: [a-z]+)?)", read(page))
    groups = {line.split(" ")[0] for line in command_lines() if " " in line}
    lost = [
        f"{name}{verb}" for name, verb in named if (f"{name}{verb}" if name in groups and verb else name) not in known
    ]
    assert lost == []


def test_every_kind_of_file_has_an_example_that_validates() -> None:
    examples = marked("docs/files.md", "kind")
    assert sorted(kind for kind, _ in examples) == sorted(FILE_TYPES)
    for kind, block in examples:
        document = parse_bytes(f"example.{block.language}", block.text.encode())
        assert validate(document.data, FILE_TYPES[kind]).problems == (), kind


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_an_example_is_valid_under_the_published_schema(kind: str) -> None:
    (block,) = (block for name, block in marked("docs/files.md", "kind") if name == kind)
    data = _as_json(parse_bytes(f"example.{block.language}", block.text.encode()).data)
    Draft202012Validator(api.schema(kind)).validate(data)


def _as_json(value: Any) -> Any:
    """As an editor sees it: scalars keep their text apart from numbers and truth values."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    return value if isinstance(value, bool | int | float | type(None)) else str(value)


def test_the_schema_list_names_every_kind_of_the_page() -> None:
    assert {*FILE_TYPES, "report"} == set(api.SCHEMA_KINDS)


@pytest.mark.parametrize("page", ["README.md", "docs/contracts.md"])
def test_ci_examples_use_inputs_and_hooks_that_exist(page: str) -> None:
    examples = {name: yaml(block.text) for name, block in marked(page, "ci")}
    ours = next(step for step in examples["github"]["steps"] if "retailctl" in step.get("uses", ""))
    assert set(ours["with"]) <= set(yaml(read("action.yml"))["inputs"])
    template = yaml(read("templates/retailctl.yml").partition("\n---\n")[0] + "\n")
    assert set(examples["gitlab"]["include"][0]["inputs"]) <= set(template["spec"]["inputs"])
    hooks = yaml(f"hooks:\n{read('.pre-commit-hooks.yaml')}")["hooks"]
    assert {hook["id"] for hook in examples["pre-commit"]["repos"][0]["hooks"]} <= {hook["id"] for hook in hooks}
    assert all(len(block.lines) < 10 for _, block in marked(page, "ci"))


def test_numbers_in_the_pages_are_those_of_the_program() -> None:
    limits = Limits()
    size = f"{limits.file_bytes // 1024**2} MiB, {limits.depth} levels"
    told = f"{size}, {limits.nodes:,} values, {limits.alias_events:,} aliases"
    assert told in read("README.md")
    rules = len(list((ROOT / "retailctl/policy/packs/standard").glob("*.yaml"))) - 1
    assert f"* {rules} rules in the pack `{STANDARD}`" in read("CHANGELOG.md")


def test_every_format_is_told() -> None:
    table = read("README.md").partition("## Output formats")[2].partition("\n## ")[0]
    assert [name for name in FORMATS if f"`{name}`" not in table] == []


def test_the_layers_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(row["layers"] for row in contracts if row["id"] == "layers")
    names = [name for row in layers for name in re.findall(r"\w+", row) if (ROOT / "retailctl" / name).exists()]
    drawn = next(blocks(read("ARCHITECTURE.md"))).text
    shown = re.findall(r"^(\w+) ", drawn, re.MULTILINE)
    assert shown == [*names, "errors"]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
