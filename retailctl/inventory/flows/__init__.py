"""What the readers of flows share: addresses, commands and environments taken apart, and notes without secrets."""
