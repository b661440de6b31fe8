"""An Odoo on this machine that serves records as a real one does, and fails on whatever must never be asked."""
