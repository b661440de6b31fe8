"""Avro schemas (contracts.md section 5.3): read with places, resolved reader against writer, compared, witnessed.

Everything follows the schema resolution of the Avro 1.12 specification. Nothing here recurses on the schema: a
document may be nested thousands deep, and its types may contain themselves.
"""

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.detection import is_avro
from retailctl.contracts.avro.incompatibility import Incompatibility
from retailctl.contracts.avro.json_schema import AsJsonSchema, as_json_schema
from retailctl.contracts.avro.model import AvroSchema, Field, Node, Problem
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import Resolution, resolve
from retailctl.contracts.avro.views import AvroField, avro_fields, avro_problems

__all__ = [
    "AsJsonSchema",
    "AvroField",
    "AvroSchema",
    "Field",
    "Incompatibility",
    "Node",
    "Problem",
    "Resolution",
    "as_json_schema",
    "avro_fields",
    "avro_problems",
    "compare_avro",
    "is_avro",
    "read_avro",
    "resolve",
]
