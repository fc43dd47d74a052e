"""Decide what to run, and run it: notebooks through papermill, one kernel each, in parallel."""
