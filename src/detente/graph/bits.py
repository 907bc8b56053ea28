"""Relations between states as matrices, and packed into bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.bool_]  # (N, N): from the state of the row to that of the column
Bits = NDArray[np.uint64]  # (N, ceil(N / 64)): a matrix, 64 columns a word


def pack(matrix: Matrix) -> Bits:
    """A matrix (N, N) as bits (N, words).

    >>> pack(np.array([[True, False], [True, True]])).tolist()
    [[1], [3]]
    """
    rows, columns = matrix.shape
    found = np.zeros((rows, 8 * -(-columns // 64)), dtype=np.uint8)
    packed = np.packbits(matrix, axis=1, bitorder="little")
    found[:, : packed.shape[1]] = packed
    return found.view("<u8").astype(np.uint64, copy=False)


def unpack(bits: Bits, states: int) -> Matrix:
    """Bits (N, words) as a matrix (N, `states`)."""
    octets = np.ascontiguousarray(bits.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=states, bitorder="little").astype(np.bool_)
