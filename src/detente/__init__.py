"""detente: who would come to the table, on what terms, and what would change their calculation.

>>> import detente
>>> detente.run("syria-2015", central=True).talks.convene.p in (0.0, 1.0)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from detente.api import (
        check,
        compare,
        explain,
        export,
        frontier,
        import_,
        library,
        load,
        parties,
        rank,
        read,
        run,
        schema,
        score,
        sensitivity,
        situation,
        stability,
        tip,
        verdict,
        write_graph_report,
        write_reading,
        write_report,
    )
    from detente.errors import Fault, InputError, UsageError

_ERRORS = ("Fault", "InputError", "UsageError")

__all__ = [
    "Fault",
    "InputError",
    "UsageError",
    "check",
    "compare",
    "explain",
    "export",
    "frontier",
    "import_",
    "library",
    "load",
    "parties",
    "rank",
    "read",
    "run",
    "schema",
    "score",
    "sensitivity",
    "situation",
    "stability",
    "tip",
    "verdict",
    "write_graph_report",
    "write_reading",
    "write_report",
]


def __getattr__(name: str) -> Any:
    # Imported when first asked for, so that `detente --help` and `import detente` are instant.
    if name in _ERRORS:
        from detente import errors

        return getattr(errors, name)
    if name in __all__:
        from detente import api

        return getattr(api, name)
    raise AttributeError(f"module 'detente' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
