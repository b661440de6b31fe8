"""Source code of Odoo addons: routes, scheduled jobs, calls to the outside. Read as text, never imported or run."""
