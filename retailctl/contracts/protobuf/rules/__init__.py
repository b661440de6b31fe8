"""buf's breaking rules, one small function or row each (https://buf.build/docs/breaking/rules)."""
