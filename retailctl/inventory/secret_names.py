"""Which settings hold a secret, told by their names; and whether what stands there is one or a reference to one."""

from __future__ import annotations

import re
from typing import Final

_SECRET: Final = re.compile(
    r"(?:^|[^a-z])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_.-]?key|apikey|access[_.-]?key|private[_.-]?key|"
    r"client[_.-]?secret|auth[_.-]?key|signing[_.-]?key|hmac|credentials?|bearer|sas|connection[_.-]?string)(?:$|[^a-z])",
)
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE: Final = re.compile(
    r"\$|\{\{|\*\*\*|%\(|<[^>]*>$|(?:kv|vault|env|file|secret|secrets|ssm|arn|op|azure|gcp)[/:.]|(?:changeme|none|null|todo|x+)$",
    re.IGNORECASE,
)

PRINT: Final = re.compile(r"hmac:[0-9a-f]{8}:[0-9a-f]{16}")
"""The keyed fingerprint of a secret, as it stands where the secret stood."""


def is_print(value: str) -> bool:
    """Is this the fingerprint of a secret, and no secret itself?"""
    return PRINT.fullmatch(value) is not None


def names_secret(name: str) -> bool:
    """Does a setting of this name hold a secret? ``POSTGRES_PASSWORD``, ``apiKey``, ``connection.password``."""
    return _SECRET.search(_WORDS.sub("_", name).lower()) is not None


def is_literal(value: object) -> bool:
    """Is a value of such a setting a secret in clear, and not a variable, a path into a vault or a placeholder?"""
    return isinstance(value, str) and len(value) >= 3 and _REFERENCE.match(value.strip()) is None
