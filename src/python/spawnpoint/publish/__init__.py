"""Deploys by Modal's own package: `modal` is that one here, not the stand-in."""
