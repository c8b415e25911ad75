"""PICTURES: filters, association and fusion: the live picture, and how good it is."""
