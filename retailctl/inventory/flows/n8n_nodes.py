"""What n8n node types are: data. A type that is not here and has a credential calls the service it is named after."""

from __future__ import annotations

import re
from typing import Final

_PACKAGE: Final = re.compile(r"^(?:@[\w.-]+/)?n8n-nodes-[\w-]+\.|^(?:@[\w.-]+/)?[\w-]+\.")
_SIGN_IN: Final = re.compile(r"(?:(?:OAuth[12]|AccessToken|ServiceAccount|Token)?Api|OAuth[12])$")
_FORM: Final = re.compile(r"(?:Trigger|Tool)$")

# Notes, placeholders and what only shapes data: no call, whatever stands in their parameters.
SILENT: Final = frozenset({"stickyNote", "noOp", "respondToWebhook", "start", "manualTrigger"})
SCHEDULED: Final = frozenset({"scheduleTrigger", "cron", "interval"})
# Address in a parameter, by type: the parameter, and that of the method.
HTTP: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "httpRequest": ("url", ("method", "requestMethod")),
    "toolHttpRequest": ("url", ("method", "requestMethod")),
    "httpRequestTool": ("url", ("method", "requestMethod")),
    "graphql": ("endpoint", ("requestMethod",)),
    "rssFeedRead": ("url", ()),
    "rssFeedReadTool": ("url", ()),
    "rssFeedReadTrigger": ("feedUrl", ()),
    "sseTrigger": ("url", ()),
    "mcpClientTool": ("sseEndpoint", ()),
}
# Where requests come in: the first part of the path.
HOOKS: Final = {"webhook": "/webhook/", "formTrigger": "/form/", "chatTrigger": "/webhook/", "mcpTrigger": "/mcp/"}
CODE: Final = {
    "code": ("jsCode", "pythonCode"), "function": ("functionCode",), "functionItem": ("functionCode",),
    "toolCode": ("jsCode", "pythonCode"),
}  # fmt: skip
COMMANDS: Final = {"executeCommand": "command"}
SUBFLOWS: Final = frozenset({"executeWorkflow", "toolWorkflow", "retrieverWorkflow", "executeWorkflowTool"})
# By type of node or of credential: which wire the other side is on.
SQL: Final = frozenset({
    "postgres", "postgresPgVector", "mySql", "microsoftSql", "mongoDb", "questDb", "timescaleDb", "timescale",
    "crateDb", "snowflake", "oracleDB", "oracleSql", "mariaDb", "redshift",
})  # fmt: skip
EVENTS: Final = {"rabbitmq": "amqp", "amqp": "amqp", "kafka": "kafka", "mqtt": "mqtt"}
FILES: Final = frozenset({"ftp", "sftp"})
MAIL: Final = {"emailSend": "smtp", "smtp": "smtp", "emailReadImap": "imap", "imap": "imap", "sendEmail": "smtp"}
# Reached over another wire than those of an interface key: told as a system with its consumer.
OTHER: Final = frozenset({"redis", "ssh", "sshPassword", "sshPrivateKey", "ldap"})
# The Odoo node calls the ORM: resource -> model, operation -> method.
ODOO_MODELS: Final = {"contact": "res.partner", "opportunity": "crm.lead", "note": "note.note"}
ODOO_METHODS: Final = {
    "create": "create",
    "get": "read",
    "getAll": "search_read",
    "update": "write",
    "delete": "unlink",
}
OPERATIONS: Final = {
    "get": "read", "getAll": "read", "getMany": "read", "search": "read", "select": "read", "find": "read",
    "read": "read", "list": "read", "lookup": "read", "download": "read",
    "create": "create", "insert": "create", "append": "create", "post": "create", "send": "create", "upload": "create",
    "update": "update", "upsert": "update", "edit": "update",
    "delete": "delete", "remove": "delete", "deleteTable": "delete",
}  # fmt: skip


def base_name(type_: str) -> str:
    """``n8n-nodes-base.httpRequest`` -> ``httpRequest``."""
    return _PACKAGE.sub("", type_)


def service_of(type_: str, credential: str = "") -> str:
    """The service that a node type is named after: ``shopifyTrigger`` and ``shopifyTool`` are ``shopify``.

    Parts of agents (``lmChatOpenAi``, ``memoryPostgresChat``) are named after what they do, and their credential after
    the service.
    """
    if "langchain" in type_ and credential:
        return _SIGN_IN.sub("", credential) or credential
    return _FORM.sub("", base_name(type_)) or base_name(type_)


def is_trigger(kind: str) -> bool:
    """Does a workflow begin at nodes of this type?"""
    return kind.endswith("Trigger") or kind in SCHEDULED or kind in HOOKS or kind in ("emailReadImap", "start")
