"""Describes a Python file: imports it, and says which apps and functions it defines and which sources they need."""
