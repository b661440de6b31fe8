"""Plans of parallel runs: checked, explained, proposed."""
