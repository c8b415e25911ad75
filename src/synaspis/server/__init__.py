"""HTTP: a run's report on this machine, and the seats of an exercise with their invitations."""
