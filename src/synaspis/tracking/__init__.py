"""PICTURES: trackers that make a nation's picture of a raid out of measurements."""
