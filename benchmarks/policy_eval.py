"""CPU of the rule engine: 20 CEL rules on 10,000 subjects.

    python benchmarks/policy_eval.py [--quick] [SUBJECTS]

Measured in one process, in turn, medians: projecting the nouns, evaluating (activations included), and evaluating
with every finding made. The floor beside it: one empty call per subject and rule in plain Python, which tells how fast
the machine is. The bar, on 10,000 subjects: one second for projecting and evaluating.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import Cost, arguments, in_turn, verdict
from retailctl.model.estate import Subject
from retailctl.model.interface import Classification, Consumption, Interface, Resilience, Retry
from retailctl.model.interface_key import HttpKey
from retailctl.model.rule import Rule
from retailctl.policy.cel import evaluate_kind
from retailctl.policy.engine import Context, evaluate
from retailctl.policy.projection import project

AS_OF = date(2026, 1, 1)
_FLOOR, _PROJECT, _EVALUATE = "empty calls (floor)", "project", "evaluate"
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


def main() -> int:
    """Print the figures; 1 when the bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("subjects", nargs="?", type=int, help="number of subjects")
    options = parser.parse_args()
    count = options.subjects or (1_000 if options.quick else 10_000)
    nouns = [interface(number) for number in range(count)]
    rules = [rule(number, condition) for number, condition in enumerate(CONDITIONS)]
    subjects = [subject(noun) for noun in nouns]
    jobs: dict[str, Callable[[], object]] = {
        _FLOOR: lambda: [nothing(one) for one in subjects for _ in rules],
        _PROJECT: lambda: [subject(noun) for noun in nouns],
        _EVALUATE: lambda: list(evaluate_kind(rules, "interface", subjects, AS_OF, Counter())),
        "evaluate and make findings": lambda: evaluate(rules, {"interface": subjects}, Context(as_of=AS_OF)),
    }
    costs = in_turn(3 if options.quick else 5, {name: timed(run) for name, run in jobs.items()})
    for name, cost in costs.items():
        each = 1e6 * cost.cpu / count / len(rules)
        print(f"{name:<28}{cost.cpu:7.3f} s{each:8.2f} us per rule and subject")
    if count != 10_000:
        return 0
    taken = costs[_PROJECT].cpu + costs[_EVALUATE].cpu
    return verdict({f"project and evaluate: {taken:.2f} s, at most 1": taken <= 1})


def nothing(_: object) -> None:
    """What one call costs."""


def timed(run: Callable[[], object]) -> Callable[[], Cost]:
    """The run as something to measure in this process."""

    def measured() -> Cost:
        wall, start = time.perf_counter(), time.process_time()
        run()
        return Cost(time.process_time() - start, time.perf_counter() - wall, 0.0)

    return measured


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
    sys.exit(main())
