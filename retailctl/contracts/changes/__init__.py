"""Changes: what is different between two documents, as facts that know nothing of levels."""
