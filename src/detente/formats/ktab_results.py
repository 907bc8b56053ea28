"""KTAB's results in SQLite: an old run as a scenario, with its trajectory and probabilities to compare ours with.

The file is not trusted: it is opened for reading alone, only tables of the names and columns that KTAB writes are asked,
and neither a view nor a virtual table stands in for one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.errors import Fault, InputError
from detente.formats import Foreign
from detente.formats.draft import Draft
from detente.formats.ktab import MODEL, MOST, PARAMETERS, Actor, Model, fill

MAX_ROWS = 5_000_000
MAX_STEPS = 2_000  # of a query, in thousands of the machine's own
TABLES: Mapping[str, tuple[str, ...]] = {
    "ScenarioDesc": ("Scenario", "Desc", "ScenarioId", "RNGSeed"),
    "ActorDescription": ("ScenarioId", "Act_i", "Name", "Desc"),
    "DimensionDescription": ("ScenarioId", "Dim_k", "Desc"),
    "SpatialCapability": ("ScenarioId", "Turn_t", "Act_i", "Cap"),
    "SpatialSalience": ("ScenarioId", "Turn_t", "Act_i", "Dim_k", "Sal"),
    "VectorPosition": ("ScenarioId", "Turn_t", "Act_i", "Dim_k", "Pos_Coord", "Idl_Coord"),
}
MAYBE: Mapping[str, tuple[str, ...]] = {
    "Accommodation": ("ScenarioId", "Act_i", "Act_j", "Affinity"),
    "PosEquiv": ("ScenarioId", "Turn_t", "Pos_i", "Eqv_j"),
    "PosProb": ("ScenarioId", "Turn_t", "Est_h", "Pos_i", "Prob"),
}
# The columns of ScenarioDesc that hold parameters as codes, where KTAB calls them otherwise than in its XML.
_COLUMNS = {"PCEModel": "ProbCondorcetElection", "StateTransitions": "StateTransition"}


@dataclass(frozen=True)
class KtabRun:
    """A run that KTAB stored: T turns after the opening, n actors, k dimensions, positions from 0 to 100."""

    scenario: str
    actors: tuple[str, ...]
    dimensions: tuple[str, ...]
    positions: Floats  # (T + 1, n, k)
    ideals: Floats  # (T + 1, n, k)
    probability: Floats | None  # (T + 1, n), of the position each holds as actor 0 sees it; None if not logged


@dataclass(frozen=True)
class Agreement:
    """A stored run beside ours: what each turn's largest difference is, on the scale of 0 to 100."""

    stored: KtabRun
    ours: Floats  # (T + 1, n, k)
    differences: tuple[float, ...]  # one a turn that both have

    @property
    def largest(self) -> float:
        """The largest difference of all turns."""
        return max(self.differences)

    @property
    def same_turns(self) -> bool:
        """Whether both runs took as many turns."""
        return len(self.stored.positions) == len(self.ours)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "scenario": self.stored.scenario,
            "actors": list(self.stored.actors),
            "issues": list(self.stored.dimensions),
            "turns": {"stored": len(self.stored.positions) - 1, "ours": len(self.ours) - 1},
            "largest_difference": list(self.differences),
            "final": {"stored": self.stored.positions[-1].tolist(), "ours": self.ours[-1].tolist()},
        }


def recognises(file: Foreign) -> bool:
    """Whether it is a SQLite file; whether KTAB's is seen when it is read."""
    return file.data.startswith(b"SQLite format 3\x00")


def read(file: Foreign) -> Draft:
    """A draft of the scenario that a stored run began with. Raises `InputError` with what is wrong."""
    with _open(file.path) as tables:
        draft = Draft(file.name, "the results of a KTAB run in SQLite")
        fill(draft, _model(tables))
        draft.head.append("The results are not in it: `detente import FILE --compare` shows them beside ours.")
        return draft


def stored_run(path: str | Path) -> KtabRun:
    """The trajectory of a stored run. Raises `InputError` with what is wrong."""
    with _open(Path(path)) as tables:
        return tables.run()


def compare(path: str | Path) -> Agreement:
    """A stored run beside ours of the same scenario and parameters."""
    from detente.api import run
    from detente.formats import read as bring

    stored = stored_run(path)
    found = bring(Path(path), "ktab")
    result = run(found.scenario, models=[MODEL], central=True, workers=1)
    ours = np.array(result.to_dict()["trajectories"][MODEL]["positions"], dtype=np.float64)
    turns = min(len(ours), len(stored.positions))
    differences = np.abs(ours[:turns] - stored.positions[:turns]).max(axis=(1, 2))
    return Agreement(stored, ours, tuple(differences.tolist()))


# --- the file ------------------------------------------------------------------------------------------------------


@contextmanager
def _open(path: Path) -> Iterator[_Tables]:
    """The tables of a file, opened for reading alone."""
    file = str(path)
    connection = None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        for setting in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {setting}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
        steps = iter(range(MAX_STEPS * 1000))
        connection.set_progress_handler(lambda: next(steps, None) is None, 1000)
        yield _Tables(connection, file)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        found = f"found no database that can be read: {str(error).lower()}"
        raise InputError(Fault(found, "expected the SQLite file of a KTAB run", file=file)) from None
    finally:
        if connection is not None:
            connection.close()


@dataclass
class _Tables:
    """The tables of one stored scenario."""

    connection: sqlite3.Connection
    file: str

    def __post_init__(self) -> None:
        self.there = self._schema()
        scenarios = self.rows("ScenarioDesc", '"ScenarioId", "Scenario"', where=None)
        if len(scenarios) != 1:
            names = ", ".join(str(name)[:40] for _, name in scenarios[:5]) or "none"
            self.stop("ScenarioDesc", f"found {len(scenarios)} scenarios: {names}", "expected one in a file")
        self.id = scenarios[0][0]

    def stop(self, what: str, found: str, expected: str) -> None:
        """Raise a fault at a table."""
        raise InputError(Fault(found, expected, what, self.file))

    def _schema(self) -> set[str]:
        """The known tables that are there, each with the columns that KTAB gives it."""
        listed = self.connection.execute("SELECT name, type, sql FROM sqlite_schema LIMIT 1000").fetchall()
        kinds = {str(name): (kind, str(sql or "")) for name, kind, sql in listed}
        there = set()
        for name, columns in {**TABLES, **MAYBE}.items():
            if name not in kinds:
                if name in TABLES:
                    self.stop(name, "found no such table", "expected the tables that KTAB writes")
                continue
            kind, sql = kinds[name]
            if kind != "table" or not sql.upper().lstrip().startswith("CREATE TABLE"):
                self.stop(name, f"found a {kind} of this name", "expected a plain table")
            given = {str(row[1]) for row in self.connection.execute(f'PRAGMA table_info("{name}")')}
            missing = [column for column in columns if column not in given]
            if missing:
                self.stop(f"{name}.{missing[0]}", "found no such column", "expected the columns that KTAB writes")
            there.add(name)
        return there

    def rows(self, table: str, columns: str, *, where: str | None = '"ScenarioId" = ?') -> list[tuple[Any, ...]]:
        """Rows of a table, of this scenario."""
        clause, values = (f" WHERE {where}", (self.id,)) if where else ("", ())
        found = self.connection.execute(
            f'SELECT {columns} FROM "{table}"{clause} LIMIT {MAX_ROWS + 1}', values
        ).fetchall()
        if len(found) > MAX_ROWS:
            self.stop(table, f"found more than {MAX_ROWS:,} rows", "expected a smaller run")
        return found

    def names(self, table: str, index: str, name: str) -> list[str]:
        """Names by their index, which must run from 0 without a gap."""
        found = self.rows(table, f'"{index}", "{name}"')
        whole = {row[0]: str(row[1]) for row in found if isinstance(row[0], int)}
        if sorted(whole) != list(range(len(found))) or not found or len(found) > MOST * 4:
            self.stop(f"{table}.{index}", f"found {len(found)} rows", "expected one an index, from 0 on")
        return [whole[i] for i in range(len(found))]

    def array(self, table: str, columns: Sequence[str], value: str, shape: tuple[int | None, ...]) -> Floats:
        """A table as an array by its index columns; rows that repeat a key count once, none may be missing."""
        listed = ", ".join(f'"{name}"' for name in (*columns, value))
        cells = self.rows(table, listed)
        try:
            numbers = np.array(cells, dtype=np.float64).reshape(-1, len(columns) + 1)
        except (TypeError, ValueError):
            numbers = np.array([[np.nan]])
        if not numbers.size or not np.isfinite(numbers).all():
            self.stop(f"{table}.{value}", "found what is no number", "expected numbers in every row")
        index = numbers[:, :-1].astype(np.int64)
        most = index.max(axis=0) + 1
        size = tuple(int(top) if end is None else end for end, top in zip(shape, most, strict=True))
        if (index < 0).any() or (index >= size).any() or (index != numbers[:, :-1]).any() or np.prod(size) > MAX_ROWS:
            self.stop(table, "found an index out of range", f"expected indices below {', '.join(map(str, size))}")
        found = np.full(size, np.nan)
        found[tuple(index.T)] = numbers[:, -1]
        if np.isnan(found).any():
            gap = ", ".join(f"{c} {i}" for c, i in zip(columns, np.argwhere(np.isnan(found))[0], strict=True))
            self.stop(table, f"found no row for {gap}", "expected one for each")
        return found

    def run(self) -> KtabRun:
        """The trajectory."""
        actors = self.names("ActorDescription", "Act_i", "Name")
        dimensions = self.names("DimensionDescription", "Dim_k", "Desc")
        shape, by = (None, len(actors), len(dimensions)), ("Turn_t", "Act_i", "Dim_k")
        positions = self.array("VectorPosition", by, "Pos_Coord", shape)
        ideals = self.array("VectorPosition", by, "Idl_Coord", shape)
        name = str(self.rows("ScenarioDesc", '"Scenario"')[0][0])
        probability = self._probability(len(positions), len(actors))
        return KtabRun(name, tuple(actors), tuple(dimensions), positions, ideals, probability)

    def _probability(self, turns: int, actors: int) -> Floats | None:
        """Of the position that each actor holds, as the first actor sees it, where that was logged."""
        if not {"PosEquiv", "PosProb"} <= self.there or not self.rows("PosProb", "1"):
            return None
        found = np.full((turns, actors), np.nan)
        same = {(t, i): j for t, i, j in self.rows("PosEquiv", '"Turn_t", "Pos_i", "Eqv_j"')}
        given = {(t, i): p for t, h, i, p in self.rows("PosProb", '"Turn_t", "Est_h", "Pos_i", "Prob"') if h == 0}
        for turn in range(turns):
            for actor in range(actors):
                chance = given.get((turn, same.get((turn, actor), actor)))
                found[turn, actor] = np.nan if not isinstance(chance, (int, float)) else chance
        return found


def _model(tables: _Tables) -> Model:
    """The scenario with which a stored run began."""
    actors = tables.names("ActorDescription", "Act_i", "Name")
    dimensions = tables.names("DimensionDescription", "Dim_k", "Desc")
    described = tables.names("ActorDescription", "Act_i", "Desc")
    n, k = len(actors), len(dimensions)
    capability = tables.array("SpatialCapability", ("Turn_t", "Act_i"), "Cap", (None, n))[0]
    salience = tables.array("SpatialSalience", ("Turn_t", "Act_i", "Dim_k"), "Sal", (None, n, k))[0]
    position = tables.array("VectorPosition", ("Turn_t", "Act_i", "Dim_k"), "Pos_Coord", (None, n, k))[0]
    found = [
        Actor(
            name,
            described[i] if described[i] != "None" else "",
            _text(capability[i]),
            [_text(x) for x in position[i]],
            [_text(100 * s) for s in salience[i]],
            None,
        )
        for i, name in enumerate(actors)
    ]
    name, description, seed = tables.rows("ScenarioDesc", '"Scenario", "Desc", "RNGSeed"')[0]
    pairs: dict[tuple[str, str], tuple[str, int | None]] = {}
    if "Accommodation" in tables.there and tables.rows("Accommodation", "1"):
        matrix = tables.array("Accommodation", ("Act_i", "Act_j"), "Affinity", (n, n))
        pairs = {
            (actors[i], actors[j]): (_text(matrix[i, j]), None)
            for i in range(n)
            for j in range(n)
            if matrix[i, j] or i == j
        }
    text = str(seed)
    return Model(
        str(name),
        str(description or ""),
        dimensions,
        found,
        _parameters(tables),
        text if text.isascii() and text.isdigit() and int(text[:30]) < 2**64 else None,
        pairs,
    )


def _parameters(tables: _Tables) -> dict[str, str]:
    """Parameters by their codes, where the file has them."""
    there = {str(row[1]) for row in tables.connection.execute('PRAGMA table_info("ScenarioDesc")')}
    found = {}
    for name, values in PARAMETERS.items():
        column = _COLUMNS.get(name, name)
        if column not in there:
            continue
        code = tables.rows("ScenarioDesc", f'"{column}"')[0][0]
        if not isinstance(code, int) or not 0 <= code < len(values):
            expected = f"expected a code from 0 to {len(values) - 1}"
            tables.stop(f"ScenarioDesc.{column}", f"found {str(code)[:40]}", expected)
        found[name] = values[code]
    return found


def _text(value: float) -> str:
    """A number without what a binary fraction adds in its last place."""
    return repr(round(float(value), 10))
