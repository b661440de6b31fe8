"""Which records of data files are of interest, and which of their fields may be kept. Data, not code.

Everything else of a record is dropped as it is read: passwords, keys and payloads stand in data files too.
"""

from __future__ import annotations

from typing import Final

# model -> fields kept as they stand; addresses in them lose user, password and query first
KEPT: Final[dict[str, frozenset[str]]] = {
    "ir.cron": frozenset({"name", "interval_type", "interval_number", "active", "model_id", "state"}),
    "ir.actions.server": frozenset({"name", "state", "model_id", "usage", "webhook_url"}),
    "base.automation": frozenset({"name", "trigger", "model_id", "active"}),
    "ir.config_parameter": frozenset({"key"}),
    "payment.provider": frozenset({"name", "code", "provider", "state"}),
    "payment.acquirer": frozenset({"name", "provider", "state"}),
    "auth.oauth.provider": frozenset({"name", "enabled", "auth_endpoint", "validation_endpoint", "data_endpoint"}),
    "ir.mail_server": frozenset({"name", "smtp_host", "smtp_port", "smtp_encryption"}),
    "fetchmail.server": frozenset({"name", "server", "port", "server_type", "is_ssl", "active"}),
    "queue.job.function": frozenset({"name", "method", "model_id", "channel_id"}),
    "queue.job.channel": frozenset({"name", "parent_id"}),
    "queue.job": frozenset(),
    "webservice.backend": frozenset({"name", "tech_name", "protocol", "auth_type", "url"}),
    "edi.exchange.type": frozenset({"name", "code", "direction", "exchange_file_ext"}),
    "edi.backend": frozenset({"name"}),
    "fs.storage": frozenset({"name", "protocol", "code"}),
    "fastapi.endpoint": frozenset({"name", "app", "root_path"}),
    "endpoint.endpoint": frozenset({"name", "route", "request_method", "auth_type"}),
    "delivery.carrier": frozenset({"name", "delivery_type", "prod_environment"}),
}  # fmt: skip

# fields that are searched for addresses and then dropped
SEARCHED: Final[frozenset[str]] = frozenset(
    {"code", "webhook_url", "auth_endpoint", "validation_endpoint", "data_endpoint", "url", "value", "tracking_url"}
)

# fields that hold a secret, whatever they are called elsewhere
SECRET: Final[frozenset[str]] = frozenset(
    {"password", "smtp_pass", "api_key", "oauth2_client_secret", "client_secret", "secret_key", "webhook_uuid"}
)
ACCESS: Final = "ir.model.access"
