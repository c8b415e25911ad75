"""The open formats of the field: what other programs read and write."""
