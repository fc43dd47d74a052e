"""Show the objects of an audit in a notebook: short, escaped, readable on light and on dark.

Importing this package registers how each type looks; see `analysis.display_hook`.
"""

from analysis.notebook.display import claims, curves, estimates, tables, verdicts

__all__ = ["claims", "curves", "estimates", "tables", "verdicts"]
