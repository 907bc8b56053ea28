"""The data on decision-making in the European Union (DEU), as two tables: issues with what was decided, and positions.

Thomson, Stokman, Achen and König (2006), *The European Union Decides*; Thomson and others (2012), Journal of European
Public Policy 19:604-622. The data are not part of this project: whoever has downloaded them brings them, and can then
score the models on what happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from detente.errors import nearest
from detente.formats import Foreign
from detente.formats.draft import Draft, plain
from detente.formats.text import beginning, decode, number, rows

ISSUES = ("issue", "rp", "outcome")  # columns that must be there; `name`, `intro_year`, `final_year` may be
POSITIONS = ("issue", "actor", "position", "salience")
VOTES = ("actor", "votes")
TOP = 100  # of every scale, and of saliences


def recognises(file: Foreign) -> bool:
    """Whether the first row names an issue, its reference point and its outcome."""
    first = beginning(file.data).partition("\n")[0].strip().lower().split(",")
    return set(ISSUES) <= set(first)


def read(file: Foreign) -> Draft:
    """A draft of the issues, with positions from a second file and votes from a third, if there is one."""
    draft = Draft(file.name, "DEU data: issues, positions and what was decided")
    if not 1 <= len(file.others) <= 2:
        expected = "expected two or three: issues, positions, and votes: detente import ISSUES POSITIONS [VOTES]"
        draft.fault(None, "files", f"found {1 + len(file.others)}", expected)
    draft.stop()
    draft.data["title"] = "Decision-making in the European Union"
    _issues(_Table(file, ISSUES), draft)
    _positions(_Table(file.others[0], POSITIONS), draft)
    if len(file.others) == 2:
        _votes(_Table(file.others[1], VOTES), draft)
    return draft


@dataclass
class _Table:
    """A table with a header, and the faults of its file."""

    file: Foreign
    needed: Sequence[str]
    faults: Draft = field(init=False)
    lines: list[tuple[int, dict[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.faults = Draft(self.file.name, "")
        text, _ = decode(self.file.whole(), self.file.name)
        table = rows(text, self.file.name, ",")
        line, header = next(table, (1, []))
        names = [cell.lower() for cell in header]
        for name in self.needed:
            if name not in names:
                self.faults.fault(line, name, "found no such column", "expected a header with it", nearest(name, names))
        self.faults.stop()
        self.lines = [(line, dict(zip(names, cells, strict=False))) for line, cells in table]

    def number(self, line: int, cells: Mapping[str, str], name: str) -> Decimal | None:
        """The number from 0 to 100 in a cell, None where it is blank or wrong."""
        text = cells.get(name, "")
        value = number(text)
        if value is not None and 0 <= value <= TOP:
            return value
        if text:
            self.faults.fault(line, name, f"found {text[:40]}", f"expected a number from 0 to {TOP}, or nothing")
        return None


def _issues(table: _Table, draft: Draft) -> None:
    settled: dict[str, float | int] = {}
    years: list[int] = []
    for line, cells in table.lines:
        key = cells["issue"]
        if not key or key in draft.ids.get("issues", {}):
            found = f"found {key[:40]} a second time" if key else "found nothing"
            table.faults.fault(line, "issue", found, "expected each issue once")
            continue
        quo, outcome = (table.number(line, cells, name) for name in ("rp", "outcome"))
        name = f"{cells['name']} ({key})" if cells.get("name") else None
        id_ = draft.issue(key, line=line, name=name, status_quo=None if quo is None else plain(quo))
        if outcome is not None:
            settled[id_] = plain(outcome)
        years += [int(year) for year in (cells.get("intro_year", "")[:4],) if year.isdigit()]
    table.faults.stop()
    if years:
        draft.data["as_of"] = f"{max(years)}-12-31"
        draft.head.append("as_of is the end of the last year in which a proposal came in: each issue has its own day.")
    if settled:
        draft.data["outcome"] = {"issues": settled}
    left = len(table.lines) - len(settled)
    if left:
        draft.head.append(f"Of {left} issues the outcome is not known; score leaves them out.")


def _positions(table: _Table, draft: Draft) -> None:
    known = draft.ids.get("issues", {})
    seen: set[tuple[str, str]] = set()
    missing = 0
    for line, cells in table.lines:
        issue, actor = cells["issue"], cells.get("actor", "")
        if issue not in known:
            table.faults.fault(
                line, "issue", f"found {issue[:40]}", "expected an issue of the first file", nearest(issue, known)
            )
            continue
        if not actor or (issue, actor) in seen:
            found = f"found a second position of {actor[:40]} on {issue[:40]}" if actor else "found nothing"
            table.faults.fault(line, "actor", found, "expected each actor once on an issue")
            continue
        seen.add((issue, actor))
        position, salience = (table.number(line, cells, name) for name in ("position", "salience"))
        if position is None:
            if not cells.get("position"):
                table.faults.fault(line, "position", "found nothing", f"expected a number from 0 to {TOP}")
            continue
        missing += salience is None
        draft.stance(
            draft.actor(actor, line=None),
            known[issue],
            line=None,
            position=plain(position),
            salience="unknown" if salience is None else plain(salience / TOP),
        )
    table.faults.stop()
    if missing:
        draft.to_fill.append(f"salience of {missing} stances: unknown stands there; the file has none")


def _votes(table: _Table, draft: Draft) -> None:
    """Votes as capability; of an actor without votes (Commission, Parliament) the largest that anyone has."""
    votes: dict[str, Decimal] = {}
    for line, cells in table.lines:
        actor, value = cells["actor"], number(cells.get("votes", ""))
        if value is None or value < 0:
            table.faults.fault(
                line, "votes", f"found {cells.get('votes', '')[:40] or 'nothing'}", "expected a number of at least 0"
            )
        elif actor in votes and votes[actor] != value:
            expected = "expected one number an actor: keep the rows of one regime"
            table.faults.fault(line, "votes", f"found {value} for {actor[:40]}, and {votes[actor]} before", expected)
        else:
            votes[actor] = value
    table.faults.stop()
    largest = max(votes.values(), default=Decimal(1))
    without = []
    for key, id_ in draft.ids.get("actors", {}).items():
        draft.data["actors"][id_]["capability"] = plain(votes.get(key, largest))
        without += [] if key in votes else [key]
    if without:
        draft.to_fill.append(
            f"capability of {', '.join(without)}: {largest} stands there, the largest; they have no votes"
        )
