"""A live Odoo, read and never written: guarded sockets, two transports behind one protocol, one error model."""
