"""Equivalent documents: the same promises written in another way.

A variant takes a document and a source of choices and returns a new document; where it does not apply, the document
comes back unchanged. Nothing that a client or a provider could notice on the wire differs between the two.
"""

from __future__ import annotations

from tests.support.variants.base import Variant
from tests.support.variants.moving import MOVING
from tests.support.variants.naming import NAMING
from tests.support.variants.rewriting import REWRITING
from tests.support.variants.servers import SERVERS
from tests.support.variants.swagger import SWAGGER
from tests.support.variants.upgrading import UPGRADING
from tests.support.variants.wording import WORDING

VARIANTS: dict[str, Variant] = {**WORDING, **NAMING, **MOVING, **REWRITING, **SERVERS, **UPGRADING, **SWAGGER}
"""Every variant by its name, for tables of tests and for strategies."""
