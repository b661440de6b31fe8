"""The rules of ``inventory odoo-impact`` as rows: what an upgrade does to what is used, and how bad that is."""

from __future__ import annotations

from typing import Final

from retailctl.model.finding import Severity
from retailctl.model.rule import Rule


def _row(id_: str, name: str, severity: Severity, title: str, why: str, fix: str, good: str, bad: str) -> Rule:
    return Rule(
        id=id_,
        name=name,
        title=title,
        applies_to="interface",
        stage="design",
        severity=severity,
        why=why,
        fix=fix,
        good=good,
        bad=bad,
        tags=("odoo", "upgrade"),
        pack="retailctl:odoo-impact",
    )


RULES: Final[dict[str, Rule]] = {
    rule.id: rule
    for rule in (
        _row(
            "UPG-01",
            "used-field-deleted",
            "error",
            "A field that is used is gone after the upgrade.",
            "A call that names it fails, and a read without it leaves the mapping empty.",
            "Agree on another source of the value, and move the mapping before the upgrade.",
            good="a map that names fields of the new version only",
            bad="a map that reads stock.picking.group_id, which 19.0 no longer has",
        ),
        _row(
            "UPG-02",
            "used-field-type-changed",
            "warn",
            "A field that is used has another type after the upgrade.",
            "The value arrives in another form: a text where a number was, a list where a name was.",
            "Hold the mapping and the contract against the new type, and test it with real records.",
            good="a mapping with a conversion for the new type",
            bad="a contract that promises text for a field that becomes JSON",
        ),
        _row(
            "UPG-03",
            "used-field-probably-renamed",
            "error",
            "A field that is used is gone, and a new one of the same type is there.",
            "Most fields of that kind were renamed; under the old name every call fails.",
            "Check the suggestion on a database of the new version, then rename the field in the mapping.",
            good="tax_ids in the mapping of a version that has it",
            bad="tax_id in the mapping, which the new version calls tax_ids",
        ),
        _row(
            "UPG-04",
            "used-model-gone",
            "error",
            "A model that is used is gone or renamed after the upgrade.",
            "Every call of it fails.",
            "Call the new model, or take the data from elsewhere, before the upgrade.",
            good="an interface that calls stock.package",
            bad="an interface that calls stock.quant.package, which 19.0 calls stock.package",
        ),
        _row(
            "UPG-05",
            "used-field-behaves-otherwise",
            "warn",
            "A field that is used keeps its name and type, and behaves otherwise.",
            "Values of a selection go, a link leads elsewhere, a field becomes required or can no longer be written.",
            "Look at the line of the analysis, and test reading and writing.",
            good="a code map without the values that are gone",
            bad="a code map that still sends the state invoiced",
        ),
        _row(
            "UPG-06",
            "upgrade-step-not-analysed",
            "error",
            "A version between the two has no analysis: what it changes is not known.",
            "Nothing found means nothing where nobody looked.",
            "Add the analysis files of that version to the folder.",
            good="analyses of 18.0 and 19.0 for an upgrade from 17.0 to 19.0",
            bad="analyses of 19.0 only",
        ),
        _row(
            "UPG-07",
            "used-record-deleted",
            "warn",
            "A record that is used, such as a scheduled action, is gone after the upgrade.",
            "What it started no longer runs, without an error anywhere.",
            "See what runs in its place, and declare that.",
            good="a job that the new version still has",
            bad="a job sale_async_emails.cron, which 19.0 has under another name",
        ),
    )
}
