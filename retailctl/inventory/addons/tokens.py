"""What the technical name of a module tells, by whole words between underscores.

Parts of words lie: ``html_editor`` is no EDI, ``pos_restaurant`` no REST, ``social_media`` nothing at all.
"""

from __future__ import annotations

from typing import Final

_TOKENS: Final[dict[str, str]] = {
    "connector": "connector", "payment": "payment", "delivery": "delivery", "edi": "edi", "edifact": "edi",
    "peppol": "edi", "ubl": "edi", "facturx": "edi", "webservice": "api", "rest": "api", "restapi": "api",
    "fastapi": "api", "graphql": "api", "api": "api", "jsonrpc": "api", "soap": "api", "webhook": "webhook",
    "webhooks": "webhook", "queue": "queue", "kafka": "queue", "rabbitmq": "queue", "amqp": "queue", "mqtt": "queue",
    "iap": "iap", "oauth": "sign-in", "ldap": "sign-in", "saml": "sign-in", "sso": "sign-in", "oidc": "sign-in",
    "sftp": "file", "ftp": "file", "storage": "file", "dropbox": "file", "fetchmail": "mail", "sms": "message",
    "whatsapp": "message", "amazon": "marketplace", "ebay": "marketplace", "shopify": "marketplace",
    "magento": "marketplace", "prestashop": "marketplace", "woocommerce": "marketplace", "zalando": "marketplace",
    "google": "cloud", "microsoft": "cloud", "azure": "cloud", "outlook": "cloud", "iot": "device", "hw": "device",
    "terminal": "device", "sync": "sync", "synchro": "sync",
}  # fmt: skip


def tells(technical: str) -> tuple[str, ...]:
    """The kinds of link that a module's name speaks of, sorted; none for most."""
    return tuple(sorted({_TOKENS[token] for token in technical.lower().split("_") if token in _TOKENS}))
