"""Notes: what a reader of flows writes down about one file. It makes the Seens, and none of them holds a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import bare, in_value
from retailctl.inventory.flows.commands import without_secrets
from retailctl.inventory.flows.path_shapes import mask_secret_paths
from retailctl.inventory.flows.targets import Target, target_of
from retailctl.inventory.reading import Found, Reading
from retailctl.model.interface_key import EventKey, FileKey, InterfaceKey, JobKey, MailKey, SqlKey
from retailctl.model.redaction import Redactor
from retailctl.model.seen import Seen, SeenConsumer, SeenKind
from retailctl.model.sighting import Coverage, Window

Place = int | tuple[str | int, ...]

_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}\b")
_LONGEST: Final = 400
_CLEAN: Final = Redactor()


@dataclass(frozen=True, slots=True)
class Notes:
    """``source`` is that of all sightings, ``host`` what the file runs on: as the user says, else the file itself."""

    source: str
    artefact: Artefact
    reading: Reading
    host: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, source: str, artefact: Artefact, reading: Reading, *, host: str = "") -> Notes:
        """Notes on a file."""
        return cls(source, artefact, reading, reading.system or host or artefact.path, reading.variables)

    def seen(
        self,
        place: Place,
        *,
        kind: SeenKind = "interface",
        name: str = "",
        key: InterfaceKey | None = None,
        provider: str = "",
        consumers: Iterable[SeenConsumer] = (),
        values: Mapping[str, Any] | None = None,
        figures: Mapping[str, Any] | None = None,
        secret: str = "",
        confidence: float = 1.0,
    ) -> Seen:
        """One Seen at a place of the file, without secrets, e-mail addresses and what is empty."""
        seen = Seen(
            source=self.source,
            ref=self.artefact.ref(place),
            kind=kind,
            at=self.reading.as_of,
            name=name,
            key=key,
            provider=provider,
            consumers=tuple(consumers),
            environment=self.reading.environment,
            values=_told(values),
            figures=_told(figures),
            confidence=confidence,
        )
        made: Seen = clean(seen, self.reading)
        return replace(made, secret=secret) if secret else made

    def text(self, written: str) -> str:
        """A text without secrets, before its signs are changed: after that their shape is gone."""
        cleaned: str = clean(written, self.reading)
        return cleaned

    def target(self, written: str) -> Target | None:
        """What an address leads to, with the variables of the user."""
        return target_of(written, self.variables)

    def call(
        self,
        target: Target,
        place: Place,
        *,
        consumer: str = "",
        identity: str = "",
        secret: str = "",
        provider: str = "",
        method: str = "",
        base: bool = False,
        values: Mapping[str, Any] | None = None,
        figures: Mapping[str, Any] | None = None,
        confidence: float = 1.0,
    ) -> Iterator[Seen]:
        """An interface of the system that is called, and a credential for each secret in the address.

        ``provider`` is the name of the other side where it is known better than by its host; ``secret`` the fingerprint
        of one that is sent along.
        """
        key = target.key(method=method, base=base)
        name = provider or target.url.name
        if key is not None and provider:
            key = _named(key, provider)
        account = identity or target.url.user
        users = [SeenConsumer(name=consumer or self.host, identity=account or None, secret=secret or None)]
        for where, value in target.secrets:
            found = self.reading.fingerprint(value)
            shown = where or target.url.user or f"secret in the address of {name}"
            yield self.credential(place, shown, found, provider=name)
            # What stands in the address signs in beside what the step is given otherwise.
            told = SeenConsumer(name=consumer or self.host, identity=shown, secret=found)
            users = [told] if not identity and len(users) == 1 and not users[0].secret else [*users, told]
        extra: dict[str, Any] = dict(figures or {})
        if target.url.is_clear_text and not target.symbolic:
            extra["scheme"] = target.url.scheme
        told_values = dict(values or {})
        if not target.symbolic and target.url.scheme in ("http", "https"):
            endpoint = {"url": target.url.clean}
            if self.reading.environment:
                endpoint["environment"] = self.reading.environment
            told_values.setdefault("endpoints", [endpoint])
        yield self.seen(
            place,
            name="" if key is not None and _tells(key) else target.url.name if key is not None else target.url.clean,
            key=key,
            provider=name,
            consumers=users,
            values=told_values,
            figures=extra,
            confidence=confidence,
        )

    def credential(
        self,
        place: Place,
        name: str,
        fingerprint: str,
        *,
        provider: str = "",
        vault: str = "none",
        figures: Mapping[str, Any] | None = None,
    ) -> Seen:
        """A credential: in clear text where ``fingerprint`` is given, else one that is only named."""
        values = {"kind": "service", "vault": vault or None}
        return self.seen(
            place, kind="credential", name=name, provider=provider, values=values, figures=figures, secret=fingerprint
        )

    def secrets(
        self, value: object, place: Place, *, prefix: str = "", provider: str = "", known: set[str] | None = None
    ) -> Iterator[Seen]:
        """A credential for every secret that stands in clear in a value; ``known`` are fingerprints told already."""
        for name, secret in in_value(value):
            fingerprint = self.reading.fingerprint(bare(secret))
            if known is not None and fingerprint in known:
                continue
            if known is not None:
                known.add(fingerprint)
            shown = "/".join(filter(None, (prefix, name or "secret")))
            yield self.credential(place, shown, fingerprint, provider=provider)

    def coverage(self) -> Coverage:
        """The file was read whole, today, for its host."""
        day = self.reading.as_of
        return Coverage(source=self.source, scope=clean(self.host, self.reading), window=Window(start=day, end=day))


def _tells(key: InterfaceKey) -> bool:
    """Does the key tell more than the system? Without, a name must stand for it."""
    return key.protocol not in ("http", "ws", "soap") or bool(key.address or getattr(key, "method", None))


def _named(key: InterfaceKey, provider: str) -> InterfaceKey:
    """The same key at a system that is known by another name than its host."""
    match key:
        case FileKey() | MailKey() | JobKey():
            return replace(key, provider=provider, host=provider)
        case EventKey():
            return replace(key, provider=provider, cluster=provider)
        case SqlKey():
            _, slash, database = (key.database or "").partition("/")
            return replace(key, provider=provider, database=f"{provider}{slash}{database}")
        case _:
            return replace(key, provider=provider)


class Complaints:
    """Located mistakes of one file: the first few each by itself, the rest as one."""

    def __init__(self, artefact: Artefact, most: int = 10) -> None:
        self.artefact, self.most, self.count = artefact, most, 0

    def add(self, message: str, place: Place, hint: str) -> Iterator[InputError]:
        """The mistake, as long as there are not too many."""
        self.count += 1
        if self.count <= self.most:
            yield self.artefact.error("INP001", message, place, hint=hint)

    def rest(self) -> Iterator[Found]:
        """What was not told yet; call it at the end."""
        if self.count > self.most:
            yield self.artefact.error(
                "INP001",
                f"and {self.count - self.most:,} more of the kind",
                hint="mend the first ones, then read again",
            )


def clean(value: Any, reading: Reading) -> Any:
    """The same value: secrets masked by shape, e-mail addresses as pseudonyms, long texts cut, surrogates gone."""
    if isinstance(value, str):
        text = value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
        text = _CLEAN.text(text[: 4 * _LONGEST])
        if "://" in text or "-u" in text:
            text = without_secrets(text)
        if "/" in text:
            text = mask_secret_paths(text)
        if "@" in text:
            text = _MAIL.sub(lambda found: found[0] if reading.known(found[0]) else reading.pseudonym(found[0]), text)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if isinstance(value, dict):
        return {clean(name, reading): clean(part, reading) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(clean(part, reading) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((part.name, getattr(value, part.name)) for part in fields(value))
        changed = {name: new for name, old in parts if (new := clean(old, reading)) != old}
        return replace(value, **changed) if changed else value
    return value


def _told(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value not in (None, "", [], (), {})}
