"""Who comes to the table, and how the rounds go.

`readiness` decides who would sit down now, `bargaining_range` what they could agree on, `rounds` plays the
talks out. Importing them is cheap: nothing but NumPy is loaded.
"""

from detente.talks.bargaining_range import BargainingRange, bargaining_range
from detente.talks.readiness import Readiness, Settlement, Terms, readiness
from detente.talks.rounds import Noise, Rounds, draw_noise, rounds

__all__ = [
    "BargainingRange",
    "Noise",
    "Readiness",
    "Rounds",
    "Settlement",
    "Terms",
    "bargaining_range",
    "draw_noise",
    "readiness",
    "rounds",
]
