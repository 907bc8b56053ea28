"""The built-in scenarios, and the blank one that `detente new` starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from detente.errors import UsageError, nearest


@dataclass(frozen=True)
class Entry:
    """A built-in scenario."""

    id: str
    title: str
    question: str | None
    as_of: str
    variants: tuple[str, ...]
    citation: str | None  # of a published case: its folder's name

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "variants": list(self.variants)}


@cache
def _files() -> dict[str, tuple[Traversable, str | None]]:
    """Every built-in file by its id, with the folder that is its citation."""
    root = resources.files("detente.scenario") / "library"
    found: dict[str, tuple[Traversable, str | None]] = {}
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            found[entry.name.removesuffix(".yaml")] = (entry, None)
    for folder in sorted((root / "catalogue").iterdir(), key=lambda e: e.name) if (root / "catalogue").is_dir() else ():
        if folder.is_dir():
            for entry in sorted(folder.iterdir(), key=lambda e: e.name):
                if entry.name.endswith(".yaml"):
                    found[entry.name.removesuffix(".yaml")] = (entry, folder.name)
    found.pop("blank", None)
    return found


def built_in_ids() -> list[str]:
    """Ids of the built-in scenarios."""
    return list(_files())


def text_of(id_: str) -> str:
    """The text of a built-in scenario. Raises `UsageError` with the nearest id where there is none."""
    files = _files()
    if id_ not in files:
        close = nearest(id_, files)
        raise UsageError(
            f"found {id_!r}; expected one of {', '.join(files)}" + (f" (did you mean {close}?)" if close else "")
        )
    return files[id_][0].read_text(encoding="utf-8")


def library() -> list[Entry]:
    """The built-in scenarios with their questions."""
    from detente.scenario.nodes import parse

    found = []
    for id_, (file, citation) in _files().items():
        data = parse(file.read_text(encoding="utf-8"), file.name).data
        found.append(
            Entry(
                id_,
                data["title"],
                data.get("question"),
                str(data["as_of"]),
                tuple(data.get("variants") or ()),
                citation,
            )
        )
    return found


def new(source: str | None = None) -> str:
    """The text of a new scenario file: blank with every part explained, or a copy of a built-in one."""
    if source is not None:
        return text_of(source)
    return (resources.files("detente.scenario") / "library" / "blank.yaml").read_text(encoding="utf-8")
