"""Who deals with whom in a model whose actors trade or bargain, over draws: what is on offer, what is made, who pays.

A model tells of its deals draw by draw; here they are counted over the first draws of a run, which are a sample like
any other. Which model it is plays no part: only what its result holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.analysis.intervals import Summary, summarise
from detente.analysis.results import plain
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.outcome.model import Bargain, Exchange, Lottery, OutcomeResult
from detente.scenario.situation import Situation

TOLD = 500  # draws whose deals are counted: a share is then known to within 4.4 points
TOGETHER = 1e-3  # share of every scale: actors this close stand at one position
TENTHS = 10

_Trade = tuple[int, int, int, int]  # an actor and the issue it gives way on, twice, the actors in file order


@dataclass(frozen=True)
class Trade:
    """Two actors that could trade two issues, and what came of it in the first round."""

    between: tuple[str, str]
    gives_way_on: tuple[str, str]
    possible: float  # share of draws in which the two could trade
    made: float  # share of draws in which they do
    gain: tuple[float | None, float | None]  # mean over the draws in which it is made, points times salience
    moves: tuple[float | None, float | None]  # mean distance that each gives way, on the issue's scale
    others: Mapping[str, float]  # mean worth to every other actor, over the same draws


@dataclass(frozen=True)
class Balance:
    """What the first round's trades are worth to an actor, summed over the trades of a draw."""

    own: Summary  # of its own trades
    inner: Summary  # of trades of others, one of whom stands on the same sides as it
    outer: Summary  # of the other trades of others
    net: Summary
    pays: float  # share of draws in which the net is below 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        parts = {name: getattr(self, name).to_dict("mean", "q05", "q50", "q95") for name in _BALANCE}
        return {**parts, "pays": self.pays}


_BALANCE = ("own", "inner", "outer", "net")


@dataclass(frozen=True)
class Proposals:
    """What one actor proposes to another over all rounds, and what comes of it."""

    initiator: str
    receiver: str
    draws: float  # share of draws with at least one such proposal
    rounds: float  # mean number of rounds with one, over all draws
    chance: float  # mean chance to prevail, as the initiator sees it
    both: float  # shares of the proposals: taken by both, by one side alone, by neither
    initiator_only: float
    receiver_only: float
    neither: float


@dataclass(frozen=True)
class Dealings:
    """Who deals with whom in one model."""

    draws: int  # counted
    rounds: Summary  # rounds until nothing moves any more
    opening: Mapping[str, Mapping[str, Summary]]  # actor -> issue -> position
    final: Mapping[str, Mapping[str, Summary]]
    trades: Sequence[Trade] | None = None
    balance: Mapping[str, Balance] | None = None
    proposals: Sequence[Proposals] | None = None
    lottery: Mapping[str, Any] | None = None
    chance: Mapping[str, Summary] | None = None  # issue -> settlement at the central values, by chance alone

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        ends = ("q05", "q50", "q95")

        def places(found: Mapping[str, Mapping[str, Summary]]) -> dict[str, Any]:
            return {a: {i: s.to_dict(*ends) for i, s in issues.items()} for a, issues in found.items()}

        return {
            "draws": self.draws,
            "rounds": self.rounds.to_dict("mean", *ends),
            "opening": places(self.opening),
            "final": places(self.final),
            "trades": plain(self.trades),
            "balance": plain(self.balance),
            "proposals": plain(self.proposals),
            "lottery": plain(self.lottery),
            "chance": plain(self.chance),
        }


def dealings(study: Study, model: str) -> Dealings:
    """Who deals with whom in `model`, over the first `TOLD` draws of the study at most.

    `model` is one that deals (``Model.deals``). With the model's own chance in it, that is played as many times at
    the central values besides, so that its part in the spread is known.
    """
    first = study.block(0)
    block = first.take(np.arange(min(first.size, TOLD)))
    result = block.run_outcome(model, keep_trajectory=True)
    assert result.trajectory is not None  # asked for
    path, situation = result.trajectory, study.situation
    trades, balance = _trades(situation, result, block.size) if result.exchanges is not None else (None, None)
    return Dealings(
        draws=block.size,
        rounds=summarise(_rounds(path)),
        opening=_places(situation, path[0]),
        final=_places(situation, path[-1]),
        trades=trades,
        balance=balance,
        proposals=None if result.bargains is None else _proposals(situation, result.bargains, block.size),
        lottery=None if result.lottery is None else _lottery(situation, result.lottery),
        chance=_chance(study, model) if result.chance else None,
    )


def _rounds(path: Floats) -> Floats:
    """The last round in which anything moved, by draw, 0 where nothing does; `path` (T + 1, D, n, k)."""
    moved = np.logical_or.reduce((path[1:] != path[:-1]) & ~np.isnan(path[1:]), axis=(2, 3))
    rounds: Floats = np.where(moved, np.arange(1, len(moved) + 1)[:, None], 0).max(axis=0, initial=0).astype(np.float64)
    return rounds


def _places(situation: Situation, position: Floats) -> dict[str, dict[str, Summary]]:
    return {
        actor: {
            issue: summarise(position[:, i, k])
            for k, issue in enumerate(situation.issues)
            if not np.isnan(position[:, i, k]).all()
        }
        for i, actor in enumerate(situation.actors)
    }


def _chance(study: Study, model: str) -> dict[str, Summary]:
    """The settlement at the central values over plays of the model's own chance."""
    plays = min(study.draws, TOLD)
    drawn = replace(study, draws=plays, central=False)
    central = replace(study, draws=1, central=True).block(0).values.take(np.zeros(plays, dtype=np.intp))
    settled = Evaluation(drawn, central, 0).run_outcome(model).settlement
    return {issue: summarise(settled[:, k]) for k, issue in enumerate(study.situation.issues)}


# --- trades ------------------------------------------------------------------------------------------------------


def _key(i: int, gives_i: int, j: int, gives_j: int) -> _Trade:
    return (i, gives_i, j, gives_j) if i < j else (j, gives_j, i, gives_i)


def _trades(situation: Situation, result: OutcomeResult, draws: int) -> tuple[list[Trade], dict[str, Balance]]:
    """What could be traded, what is traded in the first round, and what that is worth to whom."""
    assert result.exchanges is not None and result.potential is not None
    possible: dict[_Trade, int] = defaultdict(int)
    for _, i, q, j, p in result.potential.tolist():
        possible[_key(i, q, j, p)] += 1
    made: dict[_Trade, list[Exchange]] = defaultdict(list)
    for exchange in result.exchanges[0] if result.exchanges else ():
        made[_key(exchange.i, exchange.supply_i, exchange.j, exchange.supply_j)].append(exchange)
    found = [_trade(situation, key, possible.get(key, 0), made.get(key, []), draws) for key in {**possible, **made}]
    found.sort(key=lambda t: (-t.made, -t.possible, t.between, t.gives_way_on))
    return found, _balance(situation, [e for made_ in made.values() for e in made_], draws)


def _trade(situation: Situation, key: _Trade, possible: int, made: Sequence[Exchange], draws: int) -> Trade:
    a, gives_a, b, gives_b = key
    actors, issues = situation.actors, situation.issues
    gains = [(e.gain_i, e.gain_j) if e.i == a else (e.gain_j, e.gain_i) for e in made]
    ways = [(abs(e.after_i - e.before_i), abs(e.after_j - e.before_j)) for e in made]
    moves = [way if e.i == a else way[::-1] for way, e in zip(ways, made, strict=True)]
    felt = np.array([e.external for e in made]).reshape(len(made), len(actors))
    others = {} if not made else dict(zip(actors, felt.mean(axis=0).tolist(), strict=True))
    return Trade(
        between=(actors[a], actors[b]),
        gives_way_on=(issues[gives_a], issues[gives_b]),
        possible=possible / draws,
        made=len({e.draw for e in made}) / draws,
        gain=_mean_pair(gains),
        moves=_mean_pair(moves),
        others={actor: value for actor, value in others.items() if actor not in (actors[a], actors[b])},
    )


def _mean_pair(pairs: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    if not pairs:
        return None, None
    first, second = np.array(pairs).mean(axis=0).tolist()
    return first, second


def _balance(situation: Situation, made: Sequence[Exchange], draws: int) -> dict[str, Balance]:
    worth = {kind: np.zeros((draws, len(situation.actors))) for kind in ("own", "inner", "outer")}
    for e in made:
        worth["own"][e.draw, e.i] += e.gain_i
        worth["own"][e.draw, e.j] += e.gain_j
        inner, felt = np.array(e.inner), np.array(e.external)
        worth["inner"][e.draw] += np.where(inner, felt, 0.0)
        worth["outer"][e.draw] += np.where(inner, 0.0, felt)
    net = worth["own"] + worth["inner"] + worth["outer"]
    return {
        actor: Balance(
            **{kind: summarise(values[:, i]) for kind, values in worth.items()},
            net=summarise(net[:, i]),
            pays=float((net[:, i] < -1e-9).mean()),
        )
        for i, actor in enumerate(situation.actors)
    }


# --- bargains ----------------------------------------------------------------------------------------------------


def _proposals(situation: Situation, bargains: Sequence[Sequence[Bargain]], draws: int) -> list[Proposals]:
    of_pair: dict[tuple[int, int], list[tuple[int, Bargain]]] = defaultdict(list)
    for turn, made in enumerate(bargains):
        for bargain in made:
            of_pair[bargain.initiator, bargain.receiver].append((turn, bargain))
    found = []
    for (i, j), told in of_pair.items():
        n = len(told)
        taken = [(b.initiator_took, b.receiver_took) for _, b in told]
        found.append(
            Proposals(
                initiator=situation.actors[i],
                receiver=situation.actors[j],
                draws=len({b.draw for _, b in told}) / draws,
                rounds=len({(turn, b.draw) for turn, b in told}) / draws,
                chance=float(np.mean([b.chance for _, b in told])),
                both=taken.count((True, True)) / n,
                initiator_only=taken.count((True, False)) / n,
                receiver_only=taken.count((False, True)) / n,
                neither=taken.count((False, False)) / n,
            )
        )
    return sorted(found, key=lambda p: (-p.rounds, p.initiator, p.receiver))


def _lottery(situation: Situation, lottery: Lottery) -> dict[str, Any]:
    """Where the outcome falls, all draws and final positions together, and on whose position."""
    position, chance = lottery.position, lottery.probability
    span = np.array([high - low for low, high in situation.scales.values()])
    with np.errstate(invalid="ignore"):
        gap = np.nan_to_num(abs(position[:, :, None] - position[:, None]) / span, nan=0.0).max(axis=3, initial=0.0)
    stands = (gap < TOGETHER) @ chance[:, :, None]
    issues = {issue: _spread(situation, issue, position[:, :, k], chance) for k, issue in enumerate(situation.issues)}
    held = np.minimum(stands[:, :, 0], 1.0).mean(axis=0).tolist()
    return {"issues": issues, "held_by": dict(zip(situation.actors, held, strict=True))}


def _spread(situation: Situation, issue: str, at: Floats, chance: Floats) -> dict[str, Any]:
    """Quantiles of a weighted sample, and its share in each tenth of the scale."""
    known = ~np.isnan(at) & (chance > 0)
    places, weight = at[known], chance[known]
    if not places.size:
        return {"q05": None, "q25": None, "q50": None, "q75": None, "q95": None, "tenths": None}
    order = np.argsort(places, kind="stable")
    below = np.cumsum(weight[order])
    below /= below[-1]
    quantiles = {
        f"q{q:02d}": float(places[order[min(int(np.searchsorted(below, q / 100 - 1e-12)), places.size - 1)]])
        for q in (5, 25, 50, 75, 95)
    }
    low, high = situation.scales[issue]
    counts, _ = np.histogram(places, bins=TENTHS, range=(low, high), weights=weight)
    return {**quantiles, "tenths": (counts / weight.sum()).tolist()}
