"""TIME: everything that a regime changes is a time, and one kernel plays the events."""
