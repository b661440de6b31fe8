"""Makes estates of any size for measurements: believable entries, a known share of problems, no randomness but a seed.

    python benchmarks/estate_generator.py FOLDER INTERFACES [--seed N]

At most 10,000 interfaces a file; about 2 kB of YAML each; systems = interfaces / 5.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

DOMAINS = ("product", "price", "stock", "customer", "order", "payment", "fulfilment", "shipment", "return", "finance")
TEAMS = tuple(f"team-{name}" for name in ("web", "erp", "stores", "finance", "logistics", "data", "crm", "platform"))
PER_FILE = 10_000

_INTERFACE = """\
  - id: {id}
    key: {{protocol: http, provider: {provider}, method: {method}, address: "/api/{domain}/{number}/{{id}}", version: v1}}
    provider: {provider}
    consumers:
      - {{system: {consumer}, identity: svc-{number}}}
    domain: {domain}
    capability: sell-online
    mode: {mode}
    pattern: rest
    connector: connector-{connector}
    endpoints:
      - {{environment: prod, url: "{scheme}://api-{number}.shop.example/{domain}/{number}"}}
    contract: contracts/{domain}/{domain}-api/v1/openapi.yaml
    mediation: [transform, retry, enrich]
    mapping: {{ref: mappings/{domain}-{connector}.yaml, version: "1.4"}}
    operations: [{operation}]
{owner}    support: {{l1: service-desk, l2: {team}, vendor: acme-partner, escalation: duty, emergency_approver: cio, runbook: runbooks/{domain}.md}}
    lifecycle: active
    classification:
      criticality: {criticality}
      latency: {latency}
      rto_minutes: 30
      rpo_minutes: 5
      volume_per_day: {volume}
      peak_per_minute: 120
      data: [customer, payment_meta]
      financial: high
    resilience:
      retry: {{max: 5, backoff: exponential}}
      idempotency_key: source_{domain}_id
      dlq: q.{domain}.dead
      replay: by_id_and_window
      circuit_breaker: true
      fallback: queue
    slo:
      - {{sli: success_ratio, objective: 0.999, window: 28d}}
      - {{sli: latency_p95_ms, objective: 800, window: 28d}}
    metrics: [throughput, failed_transformations, queue_depth, retries, dead_letters]
    dashboard: https://grafana.shop.example/d/{number}
    alerts: [{{name: failing, slo: success_ratio, pages: true}}]
    kpi: [late_{domain}]
    logging: {{audit: siem, retention: 400d}}
    access_policy: handbook
    reconciliation: {{against: {provider}.{domain}, key: source_{domain}_id, tolerance: {{count: 0, amount: 0.01}}, schedule: "*/30 * * * *"}}
    disposition: retain
    stage: "off"
"""


def generate(folder: Path, interfaces: int, seed: int = 1) -> int:
    """Write a workspace with that many interfaces; returns the bytes of YAML written."""
    rng = random.Random(seed)
    inventories = folder / "inventories"
    inventories.mkdir(parents=True, exist_ok=True)
    (folder / "retailctl.yaml").write_text("name: generated estate\n", encoding="utf-8")
    systems = [f"sys-{number:05d}" for number in range(max(10, interfaces // 5))]
    written = _write(inventories / "base.yaml", _base(systems))
    for domain in DOMAINS:
        path = folder / "contracts" / domain / f"{domain}-api" / "v1" / "openapi.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, f"openapi: 3.1.0\ninfo: {{title: {domain}, version: 1.0.0}}\npaths: {{}}\n")
    for start in range(0, interfaces, PER_FILE):
        numbers = range(start, min(start + PER_FILE, interfaces))
        text = "interfaces:\n" + "".join(_interface(number, systems, rng) for number in numbers)
        text += "credentials:\n" + "".join(_credential(number) for number in numbers)
        written += _write(inventories / f"interfaces-{start // PER_FILE:03d}.yaml", text)
    return written


def _write(path: Path, text: str) -> int:
    return path.write_text(text, encoding="utf-8")


def _base(systems: list[str]) -> str:
    lines = ["systems:"]
    for number, system in enumerate(systems):
        layer = ("orchestration", "business", "channel", "business", "business")[number % 5]
        team = TEAMS[number % len(TEAMS)]
        lines.append(
            f"  - {{id: {system}, kind: service, layer: {layer}, owner: {team}, environment: prod, lifecycle: active, "
            f"zone: internal, scaling: nodes}}"
        )
    lines += ["teams:", *(f"  - {{id: {team}, active: true}}" for team in TEAMS), "domains:"]
    for domain in (*DOMAINS, "inventory", "pricing"):
        lines.append(f"  - {{id: {domain}, system_of_record: {systems[0]}, writers: [{systems[0]}]}}")
    return "\n".join(lines) + "\n"


def _interface(number: int, systems: list[str], rng: random.Random) -> str:
    """Two in a hundred lack an owner, one in a hundred is in clear text, three have the wrong mode."""
    provider, consumer = rng.sample(systems, 2)
    team = rng.choice(TEAMS)
    roll = rng.random()
    return _INTERFACE.format(
        id=f"if-{number:06d}",
        number=number,
        provider=provider,
        consumer=consumer,
        domain=rng.choice(DOMAINS),
        method="POST",
        operation="create",
        mode="batch" if roll > 0.97 else "async",
        connector=number % 50,
        scheme="http" if 0.5 < roll < 0.51 else "https",
        owner="" if roll < 0.02 else f"    owner: {team}\n",
        team=team,
        criticality=rng.choice("ABC"),
        latency="near_real_time",
        volume=rng.randrange(10, 100_000),
    )


def _credential(number: int) -> str:
    return (
        f"  - {{id: svc-{number}, kind: service, used_by: [if-{number:06d}], environments: [prod], "
        f'scopes: ["record:create"], vault: kv/{number}, last_rotated: 2026-10-01, rotate_days: 90, last_used: 2026-11-19, human: false}}\n'
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("interfaces", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    size = generate(arguments.folder, arguments.interfaces, arguments.seed)
    print(f"{arguments.interfaces} interfaces, {size / 1e6:.1f} MB of YAML in {arguments.folder}")
