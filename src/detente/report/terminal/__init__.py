"""Results on a terminal: sentences first, then tables that fit 80 columns, with small bars."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.report.terminal.drivers import print_compare as print_compare
    from detente.report.terminal.drivers import print_score as print_score
    from detente.report.terminal.drivers import print_sensitivity as print_sensitivity
    from detente.report.terminal.parts import printable as printable
    from detente.report.terminal.run import print_demo as print_demo
    from detente.report.terminal.run import print_next_steps as print_next_steps
    from detente.report.terminal.run import print_run as print_run
    from detente.report.terminal.scenarios import print_agreement as print_agreement
    from detente.report.terminal.scenarios import print_check as print_check
    from detente.report.terminal.scenarios import print_list as print_list
    from detente.report.terminal.scenarios import print_resolved as print_resolved
    from detente.report.terminal.why import print_explain as print_explain
    from detente.report.terminal.why import print_parties as print_parties
    from detente.report.terminal.why import print_tip as print_tip

_IN = {
    "drivers": ("print_compare", "print_score", "print_sensitivity"),
    "parts": ("printable",),
    "run": ("print_demo", "print_next_steps", "print_run"),
    "scenarios": ("print_agreement", "print_check", "print_list", "print_resolved"),
    "why": ("print_explain", "print_parties", "print_tip"),
}


def __getattr__(name: str) -> Any:
    # Imported when first asked for, so that a command pays for its own answer alone.
    for module, names in _IN.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
