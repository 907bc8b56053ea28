"""The graph model as tables that are pictures: the states in option form, and where each is stable for whom."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from detente.graph.concepts import BY_ID
from detente.graph.options import OptionForm
from detente.report import theme
from detente.report.charts.chart import Chart, Row, nothing
from detente.report.charts.states import (
    CHARACTER,
    SOLID,
    Canvas,
    chosen_words,
    concepts_of,
    maker_labels,
    most_telling,
    short,
    state_label,
)
from detente.report.words import percent, plain_number

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

MOST_COLUMNS = 48  # states in the option-form picture
MOST_ROWS = 60  # states in the stability matrix
A_BAND = 20  # states side by side, before the picture goes on below
CELL, LINE, LABELS = 24, 20, 206  # pixels: a column, a row, the words on the left
SECOND = 13  # pixels that a second line of a label takes


def option_form(found: GraphResult) -> Chart:
    """A column a state, a row an option, Y where it is taken; under them, the concepts that make it an equilibrium."""
    form = found.conflict.form
    title = "The states in option form"
    if not isinstance(form, OptionForm):
        return nothing("option-form", title, "The game is in graph form: its states have names, and no options.")
    drawn = most_telling(found, MOST_COLUMNS)
    bands = [drawn[at : at + A_BAND] for at in range(0, len(drawn), A_BAND)]
    cells = _Cells(found, form)
    bottom = 0.0
    for band in bands:
        bottom = cells.band(band, bottom) + 22
    canvas = Canvas(LABELS + CELL * max(map(len, bands)), bottom - 20)
    cells.draw(canvas)
    told = f"{plain_number(found.game.states)} of {plain_number(2**form.options)} combinations of {form.options} options can be."
    note = "Y: the option is taken; N: it is not. ◆: an equilibrium under the concept."
    note += "" if found.game.status_quo is None else " A frame marks the status quo."
    if set(form.directions) != {"both"}:
        note += " N→Y: once taken, the option is never dropped; Y→N: once dropped, it is never taken."
    return Chart(
        "option-form",
        title,
        "states",
        canvas.spec(told),
        [_option_row(found, form, state) for state in drawn],
        told,
        note + chosen_words(found, drawn),
    )


def _option_row(found: GraphResult, form: OptionForm, state: int) -> Row:
    names = found.conflict.names
    letters = found.label(state)
    row: Row = {"State": f"#{state + 1}", "Status quo": "yes" if state == found.game.status_quo else ""}
    for option, owner in enumerate(form.owners):
        row[f"{names.maker_names[owner]}: {names.option_names[option]}"] = letters[option]
    return row | {"Equilibrium under": ", ".join(concepts_of(found, state))}


class _Cells:
    """The marks of the option-form picture, collected band by band."""

    def __init__(self, found: GraphResult, form: OptionForm) -> None:
        self.found, self.form = found, form
        self.heads: list[Row] = []
        self.labels: list[Row] = []
        self.numbers: list[Row] = []
        self.yes: list[Row] = []
        self.no: list[Row] = []
        self.tiles: list[Row] = []
        self.diamonds: list[Row] = []
        self.frames: list[Row] = []
        self.rules: list[Row] = []

    def band(self, states: list[int], top: float) -> float:
        """The states side by side, from `top` down to the bottom that is returned."""
        names, right = self.found.conflict.names, LABELS + CELL * len(states)
        columns = {state: LABELS + CELL * (i + 0.5) for i, state in enumerate(states)}
        y = top + LINE / 2
        self.labels.append({"x": 0, "y": y, "words": "State no."})
        self.numbers += [{"x": x, "y": y, "words": str(state + 1)} for state, x in columns.items()]
        for owner, options in groupby(range(self.form.options), key=lambda o: self.form.owners[o]):
            y = self._head(maker_labels(self.found)[owner], y, right)
            for option in options:
                words = _option_words(names.option_names[option], self.form.directions[option])
                y += LINE + (len(words) - 1) * SECOND / 2
                for line, text in enumerate(words):
                    place = y + SECOND * (line - (len(words) - 1) / 2)
                    self.labels.append({"x": 10, "y": place, "words": text})
                for state, x in columns.items():
                    self._letter(self.found.label(state)[option], x, y)
                y += (len(words) - 1) * SECOND / 2
        y = self._head("Equilibrium under", y, right)
        for concept, which in self.found.equilibria.items():
            y += LINE
            self.labels.append({"x": 10, "y": y, "words": short(BY_ID[concept].name, LABELS - 6)})
            self.diamonds += [{"x": x, "y": y} for state, x in columns.items() if which[state]]
        start = self.found.game.status_quo
        if start in columns:
            x = columns[start]
            self.frames.append({"x": x - CELL / 2, "x2": x + CELL / 2, "y": top, "y2": y + LINE / 2})
        return y + LINE / 2

    def _head(self, words: str, y: float, right: float) -> float:
        y += LINE
        self.heads.append({"x": 0, "y": y, "words": short(words, LABELS - 8)})
        self.rules.append({"x": 0, "x2": right, "y": y - LINE / 2, "y2": y - LINE / 2})
        return y

    def _letter(self, letter: str, x: float, y: float) -> None:
        if letter == "Y":
            self.tiles.append({"x": x - 10, "x2": x + 10, "y": y - 9, "y2": y + 9})
        (self.yes if letter == "Y" else self.no).append({"x": x, "y": y, "words": letter})

    def draw(self, canvas: Canvas) -> None:
        """Everything collected, the tiles first."""
        canvas.boxes(self.tiles, color=theme.GREY, opacity=0.32, cornerRadius=2)
        canvas.lines(self.rules, opacity=0.25)
        canvas.text(self.heads, "left", fontWeight="bold")
        canvas.text(self.labels, "left")
        canvas.text(self.numbers, size=11)
        canvas.text(self.yes, fontWeight="bold")
        canvas.text(self.no, opacity=0.72)
        diamond = {"type": "point", "shape": "diamond", "filled": True, "size": 90, "opacity": 1, "color": theme.BLUE}
        canvas.add(self.diamonds, diamond)
        canvas.boxes(self.frames, filled=False, stroke=theme.INK, strokeWidth=1.5)


def _option_words(name: str, direction: str) -> list[str]:
    """The label of an option in one line or two, which says where it goes one way only."""
    ending = {"forward": "\u00a0(N→Y)", "back": "\u00a0(Y→N)"}.get(direction, "")
    return textwrap.wrap(name + ending, int((LABELS - 16) / CHARACTER), max_lines=2, placeholder="…" + ending) or [""]


# --- where each state is stable -------------------------------------------------------------------------------------

DIGIT = 11  # pixels from one decision maker's number to the next
SHARE = 38  # pixels of a column of shares


def stability_matrix(found: GraphResult) -> Chart:
    """A row a state, a column a concept: the numbers of those for whom it is stable, in a box where that is everybody."""
    drawn = most_telling(found, MOST_ROWS)
    names = maker_labels(found)
    digit = DIGIT + (6 if len(names) > 9 else 0)
    width = max(44, digit * len(names) + 14)
    left = 14 + max(50, *(min(150, int(6.6 * len(state_label(found, state)))) for state in drawn))
    columns = _share_columns(found)
    right = left + width * len(found.stable)
    canvas = Canvas(
        right + (SHARE * len(columns) + 16 if columns else 0), LINE * (len(drawn) + 1) + (16 if columns else 0)
    )
    top = 16 if columns else 0
    heads: list[Row] = [{"x": left + width * (i + 0.5), "y": top + 8, "words": c} for i, c in enumerate(found.stable)]
    labels: list[Row] = []
    some: list[Row] = []
    everybody: list[Row] = []
    boxes: list[Row] = []
    for at, state in enumerate(drawn):
        y = top + LINE * (at + 1.5)
        starting = state == found.game.status_quo
        labels.append({"x": left - 12, "y": y, "words": short(state_label(found, state), left), "start": starting})
        for column, (concept, stable) in enumerate(found.stable.items()):
            middle, here = left + width * (column + 0.5), stable[:, state]
            first = middle - digit * (len(names) - 1) / 2
            marks = [{"x": first + digit * i, "y": y, "words": str(i + 1)} for i in here.nonzero()[0].tolist()]
            if here.all():
                boxes.append({"x": middle - width / 2 + 3, "x2": middle + width / 2 - 3, "y": y - 9, "y2": y + 9})
                boxes[-1]["tip"] = f"{state_label(found, state)}: {BY_ID[concept].name}"
                everybody += marks
            else:
                some += marks
    shares: list[Row] = []
    if columns:
        heads.append({"x": right + 16 + SHARE * len(columns) / 2, "y": 8, "words": "% of draws, all"})
    for number, concept in enumerate(columns):
        x = right + 16 + SHARE * (number + 0.5)
        heads.append({"x": x, "y": top + 8, "words": concept})
        for at, state in enumerate(drawn):
            words = _share(found, concept, state).removesuffix(" %")
            shares.append({"x": x, "y": top + LINE * (at + 1.5), "words": words})
    ends = [top + LINE * (at + 1) for at in range(len(drawn) + 1)]
    canvas.lines([{"x": 0, "x2": canvas.width, "y": y, "y2": y} for y in ends], opacity=0.15)
    tip = {"field": "tip", "title": "Equilibrium"}
    canvas.boxes(boxes, {"tooltip": tip}, color=SOLID, opacity=1, cornerRadius=3)
    canvas.text(heads, fontWeight="bold")
    canvas.text([row for row in labels if not row["start"]], "right", size=11)
    canvas.text([row for row in labels if row["start"]], "right", size=11, fontWeight="bold")
    canvas.text([row for row in shares if row["words"] != "0"], size=11)
    canvas.text([row for row in shares if row["words"] == "0"], size=11, opacity=0.72)
    canvas.text(some, size=11)
    canvas.text(everybody, size=11, color="#ffffff", fontWeight="bold")
    told = "; ".join(
        f"{BY_ID[concept].name}: {plain_number(int(which.sum()))} of {plain_number(found.game.states)} states are equilibria"
        for concept, which in found.equilibria.items()
    )
    note = f"The numbers are those for whom the state is stable: {', '.join(names)}. In a filled box it is stable for "
    note += "all: an equilibrium." + ("" if found.game.status_quo is None else " The status quo is in bold.")
    if found.shares:
        note += (
            f" On the right: of {plain_number(found.shares.draws)} draws of what is uncertain about preferences, the "
        )
        note += "percentage in which the state is an equilibrium; the boxes are for the central values."
    note += chosen_words(found, drawn)
    table = [_stability_row(found, state, names) for state in drawn]
    return Chart("stability", "Where each state is stable", "states", canvas.spec(told), table, told, note)


def _stability_row(found: GraphResult, state: int, names: list[str]) -> Row:
    row: Row = {"State": state_label(found, state)}
    for concept, stable in found.stable.items():
        marks = {**dict(zip(names, stable[:, state], strict=True)), "all": stable[:, state].all()}
        row |= {f"{concept}: {who}": "stable" if is_stable else "" for who, is_stable in marks.items()}
    return row | {f"{concept}: of draws": _share(found, concept, state) for concept in _share_columns(found)}


def _share_columns(found: GraphResult) -> list[str]:
    """The concepts for which it is known in how many draws a state is an equilibrium."""
    return [concept for concept in found.stable if found.shares and concept in found.shares.counts]


def _share(found: GraphResult, concept: str, state: int) -> str:
    assert found.shares is not None
    return percent(found.shares.share(concept, state).p)
