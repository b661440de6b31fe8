"""Avro schemas (contracts.md section 5.3): read with places, resolved reader against writer, compared, witnessed.

Everything follows the schema resolution of the Avro 1.12 specification. Nothing here recurses on the schema: a
document may be nested thousands deep, and its types may contain themselves.
"""
