"""Fields that are never asked of an Odoo server, whoever asks: secrets, and payloads of customers.

Field rights of Odoo do not protect most of them (a mail password is returned in clear to whoever may read the server's
row), so this list is a security boundary. It works by the words of a name, so that a field nobody has heard of yet is
denied too; a few names with such a word are known to be safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

_WORDS: Final = frozenset({
    "key", "keys", "pass", "pwd", "credential", "credentials", "signature", "certificate", "cert", "pin", "pkcs12",
    "pfx", "pem", "otp", "cookie", "authorization", "passkey", "oauth2", "salt", "hash",
})  # fmt: skip
_INSIDE: Final = ("secret", "passw", "passphrase", "token", "apikey", "hmac", "uuid")  # accesstoken, clientsecret1
_PAIRS: Final = (
    "client_id", "gmail_uri", "outlook_uri", "authorization_code", "latest_response", "latest_diagnosis", "env_default",
    "signup_url", "oauth_uid",
)  # fmt: skip
_SAFE: Final = frozenset({"api_key_duration", "totp_enabled", "allow_tokenization", "support_tokenization"})
_SAFE_OF: Final = frozenset({("ir.config_parameter", "key")})
_OF_MODEL: Final[dict[str, frozenset[str]]] = {
    "base.automation": frozenset({"url"}),
    "product.feed": frozenset({"url"}),
    "ir.config_parameter": frozenset({"value"}),
    "ir.logging": frozenset({"message"}),
    "ir.mail_server": frozenset({"smtp_user"}),
    "fetchmail.server": frozenset({"user", "script"}),
    "queue.job": frozenset({"args", "kwargs", "records", "result", "exc_info", "exc_message", "job_function_args"}),
    "edi.exchange.record": frozenset({"exchange_file", "exchange_error"}),
    "webservice.backend": frozenset({"username"}),
    "fs.storage": frozenset({"options", "json_options", "eval_options_from_env"}),
    "rest.log": frozenset({"headers", "params", "result", "error", "exception_message"}),
    "ir.attachment": frozenset({"datas", "raw", "db_datas"}),
}


def is_denied(model: str, field: str) -> bool:
    """Must this field never be asked for? ``field`` may be a path (``server_id.password``): each part counts."""
    return any(_one(model if number == 0 else "", part) for number, part in enumerate(field.split(".")))


def _one(model: str, name: str) -> bool:
    name = name.lower()
    if name in _SAFE or (model, name) in _SAFE_OF:
        return False
    if name in _OF_MODEL.get(model, ()) or any(part in name for part in (*_INSIDE, *_PAIRS)):
        return True
    return not _WORDS.isdisjoint(name.split("_"))


def denied_among(model: str, fields: Iterable[str], domain: Iterable[Any] = (), order: str = "") -> list[str]:
    """Denied fields that a call would read, or ask about: a condition on a secret tells it bit by bit."""
    named = (*fields, *_of_domain(domain), *(part.split()[0] for part in order.split(",") if part.split()))
    return sorted({name for name in named if is_denied(model, name)})


def _of_domain(domain: Iterable[Any]) -> Iterator[str]:
    for term in domain:
        if isinstance(term, list | tuple) and term:
            yield str(term[0])
