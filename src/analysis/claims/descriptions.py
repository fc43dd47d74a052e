"""What each key of claims.yaml means, for editors and for the reference."""

MEANINGS = {
    "file": {
        "article": "The text under audit: title, publisher, day, and address.",
        "sections": "Its sections: a letter, and a name.",
        "names": "How figures and texts call the words of the tables: a slug, and its name.",
        "deviations": "What was changed after the rules were fixed: day, claims, what, and why.",
        "searches": "What was looked for and where: the log that an UNSUPPORTED verdict needs.",
        "claims": "The claims by name: the letter of the section and a number.",
    },
    "claim": {
        "section": "The section of the article, one of those under `sections`; if left out, the "
        "letters of the claim's name.",
        "locator": "Where in the article: page or paragraph, and sentence.",
        "title": "A few words that head figures.",
        "statement": "What the article says, in our words.",
        "type": "What kind of sentence it is.",
        "checkable": "Whether public data can decide it: yes, partly (its core), or no. If left "
        "out, no where there is a `reason`, else yes.",
        "rule": "What decides it, fixed before the data were read.",
        "reason": "Why it is not testable: N1 a value judgement, N2 a forecast or a possibility, "
        "N3 a private intention, N4 no public data, N5 an undefined term.",
        "why": "The reason in a sentence.",
        "remedy": "What would make it testable.",
        "core": "The part without which the sentence would not be worth saying; if left out, the "
        "statement.",
        "periphery": "What else the sentence asserts, by name.",
        "readings": "Admissible meanings by name, exactly one of them literal; if left out, the "
        "statement, read literally. A meaning that sets nothing may be its statement alone, as in "
        "`literal: It is so.`",
        "method": "How it is tested.",
        "parameters": "The registered parameters of the method. One that is left out has the first "
        "value of the grid, or else the method's default.",
        "grid": "The analyst's choices: a parameter, and all its admissible values.",
        "constraints": "Combinations without sense: `when` holds, `only` these are left.",
        "tables": "All that the claim may read; if left out, the tables that its recipes name.",
        "tags": "The tags that the plan expected; those that are earned stand with the verdict.",
        "causal": "Of a causal sentence: whether a design identifies the effect, and if none does, whether the effect is tested or only a sign of its cause.",
        "certainty": "Declared reasons to move the certainty of the evidence, a sentence each; "
        "proxy, stake and practice may name the parts that they touch.",
        "untested": "The part of the core that nothing tests: certainty is at most LOW.",
        "decided_by": "The data that would decide it, where the evidence does not.",
        "verb": "What the sentence asserts of its quantity; the method must test that.",
        "quantity": "The kind of quantity of which it asserts it.",
        "difference": "The order of difference that it asserts: level, first (growth), second.",
        "fixed": "Parameters that the rule fixes: no grid may vary them.",
        "pending": "Why the claim cannot be run yet.",
    },
    "reading": {
        "kind": "What was said, what a kind reader takes it for, or another meaning. If left out, "
        "`literal` for the reading of that name, else `alternative`.",
        "statement": "The claim, so read.",
        "parameters": "Parameters that this reading sets; no choice moves them.",
        "changes": "What of the sentence it changes: subject, verb, object. One that changes none "
        "has a vote; another is reported beside the verdict.",
        "tag": "The error that is explained if only this reading passes; it must not vote.",
    },
    "search": {
        "claims": "The claims for which it was searched.",
        "looked_for": "What was looked for.",
        "where": "Where: sites, registers, archives, and with which words.",
        "day": "The day of the search.",
        "found": "What was found.",
        "grade": "The grade of the best source that was searched, 1 to 4.",
    },
    "periphery": {
        "statement": "What is asserted beside the core.",
        "tag": "What the claim earns if this fails.",
        "method": "How it is tested, if not as the claim is.",
        "parameters": "The parameters of that test.",
        "needed": "Whether it fails too when nothing admissible is found.",
    },
}
