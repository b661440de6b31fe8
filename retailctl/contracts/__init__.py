"""Contracts: documents to facts, facts to judgements. Who consumes them is not known here; ``api`` brings it."""
