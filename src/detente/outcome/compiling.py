"""How the kernels of outcome models are compiled.

They let go of Python's lock, so that blocks of draws run on threads, and are kept on disk. Division by zero is as NumPy
has it: none divides by zero, and the check would keep a loop from the vector unit.
"""

from __future__ import annotations

from detente.compiling import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")
inlined = njit(
    cache=True, nogil=True, error_model="numpy", forceinline=True
)  # a call hands over every array, word by word
