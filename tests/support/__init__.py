"""What tests share about API contracts: documents, their equivalent variants, breaking edits, an independent judge."""
