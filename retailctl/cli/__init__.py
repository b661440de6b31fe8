"""The command line: a lazy command table, one file per command."""
