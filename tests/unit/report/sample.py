"""A believable report on a retailer's estate, to develop renderers with and to pin their output."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from retailctl.errors import Location
from retailctl.model.finding import SEVERITIES, Evidence, Finding, Severity, Verdict, fingerprint
from retailctl.model.report import CoverageLine, PlanState, Priority, Report, RuleCount, Summary
from retailctl.model.rule import Rule
from tests.unit.report.sample_map import sample_picture

RULES = (
    Rule(id="ARC-06", name="no-direct-database-or-file", applies_to="interface", stage="cutover", severity="error",
         title="Replace ad hoc direct database or file access.", when="true", tags=("architecture",),
         why="A reader of tables or of a shared folder breaks at the first change of the application behind it.",
         fix="Move the consumer to an API or an event of the owning system, then close the account."),
    Rule(id="ARC-09", name="point-to-point-density", applies_to="estate", severity="warn", check="density",
         title="Point-to-point density stays under a limit; brittle connections are listed.",
         why="Every direct pair is one more thing to test at cutover.", fix="Route new consumers through the event bus."),
    Rule(id="CON-07", name="errors-are-described", applies_to="contract", stage="build", severity="warn", check="errors",
         title="A contract describes its error answers.", why="A consumer can only handle what it was told about.",
         fix="Add 4xx and 5xx responses that share one problem schema."),
    Rule(id="MIG-03", name="has-target-state", applies_to="interface", stage="design", severity="error", presence=True,
         title="Every interface has a target state: keep, move, merge or retire.", when="true",
         why="What nobody has decided cannot be planned into a wave.", fix="Write target: keep | move | merge | retire."),
    Rule(id="MIG-10", name="one-authority", applies_to="domain", stage="cutover", severity="error", check="authority",
         title="At no point of the plan do two systems write the same mastered domain.",
         why="Two writers mean two truths, and reconciliation after the fact.", fix="Let one wave end before the next writes."),
    Rule(id="OWN-01", name="interface-has-owner", applies_to="interface", stage="design", severity="error", presence=True,
         title="Every interface has a business owner and a technical owner.", when="true",
         why="An interface nobody owns cannot be signed off at cutover.", fix="Add owner: <team> to the interface."),
    Rule(id="RES-06", name="peak-headroom", applies_to="interface", stage="cutover", severity="error", when="true",
         title="Capacity is at least the declared peak times the policy factor.",
         why="Peak week is when an outage costs most.", fix="Declare volume.peak and capacity, or run a load test."),
    Rule(id="SEC-06", name="no-literal-secrets", applies_to="document", stage="build", severity="error", check="secrets",
         title="No literal secret stands in an inventory, a contract or a configuration.", tags=("security",),
         why="What is in git is known to everybody who ever cloned it.", fix="Rotate it, then refer to it by name."),
    Rule(id="SEC-12", name="encrypted-transport", applies_to="interface", stage="cutover", severity="error", when="true",
         title="Transport is encrypted.", tags=("security",), fix="Use https, sftp or a TLS listener."),
)  # fmt: skip
_RULE = {rule.id: rule for rule in RULES}
_ERRORS = (
    ("ARC-06", "store-pos-stock-export", "store-pos-stock-export writes CSV into a folder that odoo-stock polls", "store-pos.yaml", 31),
    ("ARC-06", "odoo-stripe-direct", "odoo-sales reads payment rows from the replica of stripe-sync", "odoo.yaml", 118),
    ("MIG-03", "amazon-orders-legacy", "amazon-orders-legacy has no target state", "amazon.yaml", 12),
    ("MIG-03", "pos-bank-settlement", "pos-bank-settlement says undecided", "store-pos.yaml", 64),
    ("MIG-10", "stock", "stock is written by wms-3pl and odoo-stock from 2026-12-01 to 2026-12-14 (waves w2-stock and w3-3pl overlap)", "", 0),
    ("OWN-01", "amazon-orders-legacy", "amazon-orders-legacy has no owner", "amazon.yaml", 9),
    ("OWN-01", "b2b-odoo-direct", "b2b-odoo-direct has no owner", "b2b.yaml", 22),
    ("OWN-01", "ipaas-customer-sync", "ipaas-customer-sync names team-integration, which no teams file knows", "ipaas.yaml", 87),
    ("SEC-06", "carrier-hub", "carrier-hub carries a literal token in connection.headers", "carrier.yaml", 15),
)  # fmt: skip


def finding(
    rule: str, subject: str, message: str, path: str = "", line: int = 0, *,
    verdict: Verdict = "fail", severity: Severity | None = None, owner: str | None = None, **more: object,
) -> Finding:  # fmt: skip
    """One finding of a sample rule, in a file of the inventory."""
    row = _RULE[rule]
    base = Finding(
        rule=rule,
        name=row.name,
        verdict=verdict,
        severity=severity or row.severity,
        subject=subject,
        message=message,
        fix=row.fix,
        locations=(Location(f"inventories/{path}", line, 5, line, 5 + len(subject)),) if path else (),
        owner=owner,
        stage=row.stage,
        fingerprint=fingerprint(rule, subject),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def _findings() -> list[Finding]:
    owners = (None, "team-stores", "team-orders", "team-integration")
    rows = [finding(*row, owner=owners[number % 4]) for number, row in enumerate(_ERRORS)]
    rows[4] = replace(rows[4], evidence=(
        Evidence("w2-stock moves stock on 2026-12-01", Location("migrations/w2-stock/wave.yaml", 8)),
        Evidence("w3-3pl starts on 2026-12-14", Location("migrations/w3-3pl/wave.yaml", 11)),
    ), related=(Evidence("the overlapping wave", Location("migrations/w3-3pl/wave.yaml", 11, 3)),), domain="stock")  # fmt: skip
    rows.append(finding("ARC-09", "estate", "17 of 300 pairs are direct; the limit is 12", severity="warn"))
    for number in range(24):
        path, line = f"../contracts/orders/v{number % 3 + 1}/openapi.yaml", 40 + 17 * number
        message = f"POST /orders/{{id}}/lines/{number} describes no 4xx answer"
        row = finding("CON-07", f"orders-api.{number:02}", message, path, line, owner="team-orders", domain="order")
        rows.append(replace(row, locations=(Location(path.removeprefix("../"), line, 9),)))
    for number, name in enumerate(("web-shop-orders", "pos-sales", "wms-shipments", "pricing-feed", "loyalty-points")):
        message = f"{name} declares no volume.peak"
        rows.append(
            finding("RES-06", name, message, "volumes.yaml", 10 + number, verdict="unknown", owner="team-orders")
        )
    rows.append(
        finding(
            "SEC-12", "edi-legacy-ftp", "edi-legacy-ftp uses ftp", "edi.yaml", 7, verdict="waived", waiver="W-2026-04"
        )
    )
    rows.append(finding("ARC-06", "finance-export", "finance-export reads tables", "finance.yaml", 19, baselined=True))
    return sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), row.rule, row.subject))


def _summary(findings: list[Finding]) -> Summary:
    failed = [row for row in findings if row.verdict == "fail" and not row.baselined]
    verdicts = {rule.id: Counter(row.verdict for row in findings if row.rule == rule.id) for rule in RULES}
    rules = tuple(
        RuleCount(
            rule=id,
            pass_=47 - sum(counts.values()),
            fail=counts["fail"],
            unknown=counts["unknown"],
            waived=counts["waived"],
            missing=("volume.peak", "capacity") if id == "RES-06" else (),
        )
        for id, counts in verdicts.items()
    )
    return Summary(
        verdict="fail",
        exit_code=1,
        fail_on="error",
        by_severity={severity: sum(row.severity == severity for row in failed) for severity in SEVERITIES},
        passed=sum(row.pass_ for row in rules),
        failed=sum(row.fail for row in rules),
        unknown=sum(row.unknown for row in rules),
        waived=1,
        not_applicable=3,
        baselined=1,
        skipped_files=1,
        skipped_rules=("OBS-07",),
        files=64,
        entities={"systems": 25, "interfaces": 93, "contracts": 31, "waves": 4},
        rules=rules,
    )


def sample_report() -> Report:
    """The sample: 9 errors, 25 warnings, 5 unknown, one waived, one baselined, and a map."""
    findings = _findings()
    return Report(
        command="audit",
        tool_version="0.1.0",
        as_of="2026-11-21",
        workspace="reference-estate",
        summary=_summary(findings),
        findings=tuple(findings),
        rules=RULES,
        priorities=(
            Priority(title="Separate waves w2-stock and w3-3pl", owner="team-migration", rules=("MIG-10",), subjects=("stock",),
                     reason="Two systems would write stock for 13 days in peak season; gate g3 of both waves stays shut until then."),
            Priority(title="Give three interfaces an owner", rules=("OWN-01",), subjects=("amazon-orders-legacy", "b2b-odoo-direct"),
                     reason="Nobody can sign them off, so 14 further verdicts on them stay unknown. One line each."),
            Priority(title="Rotate the carrier-hub token and take it out of git", owner="team-integration", rules=("SEC-06",),
                     subjects=("carrier-hub",), reason="It has been readable by everybody with a clone since it was committed."),
        ),
        coverage=(
            CoverageLine(source="nginx access log", scope="api.example.com", start="2026-10-01", end="2026-11-20",
                         path="inventories/observed/nginx.yaml"),
            CoverageLine(source="Odoo", scope="odoo-sales, odoo-stock", start="2026-11-01", end="2026-11-20"),
            CoverageLine(source="register", scope="all systems"),
        ),
        notices=("inventories/marketing.yaml could not be parsed; verdicts on what it declares are unknown.",),
        picture=sample_picture(),
        runs=(
            PlanState(wave="w2-orders", plan="orders", covers=("orders-v1",), verdict="fail", last_day="2026-11-19", age_days=1,
                      days=30, red=("matched_ratio", "totals_tied"), path="migrations/w2-orders/evidence/ev-1.yaml"),
            PlanState(wave="w2-orders", plan="payments", verdict="pass", last_day="2026-11-19", age_days=1, days=30, clean_days=23),
            PlanState(wave="w3-stock", plan="stock", path="migrations/w3-stock/parallel/stock.yaml"),
        ),
    )  # fmt: skip
