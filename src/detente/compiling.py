"""numba's `njit`, with one thing mended: a kernel kept on disk is as fresh as everything that went into it.

numba looks at the date and size of the kernel's own file, and not at the kernels that it calls, whose code stands inside
its own. Change one of those in another module, or install a version in which only that changed, and the old machine code
goes on running. Here what is kept on disk also carries a digest of the text of its own module, of the modules whose kernels
it uses, and of constants from elsewhere.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
from numba.core.dispatcher import Dispatcher


def _leave_scipy() -> None:
    """Have numba take for granted that scipy's linear algebra is there, instead of loading it to see.

    It is, detente requires it; and to load it, and half of NumPy with it, takes a sixth of a second that no kernel of ours
    has any use for. A compiled function that multiplies matrices loads it then.
    """
    from numba.np import linalg

    look = linalg.ensure_blas  # no public way to it either
    linalg.ensure_blas = lambda: None
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = look


_leave_scipy()

PLAIN = (bool, int, float, str, tuple)  # what a kernel takes from its module's names as it stands when compiled


def njit(**how: Any) -> Callable[[Any], Any]:
    """A decorator as `numba.njit` gives it."""
    compiler = numba.njit(**how)

    def compiled(function: Any) -> Any:
        made = compiler(function)
        # There is no public way to it; the tests say if another numba keeps it elsewhere.
        kept = getattr(getattr(made, "_cache", None), "_cache_file", None)
        if kept is not None:
            names = function.__globals__
            kept._source_stamp = (kept._source_stamp, _text(names["__file__"]), rests_on(names))
        return made

    return compiled


def rests_on(names: Mapping[str, Any]) -> str:
    """A digest of what a module's kernels use beside their own file: its plain constants, other modules' kernels.

    >>> import detente.graph.relation_kernel as kernel
    >>> rests_on(vars(kernel)) == rests_on({**vars(kernel), "njit": 1})
    False
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, value in sorted(names.items()):
        if isinstance(value, PLAIN) and not name.startswith("__"):
            digest.update(f"{name} = {value!r}\n".encode())
    for module in sorted(set(_used(names))):
        digest.update(_whole(module).encode())
    return digest.hexdigest()


def _used(names: Mapping[str, Any]) -> Iterator[str]:
    """The other modules that kernels among the names come from."""
    for value in names.values():
        if isinstance(value, Dispatcher) and value.py_func.__module__ != names.get("__name__"):
            yield value.py_func.__module__


@cache
def _whole(module: str) -> str:
    """A digest of a module that has been imported, and of what its kernels rest on in turn."""
    found = sys.modules[module]
    return _text(str(found.__file__)) + rests_on(vars(found))


@cache
def _text(file: str) -> str:
    return hashlib.blake2b(Path(file).read_bytes(), digest_size=16).hexdigest()
