"""A believable ``contract check`` on two contracts, to develop renderers with and to pin their output."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from retailctl.errors import Location
from retailctl.model.contract_change import (
    AffectedConsumer,
    AffectedOperation,
    ChangeWitness,
    ComparedContract,
    ContractChange,
    ContractSet,
    ContractVerdict,
    ReadingVerdict,
)
from retailctl.model.finding import SEVERITIES, Evidence, Finding, fingerprint
from retailctl.model.report import CoverageLine, Report, RuleCount, Summary
from retailctl.model.rule import Rule
from retailctl.policy.order import settle
from retailctl.report.formats import render
from retailctl.report.options import RenderOptions

POS = AffectedConsumer(system="store-pos", interface="pos-orders", owner="team-stores", wave="w2-stores", processes=("checkout", "click-and-collect"),
                       version="1.4.0", uses="yes", evidence="declared: uses currency")  # fmt: skip
SHOP = AffectedConsumer(system="web-shop", interface="shop-orders", owner="team-web", wave="w1-web", version="1.4.0", uses="yes",
                        evidence="observed 2026-11-01 to 2026-11-20: 1,904 calls")  # fmt: skip
BI = AffectedConsumer(
    system="bi-export",
    interface="orders-read",
    owner="team-data",
    uses="no",
    evidence="declared: reads id and total only",
)
PARTNER = AffectedConsumer(system="b2b-portal", interface="partner-orders", wave="w3-partners")
ORDERS_V1, ORDERS_V2 = "contracts/orders/orders-api/v1/openapi.yaml", "contracts/orders/orders-api/v2/openapi.yaml"
STOCK = "contracts/stock/stock-api/v3/openapi.yaml"
_ROWS = {
    "new-required-request-property": "a required request property was added",
    "response-property-enum-value-added": "an enum value was added to a response property",
    "response-property-type-changed": "the type of a response property changed",
    "operation-removed": "an operation was removed",
    "request-property-pattern-changed": "the pattern of a request property changed",
    "request-property-removed": "a request property was removed",
    "response-optional-property-added": "an optional response property was added",
    "endpoint-deprecated-with-sunset": "an operation was deprecated with a sunset date",
    "endpoint-added": "an operation was added",
}
RULES = tuple(Rule(id=id, name=id, title=title, applies_to="contract") for id, title in sorted(_ROWS.items()))


def changed(rule: str, subject: str, message: str, line: int = 0, *, severity: str = "error", **more: Any) -> Finding:
    """A finding of a sample rule; what is no field of a finding is one of its change."""
    fields = {name: more.pop(name) for name in list(more) if name in Finding.__slots__}
    old_line = more.pop("old_line", 0)
    contract = more.setdefault("contract", "orders-api")
    path = ORDERS_V2 if contract == "orders-api" else STOCK
    base = Finding(
        rule=rule,
        name=rule,
        verdict="fail",
        severity=severity,  # type: ignore[arg-type]
        subject=subject,
        message=message,
        locations=(Location(path, line, 9, pointer=f"/at/{line}"),) if line else (),
        related=(Evidence("before", Location(ORDERS_V1, int(str(old_line)), 9)),) if old_line else (),
        fingerprint=fingerprint(rule, subject, f"/at/{line}"),
        change=ContractChange(**more),
    )
    return replace(base, **fields)


WITNESS = ChangeWitness(
    kind="instance", value={"a": 1}, place="request body", accepted_by="old", rejected_by="new", error="b is missing", pointer="/b"
)  # fmt: skip


def text_of(name: str, sample: Report, **options: Any) -> str:
    """The report in one format."""
    return "".join(render(sample, name, RenderOptions(**options)))


def row(**more: Any) -> Finding:
    """A breaking change, to be varied."""
    return changed("new-required-request-property", "POST /orders", "property b was added", 3, **more)


def operations(*rows: str) -> tuple[AffectedOperation, ...]:
    """``POST /orders|request body`` and so on."""
    return tuple(AffectedOperation(*row.split("|")) for row in rows)


def _findings() -> list[Finding]:
    body = "request body application/json"
    writes = operations(
        "POST /orders|request body",
        "PUT /orders/{}|request body",
        "POST /orders/import|request body",
        "PATCH /orders/{}|request body",
    )
    reads = operations("GET /orders|200 application/json", "GET /orders/{}|200 application/json")
    return [
        changed("new-required-request-property", "#/components/schemas/Order", "required request property currency was added", 118, old_line=96,
                direction="request", operation="POST /orders", operations=writes, area="schema", kind="requiredness", action="add",
                witness=ChangeWitness(kind="instance", value={"lines": [{"sku": "A-1", "quantity": 1}]}, place=body, accepted_by="old",
                                      rejected_by="new", error='"currency" is a required property'),
                consumers=(POS, SHOP, PARTNER, BI), consumers_known=True, fix="Give currency a default, or make it optional for a version."),
        changed("response-property-type-changed", "#/components/schemas/Order", "type of response property total changed from number to string", 131, old_line=108,
                direction="response", operation="GET /orders", operations=reads, area="schema", kind="type", action="change", old="number", new="string",
                witness=ChangeWitness(kind="instance", value={"id": "SO1", "total": "x" * 300}, place="200 application/json", accepted_by="new",
                                      rejected_by="old", error="a string is not of type number", pointer="/total"),
                consumers=(POS, BI), consumers_known=True),
        changed("operation-removed", "DELETE /orders/{}/lines/{}", "DELETE /orders/{}/lines/{} was removed without deprecation", operation="DELETE /orders/{}/lines/{}",
                operations=operations("DELETE /orders/{}/lines/{}"), area="paths", kind="existence", action="remove", locations=(Location(ORDERS_V1, 61, 5),),
                witness=ChangeWitness(kind="request", value="DELETE /v1/orders/0/lines/0", place="request line", accepted_by="old", rejected_by="new",
                                      error="no operation answers it"), consumers=(BI,), consumers_known=True),
        changed("request-property-pattern-changed", "GET /stock", "pattern of query parameter sku changed", 22, contract="stock-api", direction="request",
                operation="GET /stock", operations=operations("GET /stock|query sku"), area="parameters", kind="constraints", action="change", old="^[A-Z]-[0-9]+$",
                new="^(?=[A-Z]).{3,12}$", no_witness="patterns with lookahead cannot be generated from"),
        changed("response-property-enum-value-added", "#/components/schemas/Status", "response property status may now be returned", 140, severity="warn",
                direction="response", operation="GET /orders", operations=reads, area="schema", kind="values", action="add", new="returned", consumers=(SHOP,), consumers_known=True),
        changed("request-property-pattern-changed", "#/components/schemas/Line", "whether the new pattern of sku accepts every old value cannot be decided", 152,
                severity="warn", verdict="unknown", direction="request", operation="POST /orders", operations=writes[:1], area="schema", kind="constraints", action="change",
                old="^[A-Z]+-[0-9]+$", new="^\\w+-\\d+$", no_witness="two different regular expressions", consumers=(PARTNER,), consumers_known=True,
                note="compatible under --content-model all as well"),
        changed("request-property-removed", "#/components/schemas/Line", "request property colour was removed", 155, severity="warn", verdict="waived", waiver="W-2026-11",
                direction="request", operation="POST /orders", operations=writes[:1], area="schema", kind="existence", action="remove", old="colour", consumers_known=True),
        changed("operation-removed", "GET /orders/legacy", "GET /orders/legacy was removed", severity="error", baselined=True, operation="GET /orders/legacy",
                area="paths", kind="existence", action="remove", consumers_known=True),
        changed("endpoint-deprecated-with-sunset", "GET /orders/export", "GET /orders/export was deprecated with sunset date 2027-03-31", 70, severity="info",
                operation="GET /orders/export", operations=operations("GET /orders/export"), area="paths", kind="lifecycle", action="change", new="2027-03-31"),
        changed("endpoint-added", "POST /orders/{}/returns", "POST /orders/{}/returns was added", 84, severity="info", operation="POST /orders/{}/returns",
                operations=operations("POST /orders/{}/returns"), area="paths", kind="existence", action="add"),
        changed("response-optional-property-added", "#/components/schemas/Order", "optional response property channel was added", 127, severity="info",
                direction="response", operation="GET /orders", operations=reads, area="schema", kind="existence", action="add"),
        changed("response-optional-property-added", "GET /stock", "optional response property reserved was added", 41, severity="info", contract="stock-api",
                direction="response", operation="GET /stock", operations=operations("GET /stock|200 application/json"), area="schema", kind="structure", action="change"),
    ]  # fmt: skip


VERDICT = ContractVerdict(
    compatible=False,
    required_bump="major",
    declared_bump="minor",
    base="origin/main",
    revision="working tree",
    mode="FULL",
    readings=(
        ReadingVerdict(reading="backward", content_model="declared", compatible=True),
        ReadingVerdict(reading="backward", content_model="all", compatible=None),
        ReadingVerdict(reading="forward", compatible=False),
    ),
    sets=(ContractSet(name="order", required_bump="major", contracts=("orders-api", "order-events")),),
    contracts=(
        ComparedContract(contract="orders-api", base="1.4.0", revision="1.5.0", path=ORDERS_V2, compatible=False, required_bump="major", declared_bump="minor", breaking=3, unknown=1),
        ComparedContract(contract="price-api", base="2.0.1", revision="2.0.1", path="contracts/price/price-api/v2/openapi.json", compatible=True, required_bump="none", declared_bump="none"),
        ComparedContract(contract="stock-api", base="3.1.0", revision="3.2.0", path=STOCK, compatible=False, required_bump="major", declared_bump="minor", breaking=1, mode="FULL"),
    ),
)  # fmt: skip


def contract_report(*findings: Finding, contracts: ContractVerdict | None = VERDICT, **more: object) -> Report:
    """A report of ``contract check`` whose totals fit its findings."""
    rows = settle(findings)
    failed = [row for row in rows if row.verdict == "fail" and not row.baselined]
    verdicts = {rule.id: Counter(row.verdict for row in rows if row.rule == rule.id) for rule in RULES}
    counts = {
        id: RuleCount(rule=id, pass_=2, fail=row["fail"], unknown=row["unknown"], waived=row["waived"])
        for id, row in verdicts.items()
    }
    failing = any(row.severity == "error" for row in failed)
    summary = Summary(
        verdict="fail" if failing else "pass",
        exit_code=int(failing),
        fail_on="error",
        by_severity={severity: sum(row.severity == severity for row in failed) for severity in SEVERITIES},
        passed=2 * len(RULES),
        failed=sum(row.verdict == "fail" for row in rows),
        unknown=sum(row.verdict == "unknown" for row in rows),
        waived=sum(row.verdict == "waived" for row in rows),
        baselined=sum(row.baselined for row in rows),
        files=6,
        entities={"contracts": 3},
        rules=tuple(counts.values()),
        contracts=contracts,
    )
    values: dict[str, object] = {
        "command": "contract check", "tool_version": "0.1.0", "as_of": "2026-11-21", "workspace": "reference-estate",
        "summary": summary, "findings": rows, "rules": RULES, **more,
    }  # fmt: skip
    return Report(**values)  # type: ignore[arg-type]


def sample_contract_report() -> Report:
    """The sample: 4 errors, one warning, one undecided, one waived, one baselined, 4 infos."""
    log = CoverageLine(source="nginx access log", scope="api.example.com", start="2026-11-01", end="2026-11-20")
    return contract_report(*_findings(), coverage=(log,))
