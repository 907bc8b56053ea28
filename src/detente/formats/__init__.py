"""Other programs' files, in and out: a module a format, listed here; each is imported when it is used.

To add a format, write its module and a line in `FORMATS`. The module has what the line says that it can do:

- ``recognises(file: Foreign) -> bool``: whether a file is of this format, from its first bytes; never raises;
- ``read(file: Foreign) -> Draft``: raises `InputError` with every fault, each with its line;
- ``write(situation: Situation, path: Path) -> Written``; the path is only looked at, never written to.

And a page, ``docs/formats/NAME.md``: what maps to what, what is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import Fault, InputError, UsageError, nearest

if TYPE_CHECKING:
    from detente.scenario.model import Scenario
    from detente.scenario.situation import Situation

MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Format:
    """A kind of file that other programs write or read."""

    name: str  # as --format takes it
    title: str
    extensions: tuple[str, ...]  # with the dot; the first is the usual one
    module: str  # within this package
    reads: bool = True
    writes: bool = True
    several: bool = False  # files to read: the first, and others that belong to it

    def call(self, what: str, *arguments: Any) -> Any:
        """Call a function of the format's module."""
        return getattr(import_module(f"detente.formats.{self.module}"), what)(*arguments)


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("csv", "a tidy table, a row a stance", (".csv", ".tsv", ".txt"), "tidy"),
        Format("exchange", "records of the exchange model's program", (".txt", ".csv"), "exchange"),
        Format("ktab", "a KTAB scenario, in XML or CSV, or its results", (".xml", ".csv", ".db"), "ktab"),
        Format("genius", "a GENIUS domain with a profile an agent, in XML", (".xml",), "genius", several=True),
        Format("deu", "data on decision-making in the European Union", (".csv",), "deu", writes=False, several=True),
        Format("gmcr", "a game of the program GMCR+", (".gmcr",), "gmcr_scenario"),
        Format("excel", "an Excel workbook that a person can fill in", (".xlsx", ".xlsm"), "excel"),
    )
}


@dataclass(frozen=True)
class Foreign:
    """A file of another program, and those given with it."""

    path: Path
    data: bytes = field(repr=False)  # its first `MAX_BYTES` and a little
    others: tuple[Foreign, ...] = ()

    @property
    def name(self) -> str:
        """What to call it in faults."""
        return str(self.path)

    def whole(self, limit: int = MAX_BYTES) -> bytes:
        """All of it. Raises `InputError` where it is larger than `limit` bytes."""
        if len(self.data) > limit:
            raise InputError(Fault(f"found more than {limit:,} bytes", "expected a smaller file", file=self.name))
        return self.data


@dataclass(frozen=True)
class Imported:
    """A scenario made of another program's file.

    ``text`` is the scenario file. ``to_fill`` names what the format lacks and the scenario needs, with the value that
    stands there for now; ``lost`` what the file holds and the scenario does not; ``read_as`` what was
    read in one of the ways that it could be meant.
    """

    text: str
    format: str
    scenario: Scenario
    to_fill: tuple[str, ...]
    lost: tuple[str, ...]
    read_as: tuple[str, ...] = ()

    def save(self, file: str | Path) -> None:
        """Write the scenario file, whole or not at all."""
        from detente.files import write_text

        write_text(Path(file), self.text)


@dataclass(frozen=True)
class Written:
    """A scenario as another program's file; ``beside`` are files that belong to it, by name."""

    data: bytes = field(repr=False)
    lost: tuple[str, ...] = ()
    beside: dict[str, bytes] = field(default_factory=dict, repr=False)

    def save(self, file: str | Path) -> tuple[Path, ...]:
        """Write the file and those beside it; the paths of all."""
        from detente.files import replacing

        path = Path(file)
        written = {path: self.data, **{path.parent / name: data for name, data in self.beside.items()}}
        for place, data in written.items():
            with replacing(place) as temporary:
                temporary.write_bytes(data)
        return tuple(written)


def names(*, reads: bool = False, writes: bool = False) -> list[str]:
    """Names of the formats, of all or of those that can be read or written.

    >>> "csv" in names(reads=True)
    True
    """
    return [f.name for f in FORMATS.values() if (f.reads or not reads) and (f.writes or not writes)]


def get(name: str, *, reads: bool = False, writes: bool = False) -> Format:
    """The format of a name. Raises `UsageError` with the nearest where there is none that can do this."""
    known = names(reads=reads, writes=writes)
    if name in known:
        return FORMATS[name]
    only = "" if name not in FORMATS else ", which can only be " + ("written" if reads else "read")
    close = nearest(name, known)
    hint = f" (did you mean {close}?)" if close and not only else ""
    raise UsageError(f"--format: found {name}{only}; expected one of {', '.join(known)}{hint}")


def open_file(path: Path, others: tuple[Path, ...] = ()) -> Foreign:
    """A file with its first bytes, or all of them. Raises `InputError` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(Fault(f"could not be read: {reason}", "expected a file", file=str(path))) from None
    if not data:
        raise InputError(Fault("found an empty file", "expected a file of another program", file=str(path)))
    return Foreign(path, data, tuple(open_file(other) for other in others))


def guess(file: Foreign) -> Format:
    """The format of a file, from what stands in it. Raises `InputError` where no format knows it."""
    readable = [FORMATS[name] for name in names(reads=True)]
    ending = file.path.suffix.lower()
    for entry in sorted(readable, key=lambda f: ending not in f.extensions):
        if entry.call("recognises", file):
            return entry
    expected = f"expected one of {', '.join(names(reads=True))}; --format says which"
    raise InputError(Fault("found a file of no kind that detente knows", expected, file=file.name))


def read(path: Path, format: str | None = None, *, as_of: str | None = None, others: tuple[Path, ...] = ()) -> Imported:
    """A scenario from another program's file; the format is guessed where none is given."""
    wanted = None if format is None else get(format, reads=True)
    file = open_file(path, others)
    entry = wanted or guess(file)
    if others and not entry.several:
        raise UsageError(f"import: found {1 + len(others)} files; expected one: {entry.name} takes no more")
    draft = entry.call("read", file)
    return draft.finish(entry.name, as_of)


def write(situation: Situation, path: Path, format: str | None = None) -> Written:
    """A scenario as another program's file; by the ending of the name where no format is given.

    Raises `UsageError` where the name says no format, and where the format holds stances and there are none.
    """
    usual = [name for name in names(writes=True) if path.suffix.lower() == FORMATS[name].extensions[0]]
    if format is None and len(usual) != 1:
        wanted = ", ".join(usual or names(writes=True))
        raise UsageError(f"export: found {path.name}; expected --format, one of {wanted}")
    entry = get(format or usual[0], writes=True)
    if not situation.actors and entry.name != "gmcr":
        game = ", or its game as a file that ends in .gmcr" if situation.game else ""
        raise UsageError(f"export: found no actors in {situation.id}; expected a scenario with stances{game}")
    return entry.call("write", situation, path)
