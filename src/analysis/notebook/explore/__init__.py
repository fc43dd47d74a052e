"""Try one's own assumptions on a claim, at controls in a notebook.

`controls` says what can be chosen, `state` what was chosen, `evaluator` what follows, `snippet`
how to say it in code; all of them are plain values. Only `panel` knows widgets.
"""
