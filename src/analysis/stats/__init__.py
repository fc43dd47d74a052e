"""Statistics on arrays and plain numbers: no table, no claim, no file."""

MIN_TEST_POINTS = 8  # observations: no test is made, and no p value given, for a shorter series
