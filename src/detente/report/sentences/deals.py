"""Who deals with whom in the models whose actors trade or bargain, and who gains and who pays, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.words import figure, hundredths, issue_name, listed, of_draws, on_scale, party_words, sentence_case
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
NOBODY = 1e-9  # a worth as small as this is none
NAMED = 2  # those who gain or pay that are named; more are in the table


def deal_sentences(situation: Situation, dealings: Mapping[str, Found] | None) -> list[str]:
    """What the deals of every model come to."""
    found = []
    for model, told in (dealings or {}).items():
        if told.get("trades") is not None:
            found += trade_sentences(situation, model, told)
        if told.get("proposals") is not None:
            found += bargain_sentences(situation, model, told)
    return found


def trade_sentences(situation: Situation, model: str, told: Found) -> list[str]:
    """Who could trade what with whom, who gains, who pays, and what the order of tied trades decides."""
    trades = told["trades"]
    if not trades:
        why = "one issue leaves nothing to trade" if len(situation.issues) < 2 else "no two actors could both gain"
        return [f"Under {model} nobody trades: {why}."]
    made = [t for t in trades if t["made"]]
    if not made:
        n = len(trades)
        return [f"Under {model} {n} {'trade is' if n == 1 else 'trades are'} possible and none is made."]
    found = [_first_trade(situation, model, made[0], told["draws"])]
    found += [s for s in (_balance(situation, told["balance"]), _rest(trades)) if s]
    return found + chance_sentences(situation, model, told)


def trade_words(situation: Situation, trade: Found) -> str:
    """A trade as two gives: "A gives way on X and B on Y"."""
    (a, b), (p, q) = trade["between"], trade["gives_way_on"]
    return (
        f"{party_words(situation, a)} gives way on “{issue_name(situation, p)}” "
        f"and {party_words(situation, b)} on “{issue_name(situation, q)}”"
    )


def _first_trade(situation: Situation, model: str, trade: Found, draws: int) -> str:
    moves = [on_scale(situation, i, move) for i, move in zip(trade["gives_way_on"], trade["moves"], strict=True)]
    gains = [figure(gain) for gain in trade["gain"]]
    worth = f"each gains {gains[0]}" if gains[0] == gains[1] else f"they gain {gains[0]} and {gains[1]}"
    where = "" if draws == 1 else f" {of_draws(trade['made'])} (of {draws} counted),"
    return (
        f"Under {model} the trade made most often,{where} {trade_words(situation, trade)}, "
        f"by {moves[0]} and {moves[1]} points; {worth}, in points of a scale of 100 times salience."
    )


def _balance(situation: Situation, balance: Mapping[str, Found]) -> str:
    """Who gains most and who pays, all trades together."""
    net = {actor: told["net"]["mean"] for actor, told in balance.items() if told["net"]["mean"] is not None}
    gain = sorted((a for a in net if net[a] > NOBODY), key=lambda a: -net[a])[:NAMED]
    pay = sorted((a for a in net if net[a] < -NOBODY), key=lambda a: net[a])[:NAMED]

    def told(actors: list[str]) -> str:
        return listed(f"{party_words(situation, a)} ({figure(net[a], sign=True)})" for a in actors)

    parts = []
    if gain:
        parts.append(f"{told(gain)} {'gains' if len(gain) == 1 else 'gain'} most from all trades together")
    if pay:
        parts.append(f"{told(pay)} {'pays' if len(pay) == 1 else 'pay'} for them")
    elif gain:
        parts.append("nobody pays for them on average")
    if not parts:
        return ""
    often = f", being worse off {of_draws(balance[pay[0]]['pays'])}" if len(pay) == 1 else ""
    return sentence_case("; ".join(parts)) + often + "."


def _rest(trades: list[Found]) -> str:
    idle = sum(not t["made"] for t in trades)
    if not idle:
        return ""
    return (
        f"{idle} of {len(trades)} trades that would help both sides somewhere are never made: "
        "other trades with more to gain come first and use up what the actors have to give."
    )


def chance_sentences(situation: Situation, model: str, told: Found) -> list[str]:
    """What the model's own chance decides, at the central values."""
    chance = told.get("chance")
    if not chance:
        return []
    wide = {i: v for i, v in chance.items() if v["q05"] is not None and v["q95"] - v["q05"] > _fine(situation, i)}
    if not wide:
        return [
            f"The chance within {model} (which of tied moves comes first) decides nothing here: "
            "at the central values every play settles alike."
        ]
    ends = listed(
        f"“{issue_name(situation, i)}” between {on_scale(situation, i, v['q05'])} and {on_scale(situation, i, v['q95'])}"
        for i, v in wide.items()
    )
    return [f"At the central values the chance within {model} alone moves {ends} (90 of 100 plays)."]


def _fine(situation: Situation, issue: str) -> float:
    low, high = situation.scales[issue]
    return (high - low) / 1000


TAKEN = ("both", "initiator_only", "receiver_only", "neither")


def bargain_sentences(situation: Situation, model: str, told: Found) -> list[str]:
    """Who bargains with whom and what comes of it, and how sure the outcome is."""
    proposals = told["proposals"]
    if not proposals:
        return [f"Under {model} nobody proposes anything to anybody."]
    n = sum(p["rounds"] for p in proposals)
    shares = {k: sum(p[k] * p["rounds"] for p in proposals) / n for k in TAKEN}
    first = proposals[0]
    pair = f"{party_words(situation, first['initiator'])} to {party_words(situation, first['receiver'])}"
    rounds = told["rounds"]
    often = f"{rounds['q50']:.0f} rounds"
    if rounds["q95"] is not None and rounds["q95"] > rounds["q05"]:
        often += f" (typically; {rounds['q05']:.0f} to {rounds['q95']:.0f} in 90 of 100 draws)"
    found = [
        f"Under {model} positions rest after {often}. Of 100 proposals both sides take {hundredths(shares['both'])}, "
        f"the initiator alone {hundredths(shares['initiator_only'])}, the receiver alone "
        f"{hundredths(shares['receiver_only'])} and neither {hundredths(shares['neither'])}; "
        f"the most frequent are from {pair}."
    ]
    if told.get("lottery"):
        found += _lottery(situation, model, told["lottery"])
    return found + chance_sentences(situation, model, told)


def _lottery(situation: Situation, model: str, lottery: Found) -> list[str]:
    where = [
        f"“{issue_name(situation, issue)}” between {on_scale(situation, issue, found['q05'])} and "
        f"{on_scale(situation, issue, found['q95'])}"
        for issue, found in lottery["issues"].items()
        if found["q05"] is not None
    ]
    if not where:
        return []
    held = lottery["held_by"]
    best = max(held, key=held.__getitem__)
    return [
        f"Its outcome is a chance among the final positions, which puts {listed(where)} in 90 of 100; it falls where "
        f"{party_words(situation, best)} stands most often, in {hundredths(held[best])} of 100."
    ]
