"""Hostile input: what others wrote, in repositories that nobody vouches for, read in jobs that hold credentials."""
