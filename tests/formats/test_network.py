"""GraphML and DOT: read back by parsers, they hold the game's states, payoffs, equilibria and moves, whatever the names."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.errors import UsageError
from detente.formats import network
from detente.graph.game import Game
from detente.graph.options import OptionForm
from detente.graph.stability import equilibria, stable
from detente.scenario.conflict import Conflict, GameNames, Preference
from tests.graph.models import random_game

HOSTILE = [
    'a "quoted" name',
    "back\\slash\\",
    'end\\"',
    "<b>&amp;</b>",
    "]]>",
    "line\nbreak",
    "\x00\x1b[0m\ud800",
    "\\N \\G \\l",
    "->;{}[]=,#//",
    "中国 إيران",
    "",
]
Arc = tuple[str, int, int, bool]


def network_of(game: Game, names: list[str]) -> network.Network:
    makers = tuple(names[i % len(names)] for i in range(game.makers))
    options = game.form.options if isinstance(game.form, OptionForm) else 0
    states = () if options else tuple(names[s % len(names)] for s in range(game.states))
    numbers = tuple(str(i) for i in range(options))
    shown = GameNames(tuple(f"m{i}" for i in range(game.makers)), makers, numbers, numbers, states, states)
    conflict = Conflict(shown, game.form, (Preference(),) * game.makers, game.status_quo, ())
    return network.Network(conflict, game, equilibria(stable(game, ["nash", "seq"])))


def arcs_of(game: Game) -> set[Arc]:
    return {
        (f"m{i}", s + 1, t + 1, bool(game.payoff[i, t] > game.payoff[i, s]))
        for i in range(game.makers)
        for s in range(game.states)
        for t in game.moves.reach(i, s).tolist()
    }


def of_graphml(text: str) -> tuple[list[dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.fromstring(text.encode())
    declared = {key.get("id") for key in root.iter(f"{space}key")}

    def data(element: ElementTree.Element) -> dict[str, str]:
        found = {entry.get("key"): entry.text or "" for entry in element.iter(f"{space}data")}
        assert set(found) <= declared
        return found

    nodes = list(root.iter(f"{space}node"))
    assert [node.get("id") for node in nodes] == [f"s{n}" for n in range(1, len(nodes) + 1)]
    edges = [(edge.get("source"), edge.get("target"), data(edge)) for edge in root.iter(f"{space}edge")]
    return [data(node) for node in nodes], edges


_TOKEN = re.compile(r'\s*(?:(->)|([A-Za-z_][A-Za-z_0-9]*)|"((?:[^"\\]|\\.)*)"|([{}\[\];=,]))', re.DOTALL)


def of_dot(text: str) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    """A parser of what DOT's grammar says of quoted strings, attribute lists, node and edge statements."""
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match, text[at : at + 40]
        arrow, name, quoted, mark = match.groups()
        tokens.append(
            ("id", name) if name is not None else ("id", quoted) if quoted is not None else ("", arrow or mark)
        )
        at = match.end()
    assert tokens[0] == ("id", "digraph") and tokens[2] == ("", "{") and tokens[-1] == ("", "}")
    nodes: dict[str, dict[str, str]] = {}
    edges, rest = [], tokens[3:-1]
    while rest:
        end = rest.index(("", ";"))
        statement, rest = rest[:end], rest[end + 1 :]
        open_ = statement.index(("", "["))
        inside = statement[open_ + 1 : -1]
        words = [word for kind, word in inside if kind]
        assert [mark for kind, mark in inside if not kind] == (["=", ","] * len(words))[: len(words) - 1]
        fields = dict(zip(words[::2], words[1::2], strict=True))
        if open_ == 3:
            edges.append((statement[0][1], statement[2][1], fields))
        elif statement[0][1] not in ("graph", "node", "edge"):
            nodes[statement[0][1]] = fields
    return nodes, edges


def shown_by_dot(text: str) -> str:
    """What Graphviz makes of an escape string that names no object."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def cleaned(text: str) -> str:
    """A name as a file holds it: what cannot be shown gives way to one character."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def test_what_is_read_back_is_the_game() -> None:
    rng = np.random.default_rng(3)
    for number in range(60):
        game = random_game(rng, graph=bool(number % 2))
        written = network_of(game, HOSTILE)
        payoffs = [" ".join(map(str, column)) for column in game.payoff.T.tolist()]

        nodes, edges = of_graphml("".join(network.graphml(written, HOSTILE[number % len(HOSTILE)])))
        assert [" ".join(node[f"payoff.m{i}"] for i in range(game.makers)) for node in nodes] == payoffs
        assert [node["equilibrium"] for node in nodes] == [written.concepts(s) for s in range(game.states)]
        arcs = {(d["decision_maker"], int(a[1:]), int(b[1:]), d["improvement"] == "true") for a, b, d in edges}
        assert arcs == arcs_of(game) and len(edges) == len(arcs)

        drawn, lines = of_dot("".join(network.dot(written, HOSTILE[number % len(HOSTILE)])))
        assert [drawn[f"s{s + 1}"]["payoffs"] for s in range(game.states)] == payoffs
        assert [drawn[f"s{s + 1}"]["equilibrium"] for s in range(game.states)] == [n["equilibrium"] for n in nodes]
        arcs = {(d["decision_maker"], int(a[1:]), int(b[1:]), d["improvement"] == "true") for a, b, d in lines}
        assert arcs == arcs_of(game) and len(lines) == len(arcs)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_come_through_whole(name: str) -> None:
    rng = np.random.default_rng(4)
    game = random_game(rng, graph=True)
    written = network_of(game, [name])
    nodes, edges = of_graphml("".join(network.graphml(written, name)))
    kept = re.sub("[\x00\x1b\ud800]", "\ufffd", name)
    assert [node["label"] for node in nodes] == [f"#{s + 1} {kept}" for s in range(game.states)]
    drawn, lines = of_dot("".join(network.dot(written, name)))
    assert [shown_by_dot(fields["label"]) for fields in drawn.values()] == [
        f"#{s + 1} {cleaned(name)}" for s in range(game.states)
    ]
    assert {shown_by_dot(fields["tooltip"]) for *_, fields in lines} <= {cleaned(name)}
    assert len(edges) == len(lines)


def test_a_graph_too_large_to_write_is_said() -> None:
    form = OptionForm((8, 7))
    game = Game(form, np.tile(np.arange(1, form.states + 1, dtype=np.int32), (2, 1)))
    with pytest.raises(UsageError, match="found 32,768 states; expected at most 16,384"):
        network_of(game, ["a"])


def test_the_command_writes_both(tmp_path: Path) -> None:
    from tests.test_cli_graph import DILEMMA, new

    file = tmp_path / "d.yaml"
    file.write_text(new() + DILEMMA, encoding="utf-8")
    for ending in ("graphml", "dot"):
        out = tmp_path / f"d.{ending}"
        found = CliRunner().invoke(app, ["graph", str(file), "--quiet", "--export", str(out)])
        assert found.exit_code == 0, found.exception
        text = out.read_text(encoding="utf-8")
        nodes, edges = of_graphml(text) if ending == "graphml" else of_dot(text)
        assert (len(nodes), len(edges)) == (4, 8)
