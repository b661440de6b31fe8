"""What an Odoo server tells of its interfaces: which records are read, and what they mean."""
