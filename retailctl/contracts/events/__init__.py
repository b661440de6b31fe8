"""Event contracts: AsyncAPI 2 and 3 and stand-alone JSON Schemas to messages, and the changes between two of them."""
