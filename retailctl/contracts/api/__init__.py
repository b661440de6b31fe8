"""API documents (Swagger 2.0, OpenAPI 3.0 to 3.2) in one normal form: operations that point into one schema store."""
