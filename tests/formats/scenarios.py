"""Scenarios made up by hypothesis, for round trips through other programs' files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from detente.scenario.nodes import parse
from detente.scenario.read import Scenario, build
from detente.scenario.write import scenario_text

WORDS = st.text(st.sampled_from("abcdefgABC éü中'.-(),=+@; 012"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
NAMES = WORDS.filter(bool)
IDS = st.from_regex("[a-z][a-z0-9-]{0,6}", fullmatch=True).filter(
    lambda text: text not in ("no", "on", "yes", "off", "y", "n", "true", "false", "null")
)


def grid(low: float, high: float, steps: int = 1000) -> st.SearchStrategy[float]:
    """Numbers between two others, of few digits."""
    return st.integers(0, steps).map(lambda i: round(low + (high - low) * i / steps, 6))


@st.composite
def spreads(draw: Any, low: float, high: float) -> Any:
    """A number, or a range of one of the two plain forms."""
    numbers = sorted(draw(st.lists(grid(low, high), min_size=3, max_size=3)))
    kind = draw(st.sampled_from(["exact", "uniform", "pert"]))
    if kind == "exact" or numbers[0] == numbers[2]:
        return numbers[1]
    if kind == "uniform":
        return {"low": numbers[0], "high": numbers[2]}
    return {"low": numbers[0], "mode": numbers[1], "high": numbers[2]}


@st.composite
def scenarios(
    draw: Any,
    *,
    ranges: bool = False,
    scales: bool = False,
    full: bool = False,
    least: int = 1,
    capability: tuple[float, float] = (0.001, 200),
    names: st.SearchStrategy[str] = NAMES,
) -> Scenario:
    """A scenario of actors, issues and stances. `full`: every actor has a stance on every issue."""
    number = spreads if ranges else grid
    actor_ids = draw(st.lists(IDS, min_size=least, max_size=5, unique=True))
    issue_ids = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    actor_names = draw(st.lists(names, min_size=len(actor_ids), max_size=len(actor_ids), unique=True))
    issue_names = draw(st.lists(names, min_size=len(issue_ids), max_size=len(issue_ids), unique=True))
    actors = {
        id_: {
            "name": name,
            "role": draw(st.sampled_from(["belligerent", "bystander"])),
            "capability": draw(number(*capability)),
        }
        for id_, name in zip(actor_ids, actor_names, strict=True)
    }
    issues, stances = {}, []
    for id_, name in zip(issue_ids, issue_names, strict=True):
        low, high = (draw(grid(-50, 50)), draw(grid(51, 300))) if scales else (0, 100)
        quo = draw(st.just("unknown") | grid(low, high))
        issues[id_] = {"name": name, "scale": {low: draw(names), high: draw(names)}, "status_quo": quo}
    for actor in actor_ids:
        for issue, entry in issues.items():
            if full or draw(st.booleans()):
                low, high = entry["scale"]
                stance = {"actor": actor, "issue": issue, "position": draw(number(low, high))}
                stances.append({**stance, "salience": draw(number(0, 1)), "since": "2000-01-01"})
    data = {"detente": 1, "id": "made-up", "title": "Made up", "as_of": "2000-01-01"}
    data |= {"actors": actors, "issues": issues, "stances": stances}
    return build(parse(scenario_text(data), "made-up.yaml"))


def plain(data: Any) -> Any:
    """What a scenario says of actors, issues and stances, in order; a name that is the id may be left out."""
    named = [[(id_, {"name": id_, **entry}) for id_, entry in data[kind].items()] for kind in ("actors", "issues")]
    return [*named, data["stances"]]
