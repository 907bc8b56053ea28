"""What is kept of documents that proposals were made from: their text, and which proposals an analyst decided on.

Statements are opinions of named persons, so that the text lies outside any scenario's folder, readable by its owner alone, and
one call erases it with all that was noted of it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError
from detente.evidence.documents import Document
from detente.files import write_text

DECISIONS = ("accepted", "rejected")
PLACE = "DETENTE_SHELF"  # a folder to use in place of the user's own


def folder() -> Path:
    """The folder of the shelf: the user's data folder, or that in the environment variable ``DETENTE_SHELF``."""
    given = os.environ.get(PLACE)
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("detente", appauthor=False) / "read"


@dataclass
class Shelf:
    """The documents kept in a folder, a file each, named by the SHA-256 of the text."""

    place: Path

    def decided(self, sha256: str, scenario: str) -> dict[str, str]:
        """The proposals decided on for a scenario (its id): key to "accepted" or "rejected"."""
        decisions = self._read(sha256).get("decisions", {}).get(scenario, {})
        return {key: word for key, word in decisions.items() if word in DECISIONS}

    def decide(self, document: Document, scenario: str, key: str, decision: str | None) -> None:
        """Note a decision on a proposal; None takes it back. Keeps the document's text with the first decision."""
        kept = self._read(document.sha256) or {**document.to_dict(), "text": document.text}
        decisions = kept.setdefault("decisions", {}).setdefault(scenario, {})
        if decision is None:
            decisions.pop(key, None)
        else:
            decisions[key] = decision
        self._make()
        write_text(self._file(document.sha256), json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        self._file(document.sha256).chmod(0o600)

    def forget(self, sha256: str) -> list[str]:
        """Erase the document with that SHA-256, or beginning of one (8 signs and more); the names of what was erased.

        Raises `InputError` where there is none, or more than one.
        """
        asked = sha256.strip().lower()
        if not re.fullmatch(r"[0-9a-f]{8,64}", asked):
            raise InputError(Fault(f"'{sha256}'", "expected a SHA-256, or its first 8 signs and more", file="--forget"))
        found = [file for file in self._files() if file.stem.startswith(asked)]
        if len(found) != 1:
            number = f"{len(found)} documents" if found else "no document"
            there = ", ".join(file.stem[:12] for file in self._files()[:5]) or "none is kept"
            raise InputError(
                Fault(f"found {number} kept under '{sha256}'", f"expected one of: {there}", file="--forget")
            )
        name = str(self._read(found[0].stem).get("name", found[0].stem))
        try:
            found[0].unlink()
        except OSError as error:
            raise InputError(Fault(f"could not be erased: {error.strerror}", file=str(found[0]))) from error
        return [name]

    def kept(self) -> list[dict[str, Any]]:
        """What is kept, without the texts."""
        entries = [self._read(file.stem) for file in self._files()]
        return [{key: value for key, value in entry.items() if key != "text"} for entry in entries]

    def _files(self) -> list[Path]:
        return sorted(self.place.glob("*.json"))

    def _file(self, sha256: str) -> Path:
        return self.place / f"{sha256}.json"

    def _make(self) -> None:
        try:
            self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            expected = f"expected a folder that can be made: {PLACE} names another"
            raise InputError(Fault(f"could not be made: {error.strerror}", expected, file=str(self.place))) from error

    def _read(self, sha256: str) -> dict[str, Any]:
        try:
            kept = json.loads(self._file(sha256).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            expected = f"expected what detente wrote there; `detente read --forget {sha256[:12]}` erases it"
            raise InputError(Fault("could not be read", expected, file=str(self._file(sha256)))) from error
        return kept if isinstance(kept, dict) else {}
