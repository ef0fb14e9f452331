"""Web endpoints: every request is an input, and its response is what the input yields."""
