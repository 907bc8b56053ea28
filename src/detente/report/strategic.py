"""The strategic conflict as a part of the report: where it would settle and why, its tables, its graph, its ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.report.charts.around import around
from detente.report.charts.chart import Chart
from detente.report.charts.graph import option_form, stability_matrix
from detente.report.charts.moves import MOST_WHOLE, integrated_graph
from detente.report.charts.states import state_label, support
from detente.report.charts.ways import destinations, paths
from detente.report.parts import Builder, Numbering, Row, Section, Table, Text
from detente.report.sentences.graph import fall_sentences, why_sentences
from detente.report.sentences.graph_ways import inverse_sentences, to_sentences
from detente.report.sentences.settling import equilibrium_sentences, settling_sentences
from detente.report.wishes import wishes
from detente.report.words import plain_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_inverse import Inverse

MOST_AROUND = 5  # neighbourhoods of equilibria in a game too large to draw whole
LIMITS = (
    "That a state is stable says that it would last once it is there, not that it comes about, nor when.",
    "Who prefers what is the coder's reading. The concepts differ in what a party fears when it moves; none is known to be "
    "the one that people follow, and a state that is an equilibrium under all of them rests on the least.",
)
BUSY = 64  # states from which neighbourhoods stand beside the whole


def strategic_section(build: Numbering, found: GraphResult) -> Section:
    """The section on the strategic conflict; its figures rest on the numbers of the game."""
    rests = build.of("game.") if isinstance(build, Builder) else ()
    ends = destinations(found)
    beside = _focal(found)
    words = equilibrium_sentences(found)
    figures = [build.figure(option_form(found), rests), build.figure(stability_matrix(found), rests, words)]
    if found.game.states <= MOST_WHOLE:
        figures.append(build.figure(integrated_graph(found), rests))
    else:
        told = [[_too_many(found, beside)], *[[]] * len(beside)]
        figures += [build.figure(around(found, s), rests, words) for s, words in zip(beside, told, strict=False)]
    figures.append(build.figure(paths(found, ends), rests))
    both = BUSY < found.game.states <= MOST_WHOLE
    return Section(
        "graph",
        "Where the parties would settle",
        settling_sentences(found, ends),
        figures,
        "One step around the status quo and the equilibria",
        [build.figure(around(found, state), rests) for state in beside] if both else [],
        [*_infeasible(found), *wishes(build, found)],
    )


@dataclass(frozen=True)
class Asked:
    """What was asked of a game's states: why one is stable, which preferences make one so, how the status quo gets there.

    `maker` is the one decision maker asked about with `explain`, all of them where it is None.
    """

    explain: int | None = None
    maker: int | None = None
    inverse: Inverse | None = None
    to: int | None = None

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return (self.explain, self.inverse, self.to) != (None, None, None)

    def title(self, found: GraphResult) -> str:
        """What was asked, as a title."""
        parts = [
            (self.explain, "Why {} is stable, or not"),
            (None if self.inverse is None else self.inverse.state, "Which preferences would make {} stable"),
            (self.to, "How the status quo leads to {}"),
        ]
        return "; ".join(words.format(state_label(found, state)) for state, words in parts if state is not None)


def asked_section(build: Numbering, found: GraphResult, asked: Asked) -> Section:
    """The answer to what was asked of a game's states, with what stands around them."""
    rests = build.of("game.") if isinstance(build, Builder) else ()
    texts, figures = [], []
    if asked.explain is not None:
        texts += _explained(found, asked.explain, asked.maker)
        figures.append(around(found, asked.explain))
    if asked.inverse is not None:
        for concept in asked.inverse.alone:
            first, *rest = inverse_sentences(found, asked.inverse, concept)
            texts.append(Text(first, rest))
    if asked.to is not None and found.ways is not None:
        texts.append(Text("The shortest ways", to_sentences(found, found.ways.to(asked.to))))
    drawn = [build.figure(replace(chart, name=f"asked-{chart.name}"), rests) for chart in figures]
    return Section("answer", "The answer", figures=drawn, texts=texts)


def _explained(found: GraphResult, state: int, maker: int | None) -> list[Text]:
    """Why a state is stable or not for a decision maker or for all, and what would bring it down."""
    texts = []
    for one in range(found.game.makers) if maker is None else [maker]:
        reasons = found.why(state, one)
        words = [s for why in (reasons if reasons[0].considered else reasons[:1]) for s in why_sentences(found, why)]
        texts.append(Text(f"{found.conflict.names.maker_names[one]} in #{state + 1} {found.label(state)}", words))
    falls = [sentence for fall in found.falls(state) for sentence in fall_sentences(found, fall)]
    return [*texts, *([Text("What would bring it down", falls)] if falls else [])]


def graph_charts(found: GraphResult) -> list[Chart]:
    """The pictures of a strategic conflict, the stability matrix first."""
    whole = found.game.states <= MOST_WHOLE
    graph = [integrated_graph(found)] if whole else [around(found, state) for state in _focal(found)]
    return [stability_matrix(found), option_form(found), *graph, paths(found, destinations(found))]


def _focal(found: GraphResult) -> list[int]:
    """The status quo and the equilibria under most concepts: what the rest of a large game is seen from."""
    start = found.game.status_quo
    return [*([] if start is None else [start]), *(state for state in _best(found) if state != start)]


def _best(found: GraphResult) -> list[int]:
    """The equilibria under most concepts, a few."""
    backing = support(found)
    return [s for s in np.argsort(-backing, kind="stable")[:MOST_AROUND].tolist() if backing[s]]


def _too_many(found: GraphResult, beside: Sequence[int]) -> str:
    count = len(beside) - (found.game.status_quo is not None)
    what = [] if found.game.status_quo is None else ["the status quo"]
    if count:
        total = int((support(found) > 0).sum())
        most = f"the {count} of {plain_number(total)} equilibria that are so under most concepts"
        what.append(most if count < total else f"the {count} equilibria" if count > 1 else "the one equilibrium")
    return (
        f"The game has {plain_number(found.game.states)} states, too many to draw as one graph (at most {MOST_WHOLE}): "
        f"what is drawn instead is one step around {' and '.join(what) or 'nothing, since no state is an equilibrium'}."
    )


def _infeasible(found: GraphResult) -> list[Table]:
    """The patterns of options that cannot be, and how many states each rules out."""
    form = found.conflict.form
    if not isinstance(form, OptionForm) or not form.infeasible:
        return []
    removed = form.removed()
    columns = ("Pattern", "Taken", "Not taken", "States it rules out after those above", "By itself")
    rows = [
        Row(
            dict(zip(columns, (*_pattern(found, form, pattern), plain_number(after), plain_number(alone)), strict=True))
        )
        for pattern, after, alone in zip(form.infeasible, removed.in_order, removed.alone, strict=True)
    ]
    return [Table("What cannot be (Y taken, N not taken, - either)", columns, rows)]


def _pattern(found: GraphResult, form: OptionForm, pattern: Pattern) -> tuple[str, str, str]:
    names = found.conflict.names.option_names
    letters = [
        "-" if not pattern.mask >> o & 1 else "Y" if pattern.value >> o & 1 else "N" for o in range(form.options)
    ]
    taken, not_taken = ([names[o] for o, letter in enumerate(letters) if letter == which] for which in "YN")
    return "".join(letters), ", ".join(taken), ", ".join(not_taken)
