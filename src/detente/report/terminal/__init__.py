"""Results on a terminal: sentences first, then tables that fit 80 columns, with small bars."""

from detente.report.terminal.drivers import print_compare, print_score, print_sensitivity
from detente.report.terminal.parts import printable
from detente.report.terminal.run import print_demo, print_next_steps, print_run
from detente.report.terminal.scenarios import print_agreement, print_check, print_list, print_resolved
from detente.report.terminal.why import print_explain, print_parties, print_tip

__all__ = [
    "print_agreement",
    "print_check",
    "print_compare",
    "print_demo",
    "print_explain",
    "print_list",
    "print_next_steps",
    "print_parties",
    "print_resolved",
    "print_run",
    "print_score",
    "print_sensitivity",
    "print_tip",
    "printable",
]
