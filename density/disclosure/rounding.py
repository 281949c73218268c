"""How finely open numbers are told: persons to tens, and no ratio so finely that it would tell persons exactly."""

import math

STEP = 10  # persons


def rounded_persons(persons: int) -> int:
    """A number of persons to the nearest ten, five upward [人]."""
    return (persons + STEP // 2) // STEP * STEP


def rounded_ratio(ratio: float, persons: int) -> float:
    """A ratio by persons, no finer than a rounding to tens of its persons makes it.

    With P persons a change of ten moves a ratio r by r × 10 ÷ P; the power of ten at or above that is the step.

    Args:
        ratio: any figure that is divided by persons.
        persons: that it is divided by; below ten they are taken as ten, and of none nothing can be worked out.
    """
    step = abs(ratio) * STEP / max(persons, STEP)
    return ratio if step == 0 or persons == 0 else round(ratio, -math.ceil(math.log10(step)))
