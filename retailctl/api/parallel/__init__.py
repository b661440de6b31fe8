"""The verbs of ``retailctl parallel``."""
