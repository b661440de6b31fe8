"""The estate in the formats of others, so that nobody is locked in: catalogue, architecture model, register."""
