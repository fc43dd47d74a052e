"""From a claim and its evidence to a verdict: the sweep, the rules, the results."""
