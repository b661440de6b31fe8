"""HTML: one self-contained file that works without JavaScript, prints, and asks nothing of the network."""

from retailctl.report.html.page import render

__all__ = ["render"]
