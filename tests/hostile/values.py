"""Cases of values: what scalars turn into, and names and counts that no estate has (hostile.md 14 to 16)."""

from __future__ import annotations

from pathlib import Path

from tests.hostile.case import ANY, AUDIT, CHECK, GOOD, SOUND, Case, files, inventory, write
from tests.hostile.child import Done

BAD, BAD_JSON = "inventories/bad.yaml", "inventories/bad.json"

_NORWAY = """\
interfaces:
  - {id: 010, name: NO, owner: on, schedule: 12:30, key: {protocol: http, version: 1.10}, note: 1_000, queue: 1e3}
  - {id: 0x1F, name: Null, owner: yes, schedule: 2024-01-01, connector: =, worker: +5, cache: .5}
"""
_LIST = (("inventory", "list", "interfaces", "-f", "json"),)


def stays_text(done: Done) -> None:
    """Every text field shows what the author typed."""
    rows = (
        {row["id"]: row for row in done.report["rows"]}
        if isinstance(done.report, dict)
        else {row["id"]: row for row in done.report}
    )
    first, second = rows["010"], rows["0x1F"]
    assert (first["name"], first["owner"], first["schedule"], first["queue"]) == ("NO", "on", "12:30", "1e3")
    assert (first["key"]["version"], first["note"]) == ("1.10", "1_000")
    assert (second["owner"], second["schedule"], second["connector"]) == ("yes", "2024-01-01", "=")
    assert (second["worker"], second["cache"]) == ("+5", ".5") and "name" not in second


def windows(root: Path) -> None:
    """The same inventory as Unix and as Windows writes it; the finding must be on the same line."""
    text = "systems:\n  # one\n  - {id: a, nmae: A}\n"
    crlf = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode().replace(b"id: a", b"id: b")
    write(root, {GOOD: SOUND, "inventories/lf.yaml": text, "inventories/crlf.yaml": crlf})


def interfaces(count: int, fields: str) -> str:
    """Many interfaces; ``%d`` in the fields is their number."""
    return "interfaces:\n" + "".join(f"  - {{id: if-{n}, {fields.replace('%d', str(n))}}}\n" for n in range(count))


def strangers(count: int) -> str:
    """Systems, and interfaces that all name one that is not there: each wants a closest name."""
    systems = "".join(f"  - {{id: system-number-{n}}}\n" for n in range(count))
    return f"systems:\n{systems}" + interfaces(count, "provider: systen-numbr-%d-x")


def consumers(count: int) -> str:
    """One interface that everybody consumes, another that is consumed by the same system again and again."""
    many = ", ".join(f"s{n}" for n in range(count))
    same = ", ".join(["odoo"] * count)
    return f"""interfaces:
  - {{id: if-many, provider: odoo, consumers: [{many}]}}
  - {{id: if-same, consumers: [{same}]}}
"""


def cycle(count: int) -> str:
    """Interface n goes from system n to system n + 1, the last to the first."""
    links = "".join(
        f"  - {{id: if-{n}, provider: s{n}, consumers: [s{(n + 1) % count}], direction: out}}\n" for n in range(count)
    )
    return "systems:\n" + "".join(f"  - {{id: s{n}}}\n" for n in range(count)) + f"interfaces:\n{links}"


def dense(count: int) -> str:
    """Every system is connected with every other."""
    systems = "".join(f"  - {{id: s{n}, layer: business}}\n" for n in range(count))
    everyone = ", ".join(f"s{n}" for n in range(count))
    links = "".join(f"  - {{id: if-{n}, provider: s{n}, consumers: [{everyone}]}}\n" for n in range(count))
    return f"systems:\n{systems}interfaces:\n{links}"


def entry(fields: str) -> str:
    """One interface on line 2."""
    return f"interfaces:\n  - {{id: if-a, {fields}}}\n"


def wrong(fields: str, code: str = "INP020") -> Case:
    """A field of the wrong kind: located, and the value is not repeated."""
    name = "".join(char if char.isalnum() else "-" for char in fields)[:40]
    return Case(f"x-wrong-{name}", inventory(entry(fields)), runs=CHECK, finds=(f"{code} {BAD}:2$",))


_DIGITS = "9" * 5_000
_CONFUSABLE = (
    'systems:\n  - {id: "\\u043edoo"}\n  - {id: "odoo\\u200b"}\n  - {id: "od\\u00f6o"}\n  - {id: "odo\\u0308o"}\n'
)

CASES = (
    Case("14-bom-crlf", windows, runs=CHECK,
         finds=("INP021 inventories/crlf.yaml:3$", "INP021 inventories/lf.yaml:3$")),
    Case("15-norway", inventory(_NORWAY), runs=_LIST, code=0, check=stays_text),
    Case("16-big-integer", inventory(f"systems:\n  - id: a\n    limits: {{rate: {_DIGITS}}}\n"),
         finds=(f"INP015 {BAD}:3$",)),
    Case("16-big-integer-id", inventory(f"systems:\n  - id: {_DIGITS}\n"), finds=(f"INP015 {BAD}:2$",)),
    Case("16-big-integer-json", inventory(f'{{"systems": [{{"id": {_DIGITS}}}]}}', "bad.json"),
         finds=(f"INP015 {BAD_JSON}:1$",)),
    Case("16-nan-json", inventory('{"systems": [\n{"id": "a", "limits": {"x": NaN}}]}', "bad.json"),
         finds=(f"INP015 {BAD_JSON}:2$",)),
    Case("16-infinity-json", inventory('{"systems": [\n{"id": "a", "limits": {"x": -Infinity}}]}', "bad.json"),
         finds=(f"INP015 {BAD_JSON}:2$",)),
    Case("16-1e999", inventory("systems:\n  - id: a\n    limits: {x: 1e999}\n"), finds=(f"INP015 {BAD}:3$",)),
    Case("16-1e999-json", inventory('{"systems": [\n{"id": "a", "limits": {"x": 1e999}}]}', "bad.json"),
         finds=(f"INP015 {BAD_JSON}:2$",)),
    Case("16-nan-number", inventory(entry("slo: [{sli: a, objective: .nan}]")), runs=CHECK,
         finds=(f"INP020 {BAD}:2$",)),
    Case("16-nan-amount", inventory(entry("reconciliation: {tolerance: {amount: .inf}}")), runs=CHECK,
         finds=(f"INP020 {BAD}:2$",)),
    Case("16-huge-amount", inventory(entry("reconciliation: {tolerance: {amount: 1e300}}")), runs=AUDIT),
    Case("16-nan-kept", inventory("systems:\n  - {id: a, limits: {x: .nan, y: -.inf}}\n"), code=0,
         check=lambda done: done.report,
         runs=(*CHECK, ("inventory", "list", "systems", "-f", "json"), ("inventory", "show", "a", "-f", "json"))),
    Case("16-big-number", inventory(entry(f"transforms: {'9' * 400}")), runs=AUDIT),
    Case("x-far-date", inventory("credentials:\n  - {id: a, last_rotated: 0001-01-01, expires: 9999-12-31}\n"),
         runs=AUDIT),
    Case("x-impossible-date", inventory("credentials:\n  - {id: a, last_rotated: 2024-02-30}\n"), runs=CHECK,
         finds=(f"INP020 {BAD}:2$",)),
    Case("x-lone-surrogate", inventory('{"systems": [\n{"id": "a\\ud800"}]}', "bad.json"),
         finds=(f"INP012 {BAD_JSON}:2$",)),
    Case("x-nul-in-id", inventory('systems:\n  - {id: "a\\0b"}\n'), code=0, never=("\0",),
         runs=(*CHECK, ("inventory", "list", "systems"), ("inventory", "list", "systems", "-f", "csv"))),
    Case("x-confusable-ids", inventory(_CONFUSABLE), runs=CHECK, code=0),
    Case("x-long-name", inventory(f"systems:\n  - {{id: a, name: {'n' * 10_000}, owner: {'o' * 10_000}}}\n"),
         runs=AUDIT),
    Case("x-long-id", inventory(f"systems:\n  - {{id: {'i' * 10_000}}}\n"), finds=(f"INP020 {BAD}:2$",),
         never=("i" * 600,)),
    Case("x-empty-id", inventory("systems:\n  - {id: ''}\n"), finds=(f"INP020 {BAD}:2$",)),
    Case("x-secret-not-repeated", inventory("systems:\n  - {id: a, lifecycle: hunter2hunter2}\n"),
         finds=(f"INP020 {BAD}:2$",),
         never=("hunter2",)),
    *map(wrong, ("key: text", "consumers: {a: b}", "transforms: many", "resilience: []", "endpoints: [x]",
         "mode: [sync]",
                 "lifecycle: {a: 1}", "key: {protocol: gopher}", "slo: [{sli: a}]")),
    Case("x-quadratic-names", inventory(lambda: strangers(4_000)), runs=CHECK, code=0, finds=(f"INP023 {BAD}:",)),
    Case("x-quadratic-unknown-keys", inventory(lambda: "systems:\n" + "".join(
        f"  - {{id: s{n}, nmae: x, ownre: y, layre: z}}\n" for n in range(20_000))), runs=CHECK,
        finds=(f"INP021 {BAD}:2$",)),
    Case("x-quadratic-duplicates", inventory(lambda: "systems:\n" + "  - {id: a}\n" * 12_000), runs=CHECK,
         finds=(f"INP022 {BAD}:3$",)),
    Case("x-wrong-everywhere", inventory(lambda: "interfaces: [" + "x," * 200_000 + "]\n"), runs=CHECK,
         finds=(f"INP020 {BAD}:1$",)),
    Case("x-many-consumers", inventory(lambda: consumers(5_000)), runs=AUDIT),
    Case("x-ring", inventory(lambda: cycle(1_000)), runs=(*AUDIT, ("graph", "show", "-f", "json")), code=ANY),
    Case("x-no-consumers",
         inventory(lambda: "systems:\n" + "".join(f"  - {{id: s{n}, layer: business}}\n" for n in range(800))
         + interfaces(800, "provider: s%d, connector: c")), runs=AUDIT),
    Case("x-dense", inventory(lambda: dense(150)), runs=AUDIT),
    Case("x-json-keys", inventory(lambda: '{"systems": [{"id": "a", "limits": {' + ",".join(
        f'"k{n}":{n}' for n in range(1_150_000)) + "}}]}", "bad.json"), runs=CHECK, finds=(f"INP004 {BAD_JSON}:1$",)),
    Case("x-json-keys-allowed", inventory(lambda: '{"systems": [{"id": "a", "limits": {' + ",".join(
        f'"k{n}":{n}' for n in range(600_000)) + "}}]}", "bad.json"), runs=AUDIT),
    Case("x-yaml-keys-allowed", inventory(lambda: "systems:\n- id: a\n  limits:\n" + "".join(
        f"    k{n}: v{n}\n" for n in range(580_000))), runs=AUDIT),
    Case("x-bad-day", files({}), code=2, runs=(("audit", "--as-of", "2024-02-30"), ("audit", "--as-of", "20240229"),
                                               ("audit", "--as-of", "0000-00-00"))),
    Case("x-first-day", files({}),
         runs=(("audit", "--as-of", "0001-01-01", "-f", "json"), ("audit", "--as-of", "9999-12-31"))),
)  # fmt: skip
