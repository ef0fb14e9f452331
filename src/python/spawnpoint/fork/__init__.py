"""Templates: a process that has imported a version's code, and forks that version's next containers in no time."""
