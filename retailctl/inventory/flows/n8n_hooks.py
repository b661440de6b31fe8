"""Where n8n is called: webhooks, forms, chats and the triggers that a service calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.flows import n8n_nodes as types
from retailctl.inventory.flows.loose import listing, mapping, text
from retailctl.inventory.flows.n8n_calls import Step
from retailctl.inventory.flows.path_shapes import random_segments
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen, SeenConsumer

_PARAMETER: Final = re.compile(r":([A-Za-z_]\w*)")
_EXPRESSION: Final = re.compile(r"\{\{.*\}\}", re.DOTALL)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})


def hooks_of(step: Step) -> Iterator[Seen]:
    """Interfaces of the host that this node opens; none for most."""
    if step.kind in types.HOOKS:
        if step.kind == "chatTrigger" and step.parameters.get("public") is not True:
            return  # a chat inside the editor
        for method in _methods(step):
            yield _hook(step, method, _path(step), consumer="")
    elif step.is_called:
        path = f"/webhook/{text(step.node.get('webhookId'))}/webhook"
        yield _hook(step, "POST", path, consumer=step.service)


def _hook(step: Step, method: str, path: str, *, consumer: str) -> Seen:
    authentication = text(step.parameters.get("authentication")) or "none"
    secret = ""
    if not consumer and authentication == "none":
        # Whoever knows the address may call it: what makes it hard to guess is its only secret.
        for segment in random_segments(path):
            secret = step.notes.reading.fingerprint(segment)
            path = path.replace(segment, f"key-{re.sub(r'[^A-Za-z0-9]', '', secret)[-12:]}")
    answers = text(step.parameters.get("responseMode")) or "onReceived"
    values: dict[str, Any] = {
        "pattern": "webhook",
        "direction": "in",
        "mode": "async" if answers == "onReceived" and step.kind != "chatTrigger" else "sync",
    }
    figures = {**step.figures, "authentication": "" if consumer else authentication, "response_mode": answers}
    users = [SeenConsumer(name=consumer)] if consumer else []
    return step.notes.seen(
        step.place,
        key=HttpKey(protocol="http", provider=step.notes.host, method=method, address=path),
        provider=step.notes.host,
        consumers=users,
        values=values,
        figures=figures,
        secret=secret,
        confidence=step.confidence,
    )


def _methods(step: Step) -> list[str]:
    if step.kind != "webhook":
        return ["POST"]
    asked = step.parameters.get("httpMethod") or "GET"
    told = [text(each).upper() for each in (listing(asked) or [asked])]
    return sorted({method for method in told if method in _METHODS}) or ["GET"]


def _path(step: Step) -> str:
    own = text(step.node.get("webhookId"))
    options = mapping(step.parameters.get("options"))
    path = (text(step.parameters.get("path")) or text(options.get("path")) or own).strip("/")
    path = _EXPRESSION.sub("{value}", step.notes.text(path)).lstrip("=")
    if step.kind == "chatTrigger":
        return f"/webhook/{own or path}/chat"
    if ":" in path and own:
        path = f"{own}/{path}"  # n8n tells paths with parameters apart by the id of the node
    return types.HOOKS[step.kind] + _PARAMETER.sub(r"{\1}", path)
