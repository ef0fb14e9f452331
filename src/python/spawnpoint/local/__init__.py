"""Runs functions outside of any engine, as `.local()` does in Python."""
