"""Games that the tests of words and pictures look at."""

from __future__ import annotations

import random
from pathlib import Path

from detente.scenario.library import new

# A and B each may cooperate. Each likes best to be alone in not doing so, next that both do.
DILEMMA = """
game:
  decision_makers: {a: {name: Ann, options: [c]}, b: {name: Bob, options: [d]}}
  options: {c: {name: Ann cooperates}, d: {name: Bob cooperates}}
  status_quo: [c, d]
  preferences:
    a: {ranking: [[d], [c, d], [], [c]]}
    b: {ranking: [[c], [c, d], [], [d]]}
"""

PEACE = """
game:
  decision_makers:
    government: {name: The government, options: [talks, ceasefire, release]}
    rebels: {name: Armed opposition, options: [stop, attend]}
  options:
    talks: {name: offer talks without conditions}
    ceasefire: {name: declare a ceasefire}
    release: {name: release prisoners, direction: forward}
    stop: {name: stop the offensive}
    attend: {name: come to the talks}
  infeasible:
    - {option: attend, requires: talks}
  status_quo: []
  preferences:
    government: {priorities: [stop, attend, not release, not ceasefire, talks]}
    rebels: {priorities: [release, attend if ceasefire, not stop if not ceasefire, talks, ceasefire]}
"""

RING = """
game:
  decision_makers: {a: {name: Ann}, b: {name: Bob}}
  states: {1: war, 2: truce, 3: talks, 4: peace}
  moves: {a: [[1, 2], [2, 1], [3, 4]], b: [[2, 3], [4, 1]]}
  status_quo: 1
  preferences:
    a: {ranking: [4, 2, 3, 1]}
    b: {ranking: [3, 4, 1, 2]}
"""


def scattered(options: int, makers: int, seed: int = 1) -> str:
    """A game with preferences at random, alike at every run."""
    draw = random.Random(seed)
    names = [f"o{i}" for i in range(options)]
    each = options // makers
    owned = [
        f"    m{m}: {{name: Party {m}, options: [{', '.join(names[m * each : (m + 1) * each])}]}}"
        for m in range(makers)
    ]

    def statement() -> str:
        some = [draw.choice(["", "not "]) + name for name in draw.sample(names, draw.choice([1, 2]))]
        return draw.choice([" and ", " or ", " if "]).join(some)

    ranked = [f"    m{m}: {{priorities: [{', '.join(statement() for _ in range(14))}]}}" for m in range(makers)]
    return "\n".join(
        ["", "game:", "  decision_makers:", *owned, f"  status_quo: [{names[0]}]", "  preferences:", *ranked, ""]
    )


def written(folder: Path, game: str) -> str:
    """A scenario with the game, as a file."""
    file = folder / "game.yaml"
    file.write_text(new() + game, encoding="utf-8")
    return str(file)
