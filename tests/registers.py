"""A made-up register of claims as text, for tests that change it."""

MINIMAL = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {T: Things, U: Others}
claims:
  T1:
    section: T
    locator: p1
    title: Made up
    statement: Something is more than 10.
    type: level
    checkable: yes
    core: It is more.
    rule: More than 10.
    readings:
      literal:
        kind: literal
        statement: more than 10
    method: level
    parameters:
      measures: [{terms: []}]
      claimed: 10
      unit: t
    grid:
      reporter: [a, b]
    tables: [trade/flows]
"""
UNTESTABLE = """\
  T2:
    section: U
    locator: p2
    title: Not to be tested
    statement: Something is good.
    type: normative
    checkable: no
    reason: N1
    why: It is a matter of taste.
    remedy: A measure of goodness.
"""
READING = "      literal:\n        kind: literal\n        statement: more than 10\n"
