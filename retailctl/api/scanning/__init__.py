"""``inventory scan`` and its sisters: sources in, observed inventory files and one report out."""
