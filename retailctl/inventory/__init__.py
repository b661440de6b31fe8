"""From the entries of inventory files to one merged estate: identity, precedence, conflicts, coverage."""
