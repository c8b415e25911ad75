"""NOUNS: what a case is made of, frozen. No file, no array kernel, no rule lives here."""
