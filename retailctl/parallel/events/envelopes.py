"""From a message to an event: its id, time and type, and the payload. CloudEvents in both modes, or paths of a plan."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from retailctl.model.event_message import LARGEST, Message
from retailctl.model.events_plan import Envelope
from retailctl.parallel.events.paths import Number, Path, parsed_path, text_of, value_at

_FRAME: Final = 5  # the magic byte 0 and four bytes with the id of a schema
_PREFIXES: Final = ("ce-", "ce_", "cloudevents:", "cloudevents_")  # HTTP; Kafka; AMQP, in its two spellings

NOT_JSON: Final = "NOT_JSON"
NOT_UTF8: Final = "NOT_UTF8"
TOO_LARGE: Final = "TOO_LARGE"
TOO_DEEP: Final = "TOO_DEEP"
FRAMED: Final = "FRAMED"
NO_ENVELOPE: Final = "NO_ENVELOPE"
NO_ID: Final = "NO_ID"
FAULTS: Final[dict[str, str]] = {
    NOT_JSON: "is no JSON",
    NOT_UTF8: "is no UTF-8, or holds half a character",
    TOO_LARGE: f"is larger than {LARGEST >> 20} MiB",
    TOO_DEEP: "is nested too deeply",
    FRAMED: "is framed for a schema registry (magic byte 0 and the id of a schema) and holds no JSON: "
            "capture it decoded, or as an Avro file",
    NO_ENVELOPE: "is no CloudEvent: it has neither specversion nor ce- headers",
    NO_ID: "has no id",
}  # fmt: skip
"""Why an event cannot be compared, in words that follow "it"."""


class Fault(ValueError):
    """An event that cannot be read; ``reason`` is a key of ``FAULTS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(FAULTS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Event:
    """A message, opened. ``attributes`` has what is known of id, time, type, source, subject, key and so on."""

    payload: Any = field(repr=False)
    attributes: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """How messages of one side are opened: an envelope, with its paths understood."""

    cloudevents: bool
    paths: Mapping[str, Path]

    @classmethod
    def of(cls, envelope: Envelope) -> Opening:
        """Raises ValueError for a path that is none; a checked plan has only right ones."""
        names = ("id", "time", "type", "payload", "arrived", "headers", "body")
        given = {name: getattr(envelope, name) for name in names}
        paths = {name: parsed_path(text) for name, text in given.items() if text is not None}
        return cls(envelope.format == "cloudevents", paths)

    def event(self, message: Message) -> Event:
        """The event of a message. Raises Fault."""
        value = message.body if message.decoded else parsed_json(message.body)
        attributes, headers = dict(message.attributes), {name.lower(): text for name, text in message.headers.items()}
        if message.arrived is not None:
            attributes["arrived"] = message.arrived.isoformat()
        elif "arrived" in self.paths:
            _keep(attributes, "arrived", self._at(value, "arrived"))
        if "headers" in self.paths:
            headers |= _texts(self._at(value, "headers"))
        if "body" in self.paths:
            value = self._at(value, "body")
            value = parsed_json(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else value
        payload = self._cloud_event(value, headers, attributes) if self.cloudevents else self._plain(value, attributes)
        if "payload" in self.paths:
            payload = self._at(payload, "payload")
        if not attributes.get("id") and (self.cloudevents or "id" in self.paths):
            raise Fault(NO_ID)
        attributes.setdefault("arrived", attributes.get("time", ""))
        return Event(payload, attributes, headers)

    def _at(self, value: Any, name: str) -> Any:
        return value_at(value, self.paths[name].steps)

    def _plain(self, value: Any, attributes: dict[str, str]) -> Any:
        for name in ("id", "time", "type"):
            if name in self.paths:
                attributes.pop(name, None)
                _keep(attributes, name, self._at(value, name))
        return value

    def _cloud_event(self, value: Any, headers: Mapping[str, str], attributes: dict[str, str]) -> Any:
        if isinstance(value, dict) and isinstance(value.get("attribute"), dict):
            # The Avro format of CloudEvents keeps all attributes in one map.
            value = {**value["attribute"], "data": value.get("data")}
        if isinstance(value, dict) and "specversion" in value:
            for name in ("id", "time", "type", "source", "subject"):
                attributes.pop(name, None)
                _keep(attributes, name, value.get(name))
            return _data(value)
        found = {
            name[len(prefix) :]: text for name, text in headers.items() for prefix in _PREFIXES
            if name.startswith(prefix)
        }  # fmt: skip
        if not found:
            raise Fault(NO_ENVELOPE)
        for name in ("id", "time", "type", "source", "subject"):
            attributes.pop(name, None)
            _keep(attributes, name, found.get(name))
        return value


def _data(value: Mapping[str, Any]) -> Any:
    """The data of a structured CloudEvent; what is in base64 or in a text is JSON once more."""
    if "data_base64" in value:
        try:
            return parsed_json(base64.b64decode(str(value["data_base64"]), validate=True))
        except (binascii.Error, ValueError) as error:
            raise error if isinstance(error, Fault) else Fault(NOT_JSON) from None
    data = value.get("data")
    if isinstance(data, bytes):
        return parsed_json(data)
    kind = str(value.get("datacontenttype") or "json")
    return (
        parsed_json(data.encode("utf-8", "surrogatepass"))
        if isinstance(data, str) and "json" in kind and data[:1] in "{["
        else data
    )


def _keep(attributes: dict[str, str], name: str, value: Any) -> None:
    text = text_of(value)
    if text:
        attributes[name] = text


def _texts(value: Any) -> dict[str, str]:
    return {str(name).lower(): text_of(one) or "" for name, one in value.items()} if isinstance(value, dict) else {}


def parsed_json(body: bytes) -> Any:
    """The value of a JSON text: numbers stay as they are written. A frame of a schema registry around JSON is taken
    off. Raises Fault."""
    if len(body) > LARGEST:
        raise Fault(TOO_LARGE)
    framed = len(body) > _FRAME and body[0] == 0
    try:
        text = (body[_FRAME:] if framed else body).decode("utf-8-sig")
        return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=_constant)
    except RecursionError:
        raise Fault(TOO_DEEP) from None
    except UnicodeDecodeError:
        raise Fault(FRAMED if framed else NOT_UTF8) from None
    except ValueError:
        raise Fault(FRAMED if framed else NOT_JSON) from None


def _constant(_: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError
