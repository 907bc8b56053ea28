"""Work on other machines: the executor of a Dask cluster, which serves wherever one of `concurrent.futures` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from detente.analysis.blocks import Elsewhere, working
from detente.errors import Fault, InputError

PATIENCE = "10s"  # for the scheduler to answer


@contextmanager
def cluster(address: str) -> Iterator[Elsewhere]:
    """The workers of the Dask cluster whose scheduler is at `address` (``tcp://HOST:PORT``), all analyses within using them.

    The workers must run the same version of detente. Raises `InputError` where distributed is not installed or nothing
    answers at the address.
    """
    try:
        import distributed
    except ImportError as error:
        expected = "expected: pip install 'detente[cluster]'"
        raise InputError(Fault("what talks to a cluster is not installed", expected, file="--cluster")) from error
    try:
        client: Any = cast(Any, distributed).Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        expected = "expected the address of a Dask scheduler, such as tcp://10.0.0.5:8786"
        raise InputError(Fault(f"'{address}': nothing answers there", expected, file="--cluster")) from error
    try:
        workers = sum(client.nthreads().values())
        if not workers:
            expected = f"expected one: dask worker {address}"
            raise InputError(Fault(f"the cluster at {address} has no worker", expected, file="--cluster"))
        elsewhere = Elsewhere(client.get_executor(), workers)
        with working(elsewhere):
            yield elsewhere
    finally:
        client.close()
