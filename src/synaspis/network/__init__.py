"""NODES: a nation's node: its keys, its gateway, the frames between nations. For exercises only."""
