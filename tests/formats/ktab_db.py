"""Results as KTAB stores them, made for the tests: the tables and columns of its SQLite files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

SCENARIO = "0123456789abcdef0123456789abcdef"
CODES = (
    *("VictoryProbModel", "ProbCondorcetElection", "StateTransition", "VotingRule", "BigRAdjust"),
    *("BigRRange", "ThirdPartyCommit", "InterVecBrgn", "BargnModel"),
)
DEFAULTS = (0, 0, 0, 2, 1, 1, 1, 1, 0)
SCHEMA = f"""
CREATE TABLE ScenarioDesc (Scenario TEXT, "Desc" TEXT, ScenarioId TEXT, RNGSeed TEXT, {", ".join(f"{c} INTEGER" for c in CODES)});
CREATE TABLE ActorDescription (ScenarioId TEXT, Act_i INTEGER, Name TEXT, "Desc" TEXT);
CREATE TABLE DimensionDescription (ScenarioId TEXT, Dim_k INTEGER, "Desc" TEXT);
CREATE TABLE SpatialCapability (ScenarioId TEXT, Turn_t INTEGER, Act_i INTEGER, Cap REAL);
CREATE TABLE SpatialSalience (ScenarioId TEXT, Turn_t INTEGER, Act_i INTEGER, Dim_k INTEGER, Sal REAL);
CREATE TABLE Accommodation (ScenarioId TEXT, Act_i INTEGER, Act_j INTEGER, Affinity REAL);
CREATE TABLE VectorPosition (ScenarioId TEXT, Turn_t INTEGER, Act_i INTEGER, Dim_k INTEGER, Pos_Coord REAL, Idl_Coord REAL, Mover_BargnId INTEGER);
CREATE TABLE PosEquiv (ScenarioId TEXT, Turn_t INTEGER, Pos_i INTEGER, Eqv_j INTEGER);
CREATE TABLE PosProb (ScenarioId TEXT, Turn_t INTEGER, Est_h INTEGER, Pos_i INTEGER, Prob REAL);
"""


def store(
    file: Path,
    *,
    actors: Sequence[str],
    dims: Sequence[str],
    capability: Sequence[float],
    salience: Sequence[Sequence[float]],
    positions: Sequence[Sequence[Sequence[float]]],
    codes: Sequence[int] = DEFAULTS,
    accommodation: Mapping[tuple[int, int], float] | None = None,
    scenario: str = "Stored",
    seed: str = "7",
) -> Path:
    """A file of one run: positions by turn, actor and dimension from 0 to 100; saliences from 0 to 100."""
    connection = sqlite3.connect(file)
    connection.executescript(SCHEMA)

    def put(table: str, rows: Sequence[Sequence[object]]) -> None:
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    put("ScenarioDesc", [(scenario, "A stored run", SCENARIO, seed, *codes)])
    put("ActorDescription", [(SCENARIO, i, name, f"About {name}") for i, name in enumerate(actors)])
    put("DimensionDescription", [(SCENARIO, k, name) for k, name in enumerate(dims)])
    affinity = {(i, i): 1.0 for i in range(len(actors))} | dict(accommodation or {})
    both = range(len(actors))
    put("Accommodation", [(SCENARIO, i, j, affinity.get((i, j), 0.0)) for i in both for j in both])
    for t, turn in enumerate(positions):
        for i, at in enumerate(turn):
            put("SpatialCapability", [(SCENARIO, t, i, capability[i])])
            put("PosEquiv", [(SCENARIO, t, i, i)])
            put("PosProb", [(SCENARIO, t, 0, i, 1 / len(actors))])
            for k, x in enumerate(at):
                put("SpatialSalience", [(SCENARIO, t, i, k, salience[i][k] / 100)])
                put("VectorPosition", [(SCENARIO, t, i, k, x, x, None)])
    connection.commit()
    connection.close()
    return file


def small(file: Path, **changes: object) -> Path:
    """A run of three actors on two dimensions that nobody moved in."""
    given = {
        "actors": ["North", "South", "East"],
        "dims": ["tax", "war"],
        "capability": [100.5, 50, 25],
        "salience": [[60, 40], [30, 20.5], [10, 10]],
        "positions": [[[10, 20.5], [80, 30], [50, 100]]] * 3,
    }
    return store(file, **{**given, **changes})  # type: ignore[arg-type]
