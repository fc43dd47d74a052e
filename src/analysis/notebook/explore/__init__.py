"""Try one's own assumptions on a claim, at controls in a notebook.

`controls` says what can be chosen, `state` what was chosen, `bench` what follows from it, `script`
how to say it in code; all of them are plain values. Only `panel` knows widgets.
"""
