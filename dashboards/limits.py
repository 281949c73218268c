"""Limits by which boards judge in words and at which alert rules fire: one truth for both."""

LONGEST_LAG_S = 60.0  # of a message or a report that waits
NO_FIGURES_S = 3_600.0  # of a report that came and that the figures do not hold; without reports none waits
FEWEST_HOURS = 24.0  # until the broker's queue is full
