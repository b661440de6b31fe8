"""What the cells of registers say, in four languages, as data: one row per value of the inventory, phrases by comma.

Phrases are in normal form (``headers.normal``): lower case, no accents, no signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _rows(table: Mapping[str, str]) -> Mapping[str, str]:
    """Phrase -> value."""
    return {phrase.strip(): value for value, phrases in table.items() for phrase in phrases.split(",")}


LIFECYCLE: Final = _rows({
    "planned": "planned, plan, proposed, idea, concept, new, project, in development, development, in build, design, "
    "to be built, geplant, gepland, planifie, prevu, en projet, in entwicklung, in ontwikkeling",
    "active": "active, live, productive, production, prod, in production, operational, running, in use, go live, "
    "current, "
    "aktiv, actief, actif, en production, en service, produktiv, in productie, in betrieb, in gebruik, phase in, "
    "phasein",
    "deprecated": "deprecated, sunset, obsolete, legacy, veraltet, verouderd",
    "retiring": "retiring, phase out, phaseout, phasing out, decommissioning, to be retired, to be decommissioned, "
    "being retired, auslaufend, uit te faseren, uitfasering, wird abgeschaltet, en retrait",
    "retired": "retired, decommissioned, end of life, endoflife, eol, inactive, switched off, closed, dead, "
    "removed, archived, "
    "abgeschaltet, ausser betrieb, stillgelegt, uitgefaseerd, buiten gebruik, inaktiv, inactief, inactif, "
    "hors service, "
    "desactive, decommissionne",
})  # fmt: skip
CRITICALITY: Final = _rows({
    "A": "1, p1, tier 1, high, very high, critical, mission critical, missioncritical, vital, hoch, sehr hoch, "
    "kritisch, "
    "hoog, zeer hoog, elevee, eleve, haute, critique, gold",
    "B": "2, p2, tier 2, medium, moderate, business critical, businesscritical, important, mittel, middel, gemiddeld, "
    "moyenne, moyen, wichtig, belangrijk, silver",
    "C": "3, p3, tier 3, low, minor, business operational, businessoperational, administrative, "
    "administrative service, "
    "administrativeservice, niedrig, gering, laag, faible, basse, bronze",
})  # fmt: skip
MODE: Final = _rows({
    "sync": "synchronous, synchron, synchroon, synchrone, request response, request reply, online, api call",
    "async": "asynchronous, asynchron, asynchroon, asynchrone, event, events, event driven, messaging, message, "
    "publish subscribe, pub sub, queue, streaming",
    "batch": "bulk, file, file based, file transfer, nightly batch, scheduled, etl, stapelverarbeitung, par lot",
    "poll": "polling, pull, polled",
})  # fmt: skip
DISPOSITION: Final = _rows({
    "retain": "keep, tolerate, invest, behouden, behalten, conserver, garder, revisit, as is",
    "retire": "eliminate, decommission, remove, stop, abschalten, uitfaseren, supprimer, retirer, stoppen",
    "replace": "migrate, refactor, rearchitect, re architect, rebuild, rewrite, repurchase, ersetzen, ablosen, "
    "vervangen, "
    "remplacer, migrieren, migreren",
    "consolidate": "merge, consolideren, konsolidieren, consolider, samenvoegen, zusammenfuhren",
    "rehost": "replatform, re platform, relocate, lift and shift, lift shift, move",
    "undecided": "tbd, open, unknown, to be decided, onbekend, offen, n a, na, unclear, a definir, nog te bepalen",
})  # fmt: skip
DIRECTION: Final = _rows({
    "in": "inbound, incoming, eingehend, inkomend, entrant",
    "out": "outbound, outgoing, ausgehend, uitgaand, sortant",
    "both": "bidirectional, bi directional, two way, in out, bidirektional, beide, bidirectioneel, bidirectionnel",
})  # fmt: skip
LATENCY: Final = _rows({
    "real_time": "real time, realtime, immediate, echtzeit, temps reel",
    "near_real_time": "near real time, near realtime, nrt, seconds, nahezu echtzeit, quasi temps reel",
    "minutes": "minuten",
    "hours": "hourly, uren, stunden, heures",
    "daily": "nightly, day, overnight, dagelijks, taglich, quotidien",
})  # fmt: skip
INTERVAL: Final = _rows({
    "1h": "hourly, every hour, stundlich, elk uur, toutes les heures, once an hour",
    "1d": "daily, nightly, every day, every night, dagelijks, taglich, nachtlich, quotidien, quotidienne, once a day, "
    "once per day, 1x per day, overnight",
    "1w": "weekly, every week, wekelijks, wochentlich, hebdomadaire, once a week",
    "30d": "monthly, every month, maandelijks, monatlich, mensuel, mensuelle, once a month",
})  # fmt: skip
# Technology -> protocol and pattern: registers write both in one column more often than not.
PROTOCOL: Final = _rows({
    "http rest": "http, https, rest, rest api, api, restful, http api, json api, json over http, odata, graphql, "
    "http rest, "
    "rest http, openapi, web api, rest https, https rest, rest json",
    "http webhook": "webhook, webhooks, callback, http webhook",
    "soap rest": "soap, wsdl, soap xml, soap web service, webservice, web service, web services",
    "sftp file": "sftp, ssh ftp, sftp file, sftp csv, sftp xml, secure ftp",
    "ftp file": "ftp, ftps",
    "file file": "file, flat file, csv, xml file, csv file, file share, network share, nfs, smb, excel, upload, "
    "file transfer, "
    "bestand, datei, fichier",
    "edi edi": "edi, edifact, x12, ansi x12, as2, ubl, peppol, un edifact",
    "kafka event": "kafka, apache kafka, kafka topic, event hub, event hubs",
    "amqp event": "amqp, amqps, rabbitmq, rabbit mq, service bus, azure service bus",
    "jms event": "jms, activemq, ibm mq, tibco ems, websphere mq, mq",
    "mqtt event": "mqtt",
    "sql db": "sql, db, database, jdbc, odbc, database link, db link, dblink, db view, view, datenbank, databank, "
    "base de donnees, direct db",
    "rpc rpc": "rpc, xml rpc, xmlrpc, json rpc, jsonrpc, odoo rpc",
    "smtp": "smtp, mail, e mail, email",
    "ws": "ws, websocket, web socket, wss",
    "cron": "cron",
})  # fmt: skip
