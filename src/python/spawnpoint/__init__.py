"""What runs in the user's interpreter for the local engine: the worker, the describer and what both need.

Standard library only, Python 3.9 and later. Nothing here may print: standard output belongs to user code.
"""
