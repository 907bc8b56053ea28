"""Parsers in a process of their own: a document that makes one crawl, crash or swallow memory costs that document alone."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from typing import Any

from detente.errors import Fault, InputError
from detente.evidence.extract import from_html, from_pdf
from detente.machine import hold_memory

SECONDS = 60  # by the clock, which suffices for a thousand pages of PDF on a busy machine
MEMORY = 2_000_000_000  # bytes, where the system can hold a process to them
_CALL = "from detente.evidence.apart import serve; serve()"


class Broken(Exception):
    """A parser failed at a document; the message names its fault."""


def parse(kind: str, data: bytes, limit: int) -> dict[str, Any]:
    """What `from_html` or `from_pdf` finds in `data`, of whose text no more than `limit` characters are kept.

    Raises `InputError` where it refuses the document or takes longer than a minute, `ImportError` where it is not
    installed, and `Broken` at any other fault.
    """
    command = [
        sys.executable,
        "-P",
        "-c",
        _CALL,
        kind,
        str(limit),
    ]  # -P: no module is taken from the folder we stand in
    path = os.pathsep.join(filter(None, sys.path))
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, env={**os.environ, "PYTHONPATH": path}
        )
    except subprocess.TimeoutExpired:
        found = f"takes a parser longer than {SECONDS} seconds"
        raise InputError(Fault(found, "expected a document of a usual make")) from None
    if done.returncode or not done.stdout:
        raise Broken("its parser broke down")
    return _told(json.loads(done.stdout))


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    if "fault" in answer:
        raise InputError(Fault(*answer["fault"]))
    if "missing" in answer:
        raise ImportError(answer["missing"])
    if "broken" in answer:
        raise Broken(answer["broken"])
    found: dict[str, Any] = answer["found"]
    return {**found, "date": dt.date.fromisoformat(found["date"]) if found["date"] else None}


def serve() -> None:
    """In the process: read a document from standard input, and write what was found as JSON."""
    kind, limit = sys.argv[1], int(sys.argv[2])
    hold_memory(MEMORY)
    answer = _answer(kind, sys.stdin.buffer.read(), limit)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _answer(kind: str, data: bytes, limit: int) -> dict[str, Any]:
    try:
        found = from_pdf(data, limit) if kind == "pdf" else from_html(data.decode("utf-8", "surrogatepass"))
    except InputError as error:
        return {"fault": [error.faults[0].found, error.faults[0].expected]}
    except ImportError as error:
        return {"missing": str(error)}
    except Exception as error:  # whatever a parser raises at a broken file is a fault of the file
        return {"broken": type(error).__name__}
    date = found.get("date")
    return {"found": {**found, "text": found["text"][:limit], "date": date.isoformat() if date else None}}
