"""The same verbs for Python callers that the command line has.

Every function takes a workspace root (or finds it upward from the current folder) and returns model types or plain
data; nothing here prints, and nothing reads the clock except through ``as_of``.
"""

from __future__ import annotations
