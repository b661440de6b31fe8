"""Packs: what they extend, what they override, and how a typo is refused (hostile.md case 38)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retailctl.errors import ConfigError
from retailctl.model.rule import Rule
from retailctl.policy.overrides import Overrides
from retailctl.policy.pack import STANDARD, Pack, load_rules
from retailctl.policy.validation import Parsed

Parse = Callable[[str, str], Parsed]
HEAD = "schema: retailctl/policy/v1\n"


def load(parse: Parse, standard: Pack, text: str, **others: str) -> Pack:
    files = {"policies/estate.yaml": parse("policies/estate.yaml", text)}
    files |= {f"policies/{name}.yaml": parse(f"policies/{name}.yaml", body) for name, body in others.items()}
    return load_rules(["policies/estate.yaml"], files, lambda: standard)


def refused(parse: Parse, standard: Pack, text: str, **others: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(parse, standard, text, **others)
    return str(caught.value)


def rule(name: str = "x", **fields: str) -> str:
    body = "".join(f"    {key}: {value}\n" for key, value in fields.items())
    return f"{HEAD}rules:\n  EST101:\n    name: {name}\n{body}"


def test_a_pack_lays_its_settings_over_what_it_extends(parse: Parse, standard: Pack) -> None:
    text = HEAD + "extends: retailctl:standard\nseverity: {SEC-01: warn, ARC-07: off}\nparams: {SEC-05: {days: 30}}\n"
    rules = load(parse, standard, text).rules
    assert rules["SEC-01"].severity == "warn"
    assert "ARC-07" not in rules
    assert rules["SEC-05"].params == {"days": 30}
    assert standard.rules["SEC-05"].params == {"days": 90}


def test_settings_come_last_and_can_switch_a_rule_on_again(parse: Parse, standard: Pack) -> None:
    text = HEAD + "extends: retailctl:standard\nseverity: {SEC-01: off}\n"
    files = {"p": parse("p", text)}
    settings = Overrides({"SEC-01": "info"}, {}, files["p"].locate)
    assert load_rules(["p"], files, lambda: standard, settings).rules["SEC-01"].severity == "info"


def test_a_pack_named_twice_is_read_once(parse: Parse, standard: Pack) -> None:
    files = {"p": parse("p", HEAD + "extends: retailctl:standard\n")}
    assert load_rules([STANDARD, "p"], files, lambda: standard).rules == standard.rules


def test_a_pack_extends_a_neighbour(parse: Parse, standard: Pack) -> None:
    base = rule(**{"for": "system", "when": 'system.name == ""'})
    assert list(load(parse, standard, HEAD + "extends: base.yaml\n", base=base).rules) == ["EST101"]


def test_severity_defaults_by_stage(parse: Parse, standard: Pack) -> None:
    text = rule(**{"for": "system", "when": 'system.name == ""', "stage": "build"})
    made: Rule = load(parse, standard, text).rules["EST101"]
    assert (made.severity, made.pack, str(made.at)) == (
        "error",
        "policies/estate.yaml",
        "policies/estate.yaml:3:3",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HEAD + "extends: retailctl:standard\nseverity: {SEC-1: warn}\n",
            "policies/estate.yaml:3:12: unknown rule 'SEC-1'; did you mean 'SEC-01'?",
        ),
        (
            HEAD + "extends: retailctl:standard\nseverity: {SEC-01: eror}\n",
            "severity.SEC-01: 'eror' is none of error, warn, info, hint, off; did you mean 'error'?",
        ),
        (
            HEAD + "extneds: retailctl:standard\n",
            ":2:1: unknown key 'extneds' in the file; did you mean 'extends'?",
        ),
        (
            HEAD + "extends: retailctl:standard\nparams: {SEC-05: {dayz: 3}}\n",
            "unknown parameter 'dayz' of SEC-05; did you mean 'days'?",
        ),
        (
            HEAD + "extends: retailctl:standard\nparams: {SEC-05: {days: often}}\n",
            "parameter days of SEC-05 must be a number, as 90 is",
        ),
        (
            HEAD + "extends: retailctl:standrad\n",
            "unknown pack 'retailctl:standrad'; did you mean 'retailctl:standard'?",
        ),
        (HEAD + "extends: estate.yaml\n", "circle: policies/estate.yaml -> policies/estate.yaml"),
        ("schema: retailctl/policy/v2\n", "'retailctl/policy/v2' is none of retailctl/policy/v1"),
        ("rules: {}\n", "schema is missing"),
        (HEAD + "rules: {EST101: {name: x, for: systm, when: 'true'}}\n", "did you mean 'system'?"),
        (
            HEAD + "rules: {EST101: {name: x, for: system, wehn: 'true'}}\n",
            "unknown key 'wehn' in rules.EST101",
        ),
        (HEAD + "rules: {EST101: {name: x, for: system}}\n", "EST101 needs either when: or check:"),
        (HEAD + "rules: {EST101: {name: X Y, for: system, when: 'true'}}\n", "'X Y' is not a name in kebab case"),
        (
            HEAD + "rules: {EST101: {name: x, for: system, when: 'system.id == \"\"', message: 'a [[b'}}\n",
            "policies/estate.yaml:2:65: [[ without ]]",
        ),
        (HEAD + "rules: {EST101: {name: x, for: system, check: literal-secret}}\n", "did you mean 'literal-secrets'?"),
    ],
)
def test_a_typo_is_refused_with_its_place(parse: Parse, standard: Pack, text: str, expected: str) -> None:
    assert expected in refused(parse, standard, text)


def test_an_id_of_the_standard_pack_cannot_be_redefined(parse: Parse, standard: Pack) -> None:
    text = HEAD + "extends: retailctl:standard\nrules: {SEC-01: {name: x, for: system, when: 'system.id == \"\"'}}\n"
    message = refused(parse, standard, text)
    assert "rule SEC-01 is already defined by retailctl:standard" in message
    assert "implements:" in message


def test_a_circle_over_two_files_names_both(parse: Parse, standard: Pack) -> None:
    message = refused(parse, standard, HEAD + "extends: b.yaml\n", b=HEAD + "extends: estate.yaml\n")
    assert "policies/estate.yaml -> policies/b.yaml -> policies/estate.yaml" in message


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (
            "size(credential.sytems) > 1",
            "6:27: unknown field 'sytems' of credential; did you mean 'systems'?",
        ),
        ('"size(credential.sytems) > 1"', "6:28: unknown field 'sytems'"),
        ("'credential.id == ''x'' && credential.kin == 1'", "6:49: unknown field 'kin'"),
        ('"credential.id == \\"x\\" && credential.kin == 1"', "6:49: unknown field 'kin'"),
        (">-\n      credential.id == 'x' &&\n      credential.kin == 'y'", "8:18: unknown field 'kin'"),
        ("|\n      credential.id == 'x' &&\n\n      credential.kin == 'y'", "9:18: unknown field 'kin'"),
        ("credential.id ==\n      credential.kin", "7:18: unknown field 'kin'"),
        ("credential.id", "6:11: the expression gives text; a condition must be true or false"),
        ("credential.rotated_days > 'a'", "> cannot be applied to (int, string)"),
        ("credential.rotated_days > params.limit", "6:44: unknown parameter 'limit' of EST101"),
        ("credentials.id == 'x'", "unknown name 'credentials.id'; did you mean 'credential'?"),
        ("credential.id ==", "Syntax error: mismatched input '<EOF>'"),
    ],
)
def test_errors_of_an_expression_stand_where_they_are_written(
    parse: Parse, standard: Pack, when: str, expected: str
) -> None:
    message = refused(parse, standard, rule(**{"for": "credential", "when": when}))
    assert expected in message
    assert message.startswith("policies/estate.yaml:")


def test_all_errors_of_all_expressions_come_at_once(parse: Parse, standard: Pack) -> None:
    text = rule(
        **{
            "for": "flow",
            "when": "flow.mod == 'x' && flow.hops.exists(h, h.ulr == 'y')",
            "locate": "flow.ownr",
        }
    )
    text += "    message: 'flow {{flow.idd}}'\n    match: {efect: write}\n"
    message = refused(parse, standard, text)
    for word in ("'mod' of flow", "'ulr' of hop", "'ownr' of flow", "{{flow.idd}}", "'efect' of flow"):
        assert word in message


def test_a_guarded_parameter_may_be_unset(parse: Parse, standard: Pack) -> None:
    text = rule(**{"for": "system", "when": "has(params.kind) && system.kind == params.kind"})
    assert "EST101" in load(parse, standard, text).rules


def test_a_field_spelt_as_in_files_leads_to_its_name_in_expressions(parse: Parse, standard: Pack) -> None:
    message = refused(parse, standard, rule(**{"for": "domain", "when": "domain.sync.from == 'x'"}))
    assert "unknown field 'from' of sync; did you mean 'source'?" in message
