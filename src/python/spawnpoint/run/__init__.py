"""Scripts and local entrypoints: user code outside of containers that runs apps."""
