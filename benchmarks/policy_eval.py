"""CPU of the rule engine: 20 rules on 10,000 subjects (the bar of policy.md section 10 is one second).

Run as ``python -m benchmarks.policy_eval [subjects]``. Prints CPU seconds of projecting the nouns,
of evaluating (activations included), and of evaluating with every finding made.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date

from retailctl.model.estate import Subject
from retailctl.model.interface import Classification, Consumption, Interface, Resilience, Retry
from retailctl.model.interface_key import HttpKey
from retailctl.model.rule import Rule
from retailctl.policy.cel import evaluate_kind
from retailctl.policy.engine import Context, evaluate
from retailctl.policy.projection import project

AS_OF = date(2026, 1, 1)
CONDITIONS = (
    "interface.mode == 'sync' && interface.transforms > 3",
    "interface.owner == ''",
    "interface.classification.criticality in ['A', 'B'] && !has(interface.contract)",
    "interface.key.protocol == 'sql'",
    "interface.key.protocol in ['ftp', 'file'] && !interface.partner_edge",
    "interface.classification.latency in params.matrix[interface.mode]",
    "interface.resilience.retry.max <= 0 || interface.resilience.retry.backoff in ['', 'none']",
    "interface.consumers.exists(c, c.system == 'unknown')",
    "size(interface.consumers) > params.limit",
    "interface.disposition == 'undecided'",
    "!interface.id.matches('^if-[a-z0-9-]+$')",
    "interface.mode == 'poll' && interface.schedule_minutes < 5",
    "interface.classification.rto_minutes < 0 || interface.classification.rpo_minutes < 0",
    "has(interface.replaced_by) && interface.disposition != 'replace'",
    "interface.lifecycle == 'retired' && size(interface.consumers) > 0",
    "interface.domain == 'payment' && interface.key.method == 'GET'",
    "interface.direction == 'both'",
    "interface.classification.data.exists(d, d in ['customer', 'payment']) && interface.insecure",
    "interface.support.runbook == ''",
    "glob(interface.provider, 'legacy-*')",
)
PARAMS = {"limit": 4, "matrix": {"sync": {"daily": "too fast"}, "batch": {"real_time": "too slow"}}}


def main() -> None:
    """Print the figures for the number of subjects given on the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    nouns = [interface(number) for number in range(count)]
    rules = [rule(number, condition) for number, condition in enumerate(CONDITIONS)]
    subjects: list[Subject] = []
    measure("project", lambda: subjects.extend(subject(noun) for noun in nouns))
    not_passed = [0]

    def evaluate_only() -> None:
        not_passed[0] = sum(1 for _ in evaluate_kind(rules, "interface", subjects, AS_OF, Counter()))

    measure("evaluate", evaluate_only)
    measure(
        "evaluate and make findings", lambda: evaluate(rules, {"interface": subjects}, Context(as_of=AS_OF))
    )
    print(f"{len(rules)} rules x {count} subjects, {not_passed[0]} verdicts other than pass")


def measure(name: str, run: Callable[[], object]) -> None:
    """Print the CPU seconds of one run."""
    start = time.process_time()
    run()
    print(f"{name:28} {time.process_time() - start:6.2f} s CPU")


def rule(number: int, condition: str) -> Rule:
    """One rule of the benchmark."""
    return Rule(
        id=f"EST{number:03}",
        name="benchmark",
        title="Benchmark.",
        applies_to="interface",
        when=condition,
        message="interface {{interface.id}} of {{interface.provider}}",
        params=PARAMS if "params" in condition else {},
    )


def interface(number: int) -> Interface:
    """One interface of a usual shape; every tenth violates a rule, every twentieth lacks a field."""
    return Interface(
        id=f"if-{number}" if number % 10 else f"IF_{number}",
        key=HttpKey(protocol="http", method="POST", address=f"/orders/{number}"),
        provider="odoo",
        consumers=tuple(Consumption(system=f"s{n}") for n in range(number % 4 + 1)),
        domain="order",
        mode="sync",
        direction="in",
        owner="team-erp",
        lifecycle="active",
        contract="contracts/orders.yaml",
        transforms=number % 3,
        disposition="retain" if number % 20 else None,
        classification=Classification(
            criticality="A", latency="real_time", rto_minutes=60, rpo_minutes=5, data=("order",)
        ),
        resilience=Resilience(retry=Retry(max=5, backoff="exponential")),
    )


def subject(noun: Interface) -> Subject:
    """The subject of an interface: projected fields and a few facts."""
    fields = project(noun) | {"partner_edge": False, "insecure": False, "schedule_minutes": 60}
    return Subject("interface", noun.id, fields, ())


if __name__ == "__main__":
    main()
