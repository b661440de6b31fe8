"""retailctl: inventory, govern and migrate a retail integration estate."""

__version__ = "0.1.0"
