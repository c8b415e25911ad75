"""People in the chain: a room where nations' nodes are played, the seats of those who decide, the record."""
