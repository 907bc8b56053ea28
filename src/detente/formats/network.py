"""The integrated graph of a game for other programs: GraphML (yEd, Gephi, Cytoscape, NetworkX) and DOT (Graphviz).

A node a state, with everybody's payoff and the concepts under which it is an equilibrium; an arc a unilateral move, with
who makes it and whether it is an improvement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.options import OptionForm
from detente.scenario.conflict import Conflict

MOST_STATES = 1 << 14  # of a graph that is written out, with some million moves
COLOURS = 8  # of Graphviz's own scheme
DASHES = ("solid", "dashed", "dotted")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Network:
    """A game to be written, with its equilibria by concept, (N,) each."""

    conflict: Conflict
    game: Game
    equilibria: Mapping[str, NDArray[np.bool_]]

    def __post_init__(self) -> None:
        if self.game.states > MOST_STATES:
            raise UsageError(
                f"export: found {self.game.states:,} states; expected at most {MOST_STATES:,} to write out with all moves"
            )

    def code(self, state: int) -> int:
        """A state's code; in graph form, its number from 1."""
        form = self.conflict.form
        return int(form.codes[state]) if isinstance(form, OptionForm) else state + 1

    def label(self, state: int) -> str:
        """A state by number, and letters or name."""
        form, names = self.conflict.form, self.conflict.names
        return f"#{state + 1} {form.text(state) if isinstance(form, OptionForm) else names.state_names[state]}"

    def concepts(self, state: int) -> str:
        """The concepts under which it is an equilibrium."""
        return " ".join(concept for concept, which in self.equilibria.items() if which[state])

    def arcs(self) -> Iterator[tuple[int, int, int, bool]]:
        """Every move: who makes it, from where, to where, and whether it is an improvement."""
        moves, payoff = self.game.moves, self.game.payoff
        for maker in range(self.game.makers):
            for here in range(self.game.states):
                for there in moves.reach(maker, here).tolist():
                    yield maker, here, there, bool(payoff[maker, there] > payoff[maker, here])


def graphml(network: Network, title: str) -> Iterator[str]:
    """The graph as GraphML, in pieces; characters that XML cannot hold give way to U+FFFD."""
    makers = network.conflict.names.makers
    keys = [
        ("code", "node", "long"),
        ("label", "node", "string"),
        ("equilibrium", "node", "string"),
        ("status_quo", "node", "boolean"),
        *((f"payoff.{maker}", "node", "int") for maker in makers),
        ("decision_maker", "edge", "string"),
        ("name", "edge", "string"),
        ("improvement", "edge", "boolean"),
    ]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, kind, type_ in keys:
        yield f' <key id={_attribute(name)} for="{kind}" attr.name={_attribute(name)} attr.type="{type_}"/>\n'
    yield f' <graph id={_attribute(title)} edgedefault="directed">\n'
    for state in range(network.game.states):
        data = {
            "code": network.code(state),
            "label": network.label(state),
            "equilibrium": network.concepts(state),
            "status_quo": state == network.game.status_quo,
            **{f"payoff.{maker}": int(network.game.payoff[i, state]) for i, maker in enumerate(makers)},
        }
        yield f'  <node id="s{state + 1}">{_data(data)}</node>\n'
    shown = network.conflict.names.maker_names
    for maker, here, there, better in network.arcs():
        data = {"decision_maker": makers[maker], "name": shown[maker], "improvement": better}
        yield f'  <edge source="s{here + 1}" target="s{there + 1}">{_data(data)}</edge>\n'
    yield " </graph>\n</graphml>\n"


def _data(fields: Mapping[str, Any]) -> str:
    return "".join(f"<data key={_attribute(name)}>{_xml(value)}</data>" for name, value in fields.items())


def _xml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(_NOT_XML.sub("\ufffd", str(value)))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def dot(network: Network, title: str) -> Iterator[str]:
    """The graph as DOT, in pieces; a colour and a dash a decision maker, improvements drawn full, other moves pale."""
    names = network.conflict.names
    yield f"digraph {_quoted(title)} {{\n"
    yield '  graph [rankdir="LR"];\n  node [shape="box"];\n  edge [colorscheme="dark28"];\n'
    for state in range(network.game.states):
        concepts = network.concepts(state)
        fields = {
            "label": network.label(state),
            "code": network.code(state),
            "payoffs": " ".join(map(str, network.game.payoff[:, state].tolist())),
            "equilibrium": concepts,
            "peripheries": 2 if concepts else 1,
            **({"style": "bold"} if state == network.game.status_quo else {}),
        }
        yield f"  s{state + 1} [{_fields(fields)}];\n"
    for maker, here, there, better in network.arcs():
        fields = {
            "decision_maker": names.makers[maker],
            "tooltip": names.maker_names[maker],
            "improvement": str(better).lower(),
            "color": maker % COLOURS + 1,
            "style": DASHES[maker // COLOURS % len(DASHES)],
            "penwidth": "2" if better else "0.5",
        }
        yield f"  s{here + 1} -> s{there + 1} [{_fields(fields)}];\n"
    yield "}\n"


def _fields(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_quoted(str(value))}" for name, value in fields.items())


def _quoted(text: str) -> str:
    r"""Text as DOT quotes it, to be shown as it stands; what cannot be shown gives way to U+FFFD.

    >>> print(_quoted('a "b" \\N'))
    "a \"b\" \\N"
    """
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r\n", "\n").replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() else "\ufffd" for c in text) + '"'
