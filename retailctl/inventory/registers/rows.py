"""One row of a register as what was seen: an interface, an application, and secrets that stood in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reading
from retailctl.inventory.registers.ends import Ends, ends_of
from retailctl.inventory.registers.keys import Addressed, key_in
from retailctl.inventory.registers.owners import owner_of, without_people
from retailctl.inventory.registers.tables import Row
from retailctl.inventory.registers.words import DOUBT, per_day, protocol_of, schedule_of, word
from retailctl.inventory.secret_names import is_literal
from retailctl.model.redaction import redact
from retailctl.model.seen import Seen, SeenConsumer

# Kinds of fact sheets and components that are no interface and nothing that runs.
KINDS: Final = frozenset({"dataobject", "data object", "itcomponent", "it component", "usergroup", "user group", "objective", "project", "initiative", "businesscapability", "business capability", "process", "techcategory", "tech category", "organization", "person", "bounded context", "goal", "principle"})  # fmt: skip # noqa: E501
_APPLICATIONS: Final = frozenset({"application", "app", "system", "microservice", "platform"})
_FLOWS: Final = re.compile(
    r"flow|connect|send|integrat|interfac|consum|call|use|feed|provid|transfer|exchang", re.IGNORECASE
)
_WORDS: Final = {
    "lifecycle": "lifecycle",
    "mode": "mode",
    "direction": "direction",
    "disposition": "disposition",
    "criticality": "classification.criticality",
    "latency": "classification.latency",
    "pattern": "pattern",
}
_TEXTS: Final = {"domain": "domain", "capability": "capability", "connector": "connector", "replaced_by": "replaced_by", "contract": "contract"}  # fmt: skip # noqa: E501
_DAY: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})|^(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_ID: Final = re.compile(r"if-[A-Za-z0-9][A-Za-z0-9._:-]{0,200}")
_MOST: Final = 500


def of_row(
    artefact: Artefact,
    row: Row,
    cells: dict[str, str],
    names: Mapping[str, str],
    secrets: Sequence[tuple[str, str]],
    changed: date | None,
    reading: Reading,
) -> Iterator[Found]:
    """What one row says. ``names`` are the headers as written, ``secrets`` stood
    in its cells, each with the header of its column."""
    raw, cells = cells, {field: _clean(text, reading) for field, text in cells.items()}
    ends = ends_of(cells)
    if not cells.get("name") and not ends:
        return
    if raw.get("relation") and not _FLOWS.search(raw["relation"]):
        return
    addressed = key_in({**cells, "address": raw.get("address", "")}, ends.provider)
    if addressed.problem:
        yield artefact.error("INP020", addressed.problem, row.number, hint="correct the cell, or clear it")
    name = cells.get("name") or f"{ends.source or ends.provider} → {', '.join(ends.target or ends.consumers)}"
    found = list(secrets)
    if addressed.url is not None and addressed.url.secret:
        found.append((names.get("address", "address"), addressed.url.secret))
    if addressed.key is None and _ID.fullmatch(
        cells.get("id", "")
    ):  # an id of an inventory is an identity, a name is not
        name = cells["id"]
    at = _day(raw.get("changed", "")) or changed
    identity = _account(raw.get("identity", ""), reading) or (addressed.url.user if addressed.url else "")
    prints = [(header, reading.fingerprint(value)) for header, value in found if is_literal(value)]
    values, figures = _said(cells, names, addressed, reading)
    owner, left = _owner(raw.get("owner", ""), reading)
    values, figures = values | owner, figures | left | _ends(ends)
    doubtful = sorted(field for field in _WORDS if DOUBT.search(cells.get(field, "")))
    figures |= {"doubt": doubtful} if doubtful else {}
    if cells.get("kind", "").lower() in _APPLICATIONS and not ends:
        kept = {field: value for field, value in values.items() if field in ("owner", "lifecycle")}
        yield Seen(source="register", ref=row.ref, kind="system", at=at, name=name, values=kept, figures=figures)
    else:
        provider, consumers = _roles(ends, addressed)
        secret = prints[0][1] if prints and identity else None
        if addressed.key is not None and addressed.key.provider:
            provider = addressed.key.provider
        yield Seen(
            source="register",
            ref=row.ref,
            at=at,
            name=name,
            key=addressed.key,
            provider=provider,
            consumers=tuple(SeenConsumer(name=one, identity=identity or None, secret=secret) for one in consumers),
            environment=cells.get("environment", "") or reading.environment,
            values=values,
            figures=figures,
            secret=prints[0][1] if prints else "",
            confidence=0.5 if doubtful or not ends else 1.0,
        )
    for header, fingerprint in prints:
        yield Seen(
            source="register",
            ref=row.ref,
            kind="credential",
            at=at,
            name=identity or f"{name}: {header}",
            values={"vault": "none"},
            figures={"column": header, "interface": name},
            secret=fingerprint,
        )


def _roles(ends: Ends, addressed: Addressed) -> tuple[str, tuple[str, ...]]:
    """Provider and consumers as far as the row tells: by its columns, or by who is called.

    ``source`` and ``target`` are the ends of the data, not of the call: with a method it is known who calls whom (GET
    fetches from the source, anything else sends to the target). Without one the source offers what the target takes.
    """
    if ends.provider or ends.consumers:
        return ends.provider, ends.consumers
    if addressed.method and addressed.method not in ("GET", "HEAD", "OPTIONS", "QUERY") and len(ends.target) == 1:
        return ends.target[0], (ends.source,) if ends.source else ()
    if addressed.url is not None and not addressed.method:
        return "", ()  # the host offers it; which end that is shows when the host is known
    return ends.source, ends.target


def _ends(ends: Ends) -> dict[str, Any]:
    found = {"source": ends.source, "target": ", ".join(ends.target), "via": ", ".join(ends.via)}
    return {name: text for name, text in found.items() if text}


def _said(
    cells: Mapping[str, str], names: Mapping[str, str], addressed: Addressed, reading: Reading
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes in the words of the inventory, and what else the row says as it is written."""
    values: dict[str, Any] = {target: cells[field] for field, target in _TEXTS.items() if cells.get(field)}
    figures: dict[str, Any] = {}
    for field, target in _WORDS.items():
        text = cells.get(field, "")
        if not text:
            continue
        known = word(target, text)
        if known is not None:
            values[target] = known
        if known != text:
            figures[f"{field}_as_written"] = text
    _measures(cells, names, values, figures)
    if data := cells.get("data", ""):
        values["classification.data"] = [part for part in re.split(r"\s*[,;\n|]\s*", data) if part]
    if addressed.url is not None:
        environment = cells.get("environment", "") or reading.environment
        values["endpoints"] = [{"url": addressed.url.clean, **({"environment": environment} if environment else {})}]
    for field, target in (
        ("system_of_record", "system_of_record"),
        ("description", "description"),
        ("id", "register_id"),
    ):
        figures |= {target: cells[field]} if cells.get(field) else {}
    return values, figures


def _measures(
    cells: Mapping[str, str], names: Mapping[str, str], values: dict[str, Any], figures: dict[str, Any]
) -> None:
    """Technology, frequency and volume: what can be understood as values, the words beside it."""
    technology = protocol_of(cells.get("protocol", ""))
    if technology is not None and technology[1] and "pattern" not in values:
        values["pattern"] = technology[1]
    if cells.get("protocol") and (technology is None or technology[0] != cells["protocol"]):
        figures["technology"] = cells["protocol"]
    if frequency := cells.get("schedule", ""):
        interval = schedule_of(frequency)
        values |= {"schedule": interval} if interval is not None else {}
        figures |= {"frequency": frequency} if interval != frequency else {}
    if volume := cells.get("volume", ""):
        number = per_day(volume, names.get("volume", ""))
        values |= {"classification.volume_per_day": number} if number is not None else {}
        figures |= {"volume": volume} if number is None or str(number) != volume else {}


def _owner(cell: str, reading: Reading) -> tuple[dict[str, Any], dict[str, Any]]:
    """The owner as value and figure; from the cell as it is, since the mailbox of a team is its name."""
    owner, left = owner_of(redact(cell)[:_MOST], reading.pseudonym)
    return {"owner": owner} if owner else {}, {"owner_left": True} if left else {}


def _account(cell: str, reading: Reading) -> str:
    """An account by name; the address of a person is a pseudonym."""
    return _clean(cell, reading).strip()


def _clean(text: str, reading: Reading) -> str:
    """A cell that may be kept: no secret, no address of a person, not longer than anybody reads."""
    text = without_people(redact(text), reading.pseudonym)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _day(text: str) -> date | None:
    """A day as 2026-11-20, 20.11.2026 or 20/11/2026; None for what may be read in two ways or is no day."""
    found = _DAY.match(text.strip())
    if found is None:
        return None
    year, month, day = map(int, (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4]))
    if not found[1] and "/" in text and day <= 12 and day != month:
        return None  # 03/04/2026 is in March or in April
    try:
        return date(year, month, day)
    except ValueError:
        return None
