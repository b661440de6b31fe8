"""Rule packs: files of rules, what they extend, and the settings laid over them (policy.md section 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from retailctl.errors import ConfigError, Location
from retailctl.model.policy_file import PolicyFile, RuleCases
from retailctl.model.rule import Rule
from retailctl.policy.overrides import Overrides, apply_overrides
from retailctl.policy.rows import check_rule, rule_of
from retailctl.policy.schema import did_you_mean
from retailctl.policy.validation import Parsed, Steps, mistakes, validate

STANDARD: Final = "retailctl:standard"
_SCHEMA: Final = "retailctl/policy/v1"

Parse = Callable[[str, str], Parsed]
"""(path to show, text) -> parsed document: the reader of ``workspace/``."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules by id, in id order, before anything is switched off; ``cases`` are their tests."""

    name: str
    rules: Mapping[str, Rule]
    cases: Mapping[str, RuleCases] = field(default_factory=dict)


def standard_pack(parse: Parse) -> Pack:
    """The built-in pack, read from package data: an index (``pack.yaml``) and one file per rule."""
    folder = resources.files(__package__) / "packs" / "standard"
    index = parse("packs/standard/pack.yaml", (folder / "pack.yaml").read_text("utf-8"))
    rules: dict[str, Rule] = {}
    cases: dict[str, RuleCases] = {}
    for name in index.data["rules"]:
        path = f"packs/standard/{name}"
        one = _as_pack(name.removesuffix(".yaml"), parse(path, (folder / name).read_text("utf-8")))
        pack = _own_rules(one, validate(PolicyFile, one), str(index.data["name"]), check=False)
        rules |= pack.rules
        cases |= pack.cases
    return Pack(str(index.data["name"]), dict(sorted(rules.items())), cases)


def load_rules(
    packs: Iterable[str],
    files: Mapping[str, Parsed],
    standard: Callable[[], Pack],
    overrides: Overrides | None = None,
) -> Pack:
    """The rules in force of the named packs: ``retailctl:standard`` and paths in ``files``.

    A pack brings the packs that it extends and its own overrides; ``overrides`` (the settings file) come
    last. Rules whose severity is ``off`` are left out.
    """
    loader = _Loader(files, standard)
    for name in packs:
        loader.add(name, None, ())
    laid = [*loader.overrides, *([overrides] if overrides else [])]
    rules = apply_overrides(loader.rules, laid)
    return Pack(" + ".join(loader.names), dict(sorted(rules.items())), loader.cases)


class _Loader:
    """Collects the packs in the order bottom up; each is read once."""

    def __init__(self, files: Mapping[str, Parsed], standard: Callable[[], Pack]) -> None:
        self.files, self.standard = files, standard
        self.names: list[str] = []
        self.rules: dict[str, Rule] = {}
        self.cases: dict[str, RuleCases] = {}
        self.overrides: list[Overrides] = []

    def add(self, name: str, at: Location | None, below: tuple[str, ...]) -> None:
        key = name if name == STANDARD else self._resolve(name, at, below[-1] if below else "")
        if key in below:
            chain = " -> ".join((*below[below.index(key) :], key))
            raise ConfigError(f"packs extend each other in a circle: {chain}", at=at)
        if key in self.names:
            return
        if key == STANDARD:
            self._take(self.standard())
        else:
            self._add_file(self.files[key], (*below, key))
        self.names.append(key)

    def _add_file(self, parsed: Parsed, below: tuple[str, ...]) -> None:
        file = validate(PolicyFile, parsed)
        extends = (file.extends,) if isinstance(file.extends, str) else file.extends or ()
        for name in extends:
            self.add(name, parsed.locate(("extends",)), below)
        self._take(_own_rules(parsed, file, file.name or parsed.path, check=True))
        self.overrides.append(Overrides(file.severity or {}, file.params or {}, parsed.locate))

    def _take(self, pack: Pack) -> None:
        for rule_id, rule in pack.rules.items():
            if rule_id in self.rules:
                raise ConfigError(
                    f"rule {rule_id} is already defined by {self.rules[rule_id].pack}",
                    at=rule.at,
                    hint="change it under severity: or params:, or give yours an id of its own (implements:)",
                )
            self.rules[rule_id] = rule
        self.cases |= pack.cases

    def _resolve(self, name: str, at: Location | None, base: str) -> str:
        folder = base.rpartition("/")[0]
        for candidate in (name, f"{folder}/{name}", f"policies/{name}"):
            if candidate in self.files:
                return candidate
        hint = did_you_mean(name, [STANDARD, *self.files])
        raise ConfigError(f"unknown pack {name!r}{hint}", at=at)


def _own_rules(parsed: Parsed, file: PolicyFile, pack: str, *, check: bool) -> Pack:
    """The rules of one file; with ``check`` every expression is held against the model first."""
    rules = {
        rule_id: rule_of(rule_id, spec, pack, parsed.locate(("rules", rule_id))) for rule_id, spec in file.rules.items()
    }
    if check and (problems := [problem for rule in rules.values() for problem in check_rule(rule, parsed)]):
        raise mistakes(problems)
    cases = {rule_id: spec.tests for rule_id, spec in file.rules.items() if spec.tests is not None}
    return Pack(pack, rules, cases)


def _as_pack(rule_id: str, parsed: Parsed) -> Parsed:
    """A file that holds one rule, as the pack file that holds only this rule."""

    def locate(steps: Steps) -> Location:
        return parsed.locate(steps[2:])

    def locate_value(steps: Steps) -> Location:
        return parsed.place_of_value(steps[2:])

    data: dict[str, Any] = {"schema": _SCHEMA, "rules": {rule_id: parsed.data}}
    return Parsed(parsed.path, data, locate, parsed.text, locate_value)
