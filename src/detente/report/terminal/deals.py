"""Who deals with whom on a terminal: trades, who gains and who pays, proposals, where a lottery falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from detente.report.sentences.deals import bargain_sentences, trade_sentences
from detente.report.terminal.parts import bar, bullets, grid, say
from detente.report.words import actor_name, figure, issue_name, on_scale, percent
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MOST = 8  # trades or pairs in a table; the rest with --json


def print_dealings(console: Console, situation: Situation, dealings: Mapping[str, Found]) -> None:
    """The deals of every model that was asked for."""
    for model, told in dealings.items():
        if told.get("trades") is not None:
            _trades(console, situation, model, told)
        if told.get("proposals") is not None:
            _bargains(console, situation, model, told)


def _trades(console: Console, situation: Situation, model: str, told: Found) -> None:
    trades = told["trades"]
    if trades:
        rows = []
        for trade in trades[:MOST]:
            (a, b), (p, q) = trade["between"], trade["gives_way_on"]
            sides = (f"{actor_name(situation, who)}: {issue_name(situation, what)}" for who, what in ((a, p), (b, q)))
            gains = [figure(gain) for gain in trade["gain"]]
            rows.append((*sides, percent(trade["possible"]), percent(trade["made"]), _one_or_both(gains)))
        columns = [("gives way on", "left"), ("and gets it from", "left"), ("could", "right"), ("do", "right")]
        grid(console, [*columns, ("gain", "right")], rows, title=f"Who could trade what with whom: {model}")
        if (rest := len(trades) - MOST) > 0:
            say(console, [f"{rest} more {'trade' if rest == 1 else 'trades'}: see --json."])
        rows = [
            (
                actor_name(situation, actor),
                *(figure(worth[kind]["mean"], 1.0, sign=True) for kind in ("own", "inner", "outer", "net")),
                percent(worth["pays"]),
            )
            for actor, worth in sorted(told["balance"].items(), key=lambda item: -(item[1]["net"]["mean"] or 0.0))
        ]
        columns = [("Actor", "left"), *((name, "right") for name in ("own", "inner", "outer", "net", "pays in"))]
        grid(console, columns, rows, title=f"Who gains and who pays: {model}")
        say(console, ["Means, in points of a scale of 100 times salience. Inner: of trades by one who stands alike."])
        console.print()
    bullets(console, trade_sentences(situation, model, told))


def _one_or_both(gains: list[str]) -> str:
    return gains[0] if gains[0] == gains[1] else "; ".join(gains)


def _bargains(console: Console, situation: Situation, model: str, told: Found) -> None:
    for issue in situation.issues:
        _moves(console, situation, model, told, issue)
    proposals = told["proposals"]
    if proposals:
        rows = [
            (
                f"{actor_name(situation, p['initiator'])} to {actor_name(situation, p['receiver'])}",
                figure(p["rounds"], 1.0),
                *(percent(p[key]) for key in ("chance", "both", "initiator_only", "receiver_only")),
            )
            for p in proposals[:MOST]
        ]
        columns = [("Proposal", "left"), ("rounds", "right"), ("prevails", "right"), ("both", "right")]
        columns += [("first alone", "right"), ("second alone", "right")]
        grid(console, columns, rows, title=f"Who bargains with whom, and who takes it: {model}")
        if (rest := len(proposals) - MOST) > 0:
            say(console, [f"{rest} more {'pair' if rest == 1 else 'pairs'}: see --json."])
    if told.get("lottery"):
        _lottery(console, situation, model, told["lottery"])
    console.print()
    bullets(console, bargain_sentences(situation, model, told))


def _moves(console: Console, situation: Situation, model: str, told: Found, issue: str) -> None:
    """Where everybody starts and ends."""
    rows = []
    for actor, issues in told["opening"].items():
        end = told["final"][actor].get(issue)
        if issue in issues and end:
            spread = (
                ""
                if told["draws"] == 1
                else f"{_at(situation, issue, end, 'q05')} to {_at(situation, issue, end, 'q95')}"
            )
            rows.append(
                (
                    actor_name(situation, actor),
                    _at(situation, issue, issues[issue], "q50"),
                    _at(situation, issue, end, "q50"),
                    spread,
                )
            )
    if rows:
        columns = [("Actor", "left"), ("opens at", "right"), ("ends at", "right"), ("90 % of draws", "left")]
        title = f"Where everybody ends on {issue_name(situation, issue)}: {model}"
        grid(console, columns if rows[0][3] else columns[:3], [r if r[3] else r[:3] for r in rows], title=title)


def _at(situation: Situation, issue: str, place: Found, key: str) -> str:
    return on_scale(situation, issue, place[key])


def _lottery(console: Console, situation: Situation, model: str, lottery: Found) -> None:
    for issue, spread in lottery["issues"].items():
        tenths = spread["tenths"]
        if not tenths:
            continue
        low, high = situation.scales[issue]
        step = (high - low) / len(tenths)
        rows = [
            (f"{low + t * step:g} to {low + (t + 1) * step:g}", percent(p), bar(console, p, 28))
            for t, p in enumerate(tenths)
            if p
        ]
        title = f"Where the outcome on {issue_name(situation, issue)} falls: {model}"
        grid(console, [("Scale", "left"), ("share", "right"), ("", "bar")], rows, title=title)
