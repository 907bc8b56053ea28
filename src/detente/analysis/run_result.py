"""What `run` found: who comes, on what terms, and how the talks go, each figure with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.analysis.dealings import Dealings
from detente.analysis.disagreement import Disagreement
from detente.analysis.intervals import Share, Summary
from detente.analysis.results import Result, plain


@dataclass(frozen=True)
class Party:
    """What an actor makes of talks, over draws (talks page, section 2)."""

    comes: Share
    fighting_on: Summary
    signed_deal: Summary
    gain: Summary
    others_consent: Summary
    margin: Summary
    reservation: Summary
    terms: Mapping[str, Summary]

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        means = ("fighting_on", "signed_deal", "gain", "others_consent", "reservation")
        return {
            "comes": self.comes.to_dict(),
            **{name: getattr(self, name).to_dict("mean") for name in means},
            "margin": self.margin.to_dict("mean", "q05", "q50", "q95"),
            "terms": {term: summary.to_dict("mean") for term, summary in self.terms.items()},
        }


@dataclass(frozen=True)
class Gap:
    """Two parties whose demands do not meet on an issue."""

    between: tuple[str, str]
    p: float
    distance: float | None


@dataclass(frozen=True)
class Accepts:
    """The ends of what one party could sign on an issue, over the draws in which any outcome on it would do."""

    low: Summary
    high: Summary

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {end: getattr(self, end).to_dict("q05", "q50", "q95") for end in ("low", "high")}


@dataclass(frozen=True)
class Range:
    """What every required party could sign on an issue, others at the expected settlement."""

    p_empty: float
    p_unmeetable: Mapping[str, float]
    shortfall: Mapping[str, float | None]
    p_gap: Sequence[Gap]
    low: Summary
    high: Summary
    accepts: Mapping[str, Accepts]

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        return {
            "p_empty": self.p_empty,
            "p_unmeetable": dict(self.p_unmeetable),
            "shortfall": plain(self.shortfall),
            "p_gap": [{"between": list(g.between), "p": g.p, "distance": g.distance} for g in self.p_gap],
            "low": self.low.to_dict("q05", "q50", "q95"),
            "high": self.high.to_dict("q05", "q50", "q95"),
            "accepts": plain(self.accepts),
        }


SHARES = ("no_zone", "hurting_stalemate", "way_out", "ripe", "convene_unripe")  # of draws, in this order


@dataclass(frozen=True)
class Talks:
    """Who would sit down now."""

    convene: Share
    settlement: Mapping[str, Summary]
    prevail: Mapping[str, Summary]
    parties: Mapping[str, Party]
    bargaining_range: Mapping[str, Range]
    no_zone: Share
    hurting_stalemate: Share
    way_out: Share
    ripe: Share
    convene_unripe: Share  # draws in which talks convene though the conflict is not ripe
    required: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        return {
            "convene": self.convene.to_dict(),
            "required": list(self.required),
            "settlement": {i: s.to_dict("mean", "q05", "q50", "q95") for i, s in self.settlement.items()},
            "prevail": {a: s.to_dict("mean") for a, s in self.prevail.items()},
            "parties": plain(self.parties),
            "bargaining_range": plain(self.bargaining_range),
            **{name: getattr(self, name).to_dict() for name in SHARES},
        }


@dataclass(frozen=True)
class RoundsOver:
    """How talks end, over some set of draws."""

    agreement: Share
    collapse: Share
    expiry: Share


@dataclass(frozen=True)
class RoundsGiven(RoundsOver):
    """The talks played out in the draws in which they convene."""

    median_collapse_month: float | None
    walked_out: Mapping[str, Share]


@dataclass(frozen=True)
class RoundsSummary(RoundsOver):
    """The talks played out, over all draws and over those in which they convene."""

    median_collapse_month: float | None
    collapsed_by_month: Sequence[float]
    agreed_by_month: Sequence[float]
    given_convened: RoundsGiven | None
    walked_out: Mapping[str, Share]
    terms: Mapping[str, Summary]

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        return {
            **{name: getattr(self, name).to_dict() for name in ("agreement", "collapse", "expiry")},
            "median_collapse_month": self.median_collapse_month,
            "collapsed_by_month": list(self.collapsed_by_month),
            "agreed_by_month": list(self.agreed_by_month),
            "given_convened": plain(self.given_convened),
            "walked_out": plain(self.walked_out),
            "terms": {i: s.to_dict("mean", "q05", "q95") for i, s in self.terms.items()},
        }


@dataclass(frozen=True)
class RunResult(Result):
    """All models side by side on one situation."""

    detente: str
    scenario: str
    as_of: str
    seed: int
    draws: int
    central: bool
    outcomes: Mapping[str, Mapping[str, Summary] | None]
    talks: Talks | None
    rounds: RoundsSummary | None
    sources: Sequence[Mapping[str, Any]]
    missing: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    held: Mapping[str, float] = field(default_factory=dict)
    trajectories: Mapping[str, Any] | None = None
    disagreement: Mapping[str, Disagreement | None] = field(default_factory=dict)
    dealings: Mapping[str, Dealings] | None = None
    warnings: Sequence[str] = ()
    verdict: Mapping[str, Any] | None = None
    _situation: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record a figure: group, measure, of whom, and its summary."""
        found: list[dict[str, Any]] = []
        if self.talks:
            found.append({"measure": "convene", **self.talks.convene.to_dict()})
            for actor, party in self.talks.parties.items():
                found.append({"measure": f"comes.{actor}", **party.comes.to_dict()})
                found.append({"measure": f"margin.{actor}", **party.margin.to_dict()})
            for issue, summary in self.talks.settlement.items():
                found.append({"measure": f"settlement.{issue}", **summary.to_dict()})
        if self.rounds:
            found += [{"measure": n, **getattr(self.rounds, n).to_dict()} for n in ("agreement", "collapse", "expiry")]
        for model, issues in self.outcomes.items():
            for issue, summary in (issues or {}).items():
                found.append({"measure": f"outcome.{model}.{issue}", **summary.to_dict()})
        return found

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import run_sentences

        return run_sentences(self._situation, self.to_dict())

    def charts(self) -> list[Any]:
        """Seats, settlement, bargaining range, talks."""
        from detente.report.charts import run_charts

        return run_charts(self._situation, self.to_dict())
