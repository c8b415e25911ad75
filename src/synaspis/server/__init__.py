"""HTTP on this machine: a run's report."""
