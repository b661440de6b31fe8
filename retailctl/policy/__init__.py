"""Rules over the estate: packs, CEL, Python checks, waivers, baseline."""
