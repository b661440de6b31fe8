"""Streams of events, brought to tables that the comparison takes, and what only streams can get wrong."""
