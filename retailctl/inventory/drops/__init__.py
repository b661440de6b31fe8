"""Places where files are dropped and fetched, as the tools that do it are configured."""
