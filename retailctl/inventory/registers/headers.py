"""Headers of registers: which column means what, by synonyms or by a column map."""
# ruff: noqa: E501 - a row of the table is a line, however many words it has

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as columns_of
from difflib import get_close_matches
from functools import cache
from itertools import product
from typing import Final

from retailctl.errors import ConfigError
from retailctl.inventory.secret_names import names_secret
from retailctl.model.interface_key import KEY_TYPES

SECRET: Final = "secret"  # noqa: S105 - the name of a field; its cells are never kept
_THINGS: Final = ("system", "application", "app", "component", "systeem", "applicatie", "anwendung", "applikation", "systeme", "application name", "system name", "service", "platform")  # fmt: skip
_SOURCES: Final = ("source", "src", "sender", "origin", "producer", "producing", "from", "sending", "bron", "quell", "quelle", "sendendes", "zendend", "emetteur", "upstream", "publisher")  # fmt: skip
_TARGETS: Final = ("target", "destination", "dest", "receiver", "to", "sink", "receiving", "doel", "ziel", "empfanger", "empfangendes", "ontvangend", "ontvanger", "cible", "recepteur", "destinataire", "downstream", "subscriber")  # fmt: skip
_PROVIDERS: Final = ("provider", "providing", "provided by", "exposed by", "host system", "anbieter", "anbietendes", "aanbieder", "fournisseur", "rel interface to provider")  # fmt: skip
_CONSUMERS: Final = ("consumer", "consumers", "consuming", "consumed by", "used by", "client", "clients", "nutzer", "nutzendes", "afnemer", "afnemers", "consommateur", "consommateurs", "rel interface to consumer")  # fmt: skip


def _with_things(words: Iterable[str]) -> tuple[str, ...]:
    """``source``, ``source system``, ``system source`` (French order), ``quellsystem`` (German, one word)."""
    words = tuple(words)
    both = tuple(f"{a} {b}" for a, b in product(words, _THINGS))
    turned = tuple(f"{b} {a}" for a, b in product(words, _THINGS))
    joined = tuple(f"{a}{b}" for a, b in product(words, ("system", "systeem", "anwendung", "applicatie")))
    return (*words, *both, *turned, *joined)


# Field -> how its header may be written, in normal form (see normal). The first field that has a word keeps it.
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "interface", "interface name", "name", "display name", "integration", "integration name", "flow name", "flow",
        "data flow", "dataflow", "connection", "title", "schnittstelle", "schnittstellenname", "name der schnittstelle",
        "koppeling", "koppelvlak", "naam", "naam koppeling", "bezeichnung", "nom", "nom de l interface", "flux",
        "nom du flux", "koppelingsnaam", "interfacename",
    ),
    "id": ("id", "interface id", "integration id", "nr", "no", "number", "nummer", "numero", "ref", "external id", "code", "key", "component key", "schnittstellen id"),
    "source": _with_things(_SOURCES),
    "target": _with_things(_TARGETS),
    "provider": _with_things(_PROVIDERS),
    "consumers": _with_things(_CONSUMERS),
    "owner": ("owner", "team", "owner team", "owning team", "responsible", "responsible team", "product owner", "business owner", "it owner", "technical owner", "owned by", "eigenaar", "verantwortlich", "verantwortlicher", "verantwortliches team", "eigentumer", "responsable", "proprietaire", "equipe", "accountable", "support team"),
    "lifecycle": ("status", "lifecycle", "life cycle", "lifecycle status", "lifecycle phase", "state", "phase", "lebenszyklus", "levenscyclus", "cycle de vie", "statut", "etat", "interface status"),
    "mode": ("mode", "interaction", "sync async", "synchronicity", "integration mode", "processing", "modus", "verarbeitung", "verarbeitungsart", "verwerking", "traitement", "exchange pattern", "integration type", "type of integration"),
    "schedule": ("frequency", "schedule", "interval", "timing", "periodicity", "frequentie", "schema", "haufigkeit", "frequenz", "frequence", "periodicite", "planning", "zeitplan", "refresh", "cron"),
    "direction": ("direction", "richting", "richtung", "sens", "in out", "inbound outbound", "flow direction"),
    "system_of_record": ("system of record", "master system", "master", "system of reference", "sor", "golden source", "bronsysteem master", "fuhrendes system", "leidend systeem", "mastersystem", "systeme maitre", "data master"),
    "data": ("data", "data type", "data object", "data objects", "object", "objects", "entity", "business object", "payload", "message", "message type", "datenobjekt", "datenobjekte", "datentyp", "gegevens", "gegevensobject", "donnees", "objet", "type de donnees", "data transferred", "information object", "rel interface to data object", "business objects", "content"),
    "domain": ("domain", "data domain", "business domain", "subject area", "domein", "domane", "domaine"),
    "capability": ("capability", "business capability", "business process", "process"),
    "environment": ("environment", "env", "omgeving", "umgebung", "environnement", "stage environment"),
    "criticality": ("criticality", "business criticality", "priority", "importance", "tier", "kritikalitat", "kritiekheid", "kritisch", "criticite", "bedrijfskritisch", "class", "classification", "classification criticality", "criticality class"),
    "latency": ("latency", "latency class", "timeliness", "latenz", "classification latency"),
    "disposition": ("disposition", "6r", "7r", "6 r", "7 r", "time", "time classification", "treatment", "migration", "migration strategy", "strategy", "decision", "planned action", "massnahme", "beschikking", "actie", "decision migration", "target state", "rationalisation", "rationalization"),
    "replaced_by": ("replaced by", "successor", "replacement", "nachfolger", "opvolger", "vervangen door", "ersetzt durch", "remplace par", "rel to successor"),
    "protocol": ("protocol", "technology", "tech", "transport", "interface technology", "interface type", "connector type", "adapter", "method of transfer", "transfer method", "protocole", "technologie", "protokoll", "technische umsetzung", "key protocol", "connection type", "transport protocol", "api type"),
    "pattern": ("pattern", "integration pattern"),
    "address": ("url", "uri", "endpoint", "endpoint url", "address", "path", "base url", "adres", "adresse", "endpunkt", "topic", "queue", "directory", "folder", "location", "key address", "topic queue"),
    "method": ("http method", "verb", "method", "key method"),
    "version": ("version", "api version", "versie", "key version"),
    "volume": ("volume", "volume per day", "messages per day", "calls per day", "records per day", "daily volume", "volumen", "volume per dag", "volume par jour", "transactions per day", "classification volume per day", "msgs day", "number of messages"),
    "description": ("description", "flow description", "interface description", "beschreibung", "omschrijving", "purpose", "comment", "remarks"),
    "identity": ("identity", "account", "service account", "technical user", "user", "username", "login", "technischer benutzer", "gebruiker", "utilisateur", "integration user"),
    "connector": ("connector", "middleware", "via", "integration platform", "esb", "tool", "implemented in"),
    "contract": ("contract", "specification", "spec", "api contract"),
    "kind": ("type", "fact sheet type", "fs type", "fact sheet", "component type", "workspace type"),
    "relation": ("reference type", "relation", "relation type", "relationship"),
    "changed": ("last updated", "updated", "last modified", "modified", "last reviewed", "last review", "updated at", "last change", "stand", "gewijzigd", "laatst gewijzigd", "geandert am", "letzte anderung", "mis a jour", "date", "as of"),
}  # fmt: skip
# Columns of a key by the path that exports use; spelled in full only, since "type" alone means something else.
KEY_COLUMNS: Final = tuple(sorted({f"key.{c.name}" for cls in KEY_TYPES for c in columns_of(cls)}))
FIELDS: Final = (*SYNONYMS, SECRET, *KEY_COLUMNS)
_SECRETS: Final = frozenset({"passwort", "kennwort", "wachtwoord", "mot de passe", "mdp", "geheimnis", "geheim", "api schlussel", "schlussel", "sleutel", "cle api", "pin", "zugangsdaten", "user password", "login password", "credentials"})  # fmt: skip
_WEAK: Final = frozenset({"from", "to", "name", "title", "id", "key", "nr", "no", "time", "date", "object", "code"})
_SAYING: Final = frozenset({"owner", "lifecycle", "mode", "schedule", "direction", "system_of_record", "data", "domain", "criticality", "disposition", "protocol", "address", "volume", "key.protocol"})  # fmt: skip
_WIRING: Final = frozenset({"mode", "schedule", "direction", "protocol", "address", "key.protocol"})
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")


def normal(header: str) -> str:
    """A header in lower case without accents, signs and camel case: ``Quell-System*`` is ``quell system``."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header.strip()[:200]))
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("ß", "ss").lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def field_of(header: str) -> str:
    """The field of a header by its words; empty for one that nobody knows."""
    exact = header.strip().lower()
    if exact in KEY_COLUMNS:
        return exact
    if names_secret(header) or names_secret(normal(header).replace(" ", "_")) or normal(header) in _SECRETS:
        return SECRET
    known = _known()
    return known.get(normal(header)) or known.get(normal(_BRACKETS.sub(" ", header))) or ""


def checked(columns: Mapping[str, str]) -> Mapping[str, str]:
    """The column map, when all its fields are known. Raises ConfigError for one that is not."""
    for field in columns:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join((*SYNONYMS, SECRET))}"
            raise ConfigError(f"column map: there is no field {field!r}", hint=hint)
    return columns


def fields_of(row: Sequence[str], columns: Mapping[str, str]) -> dict[int, str]:
    """Index of a column -> its field. Of two columns with one field the first counts, of those with secrets each.

    ``columns`` is a column map, field -> header: a field that it names is taken from there only.
    """
    mapped = {normal(header): field for field, header in columns.items()}
    found: dict[int, str] = {}
    for index, cell in enumerate(row):
        name = normal(cell)
        field = mapped.get(name) or (field_of(cell) if cell.strip() else "")
        if field in columns and name not in mapped:
            continue
        if field and (field == SECRET or field not in found.values()):
            found[index] = field
    return found


def likeness(row: Sequence[str], columns: Mapping[str, str]) -> float:
    """How surely a row is the header of a register of interfaces, from 0 to 1."""
    found = fields_of(row, columns)
    fields = set(found.values())
    if columns and {normal(header) for header in columns.values()} <= {normal(cell) for cell in row}:
        return 1.0
    ends = bool(fields & {"source", "provider"}) and bool(fields & {"target", "consumers"})
    one_end = bool(fields & {"source", "provider", "target", "consumers"})
    strong = {field for index, field in found.items() if normal(row[index]) not in _WEAK}
    saying = fields & _SAYING
    if ends and strong & {"source", "provider", "target", "consumers"}:
        return (
            0.95
            if "name" in fields and saying
            else 0.9
            if "name" in strong or len(saying) > 1
            else 0.6
            if saying or "name" in fields
            else 0.4
        )
    if ends:
        return 0.6 if len(saying) > 2 else 0.3
    if "name" in fields and (one_end or saying & _WIRING):
        return 0.7 if len(saying) > 2 else 0.55 if "name" in strong and len(saying) > 1 else 0.3
    return 0.0


@cache
def _known() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for field, words in SYNONYMS.items():
        for word in (*words, normal(field)):
            known.setdefault(word, field)
    return known
