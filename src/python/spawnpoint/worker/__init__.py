"""The worker: one process that runs the inputs of one function, and tells the engine about it over a pipe."""
