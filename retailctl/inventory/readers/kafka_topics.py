"""Topics of Kafka as sightings: what ``kafka-topics`` and ``kafka-acls`` print, lists as JSON or YAML, Strimzi.

* interface: one per topic, key (cluster, topic); the cluster is what the user or the label of Strimzi says. Topics of
  Kafka itself (``__consumer_offsets``) are left out; those of a permission alone count too.
* consumers: who may read the topic by name or prefix; the group where somebody may read one group only.
  ``publishers``: who may write it. A permission on ``*`` shows nobody.
* event: one per topic; the publisher where exactly one may write.
* credential: every principal, with what it may do; ``wildcard`` for permissions on everything.
* figures: partitions, replicas, ``retention.ms``, ``cleanup.policy`` and what else is configured.
* Coverage of the cluster for a list or description of topics; permissions alone are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.gateway_paths import version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.kafka_acls import NAME, Rule, Topic, described, rules
from retailctl.inventory.loose import Steps, covered, entries, mapping, number, refused, sequence, text, texts
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import EventKey
from retailctl.model.seen import Seen, SeenConsumer

_KIND: Final = "list of Kafka topics or permissions"
_SHOWN: Final = ("retention.ms", "retention.bytes", "cleanup.policy", "min.insync.replicas", "max.message.bytes", "segment.ms")  # fmt: skip  # noqa: E501
_READ, _WRITE = frozenset({"READ", "ALL"}), frozenset({"WRITE", "ALL"})
Entry = tuple[Topic, Steps | int]


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    if isinstance(data, dict | list):
        kinds = [text(mapping(root).get("kind")) for _, root in artefact.documents()]
        strimzi = [kind in ("KafkaTopic", "KafkaUser") for kind in kinds]
        if any(strimzi):
            return 0.95 if all(strimzi) else 0.4
        return 0.85 if next(_listed(data, ()), None) is not None else 0.0
    if b"Current ACLs for " in artefact.head or next(described(artefact.first_lines), None) is not None:
        return 0.95
    lines = [line for line in artefact.first_lines if line.strip()]
    plain = bool(lines) and all(NAME.fullmatch(line.strip()) for line in lines)
    return 0.55 if plain and "topic" in artefact.name.lower() and artefact.suffix in ("", ".txt", ".lst") else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    topics: list[Entry] = []
    permissions: list[Rule] = []
    cluster, complete = reading.system, False
    if artefact.document is not None:
        for steps, root in artefact.documents():
            label = text(mapping(mapping(mapping(root).get("metadata")).get("labels")).get("strimzi.io/cluster"))
            cluster = cluster or label
            kind = text(mapping(root).get("kind"))
            if kind == "KafkaUser":
                permissions += _strimzi_user(artefact, mapping(root), steps)
            elif kind == "KafkaTopic":
                topics += _strimzi_topic(mapping(root), steps)
            else:
                topics += _listed(root, steps)
                complete = True
    else:
        lines = artefact.text.splitlines()
        topics = [(one, one.line) for one in described(lines)]
        permissions = list(rules(lines))
        if not (topics or permissions):
            names = [(number_, line.strip()) for number_, line in enumerate(lines, 1) if line.strip()]
            if any(not NAME.fullmatch(name) for _, name in names):
                raise refused(artefact, _KIND, "a line is no name of a topic")
            topics = [(Topic(name, at, None, None, {}), at) for at, name in names]
        complete = bool(topics)
    if not (topics or permissions):
        raise refused(artefact, _KIND, "no topic is in it")
    yield from _all(artefact, reading, cluster or artefact.path, topics, permissions)
    if complete:
        yield covered("kafka", cluster or artefact.path, reading)


def _strimzi_topic(root: dict[Any, Any], steps: Steps) -> Iterator[Entry]:
    spec = mapping(root.get("spec"))
    name = text(spec.get("topicName")) or text(mapping(root.get("metadata")).get("name"))
    configs = {str(key): text(value) for key, value in mapping(spec.get("config")).items()}
    if name:
        yield Topic(name, 0, number(spec.get("partitions")), number(spec.get("replicas")), configs), steps


def _strimzi_user(artefact: Artefact, root: dict[Any, Any], steps: Steps) -> Iterator[Rule]:
    spec = mapping(root.get("spec"))
    user = text(mapping(root.get("metadata")).get("name"))
    for where, acl in entries(
        mapping(spec.get("authorization")).get("acls"), (*steps, "spec", "authorization", "acls")
    ):
        resource = mapping(acl.get("resource"))
        for operation in texts(acl.get("operations")) or texts(acl.get("operation")):
            yield Rule(
                text(resource.get("type")).lower(),
                text(resource.get("name")) or "*",
                text(resource.get("patternType")).lower() == "prefix",
                user,
                operation.upper(),
                text(acl.get("type")).lower() != "deny",
                artefact.at(where).line,
            )


def _listed(root: Any, steps: Steps) -> Iterator[Entry]:
    """Topics of a list, under ``topics`` or ``data`` or by name, as REST interfaces and kcat write them."""
    for key in ("topics", "data"):
        if isinstance(root, dict) and isinstance(root.get(key), list | dict):
            root, steps = root[key], (*steps, key)
            break
    else:
        if isinstance(root, dict):
            return
    if isinstance(root, dict):
        root, named = [{"name": name, **mapping(one)} for name, one in root.items()], list(root)
    else:
        named = list(range(len(sequence(root))))
    for key, one in zip(named, sequence(root), strict=True):
        entry = mapping(one)
        name = text(next((entry[word] for word in ("topic_name", "topicName", "topic", "name") if word in entry), ""))
        known = entry.keys() & {"partitions", "partitions_count", "partitionCount", "replicas", "replication_factor",
                                "replicationFactor", "topic", "topic_name", "topicName"}  # fmt: skip
        if not name or not known or not NAME.fullmatch(name):
            continue
        partitions = entry.get("partitions", entry.get("partitions_count", entry.get("partitionCount")))
        replicas = next(
            (entry[word] for word in ("replication_factor", "replicationFactor", "replicas") if word in entry), None
        )
        raw = entry.get("config", entry.get("configs"))
        pairs = raw.items() if isinstance(raw, dict) else ((mapping(two).get("name"), mapping(two).get("value")) for two in sequence(raw))  # fmt: skip  # noqa: E501
        configs = {str(key_): text(value) for key_, value in pairs}
        count = len(partitions) if isinstance(partitions, list) else number(partitions)
        yield Topic(name, 0, count, number(replicas), configs), (*steps, key)


def _all(
    artefact: Artefact, reading: Reading, cluster: str, topics: Iterable[Entry], permissions: list[Rule]
) -> Iterator[Seen]:
    named: dict[str, Entry] = {topic.name: (topic, place) for topic, place in topics}
    for rule in permissions:
        if rule.resource == "topic" and rule.name != "*" and not rule.prefix:
            named.setdefault(rule.name, (Topic(rule.name, rule.line, None, None, {}), rule.line))
    groups = _groups(permissions)
    by_name: dict[str, list[Rule]] = {}
    prefixes = [rule for rule in permissions if rule.prefix and rule.allow and rule.resource == "topic"][:1000]
    for rule in permissions:
        if rule.allow and rule.resource == "topic" and not rule.prefix:
            by_name.setdefault(rule.name, []).append(rule)
    for name, (topic, place) in named.items():
        if name.startswith("__"):
            continue
        mine = [*by_name.get(name, ()), *(rule for rule in prefixes if rule.names(name))]
        readers = sorted({rule.principal for rule in mine if rule.operation in _READ})
        writers = sorted({rule.principal for rule in mine if rule.operation in _WRITE})
        figures: dict[str, Any] = {"partitions": topic.partitions, "replicas": topic.replicas, "publishers": writers}
        figures |= {key: topic.configs[key] for key in _SHOWN if key in topic.configs}
        figures = {key: value for key, value in figures.items() if value not in (None, [], "")}
        consumers = tuple(SeenConsumer(name=one, identity=one, group=groups.get(one)) for one in readers)
        seen = Seen(
            source="kafka",
            ref=artefact.ref(place),
            at=reading.as_of,
            key=EventKey(protocol="kafka", provider=cluster, cluster=cluster, topic=name, version=version_in(name)),
            provider=cluster,
            consumers=consumers,
            environment=reading.environment,
            figures=figures,
        )
        yield seen
        yield replace(seen, kind="event", name=name, values={"publisher": writers[0]} if len(writers) == 1 else {})
    yield from _principals(artefact, reading, cluster, permissions)


def _groups(permissions: list[Rule]) -> dict[str, str]:
    """The consumer group of each principal that may read one only."""
    found: dict[str, set[str]] = {}
    for rule in permissions:
        if rule.resource == "group" and rule.allow and rule.name != "*" and not rule.prefix:
            found.setdefault(rule.principal, set()).add(rule.name)
    return {principal: next(iter(names)) for principal, names in found.items() if len(names) == 1}


def _principals(artefact: Artefact, reading: Reading, cluster: str, permissions: list[Rule]) -> Iterator[Seen]:
    mine: dict[str, list[Rule]] = {}
    for rule in permissions:
        mine.setdefault(rule.principal, []).append(rule)
    for principal, found in mine.items():
        if principal in ("*", "ANONYMOUS"):
            continue
        wild = sorted({rule.operation.lower() for rule in found if rule.name == "*" and rule.allow})
        figures: dict[str, Any] = {
            "wildcard": wild,
            "permissions": sorted({f"{rule.resource}:{rule.operation.lower()}" for rule in found if rule.allow}),
        }
        yield Seen(
            source="kafka", ref=artefact.ref(found[0].line), kind="credential", at=reading.as_of, name=principal,
            provider=cluster, environment=reading.environment,
            figures={key: value for key, value in figures.items() if value},
        )  # fmt: skip


READER = Reader("kafka", "topics and permissions of Kafka", _detect, guarded(_read))
