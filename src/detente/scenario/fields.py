"""The one table of fields: what every number means, its range and its default; feeds schema, errors, docs, tooltips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

EXAMPLE = "the mode is the value of the worked example; the range is wide because nothing is known of the case"


@dataclass(frozen=True, slots=True)
class NumberField:
    """One kind of number in a scenario.

    ``where`` is its path with ``*`` for an id. ``low`` and ``high`` bound what may be written; an open end is itself
    refused. ``default`` is quantity data as a file would hold it, None where the number is required or simply absent.

    >>> NUMBERS["kept"].expected
    'a number above 0 and at most 1'
    """

    name: str
    where: str
    meaning: str
    unit: str = "number"
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    integer: bool = False
    default: Any = None
    reason: str = ""  # why the default is what it is

    @property
    def expected(self) -> str:
        """What a valid value is, in words."""
        return in_words(self.low, self.high, low_open=self.low_open, high_open=self.high_open, integer=self.integer)


def in_words(low: float, high: float, *, low_open: bool = False, high_open: bool = False, integer: bool = False) -> str:
    """A range in words.

    >>> in_words(0, 100)
    'a number from 0 to 100'
    """
    kind = "a whole number" if integer else "a number"
    if low == -inf and high == inf:
        return kind
    if not low_open and not high_open and low > -inf and high < inf:
        return f"{kind} from {low:g} to {high:g}"
    ends = []
    if low > -inf:
        ends.append(f"above {low:g}" if low_open else f"at least {low:g}")
    if high < inf:
        ends.append(f"below {high:g}" if high_open else f"at most {high:g}")
    return f"{kind} {' and '.join(ends)}"


def _range(low: float, mode: float, high: float) -> dict[str, float]:
    return {"low": low, "mode": mode, "high": high}


_FIELDS = (
    NumberField(
        "capability",
        "actors.*.capability",
        "what the actor can bring to bear, in any unit common to all actors; only ratios matter",
        "common unit",
        low=0,
    ),
    NumberField(
        "cost_of_fighting",
        "actors.*.cost_of_fighting",
        "what a month of fighting costs the actor before any lever bites (c0)",
        "share of the stakes a month",
        low=0,
        default=_range(0.001, 0.004, 0.008),
        reason=EXAMPLE,
    ),
    NumberField(
        "audience_cost",
        "actors.*.audience_cost",
        "what sitting down costs the actor at home, among allies, by dropping a precondition (a)",
        "share of the stakes",
        low=0,
        default=_range(0, 0.02, 0.06),
        reason=EXAMPLE,
    ),
    NumberField(
        "side_payment",
        "actors.*.side_payment",
        "what a deal brings the actor beside the issues: aid, recognition, amnesty (g)",
        "share of the stakes",
        default=0,
        reason="nothing is promised unless the file says so",
    ),
    NumberField(
        "betrayal_loss",
        "actors.*.betrayal_loss",
        "what the actor loses if a signed deal then breaks: disarmed, demobilised (v)",
        "share of the stakes",
        low=0,
        default=_range(0, 0.1, 0.25),
        reason=EXAMPLE,
    ),
    NumberField(
        "curvature",
        "actors.*.curvature",
        "how utility falls with distance: 1 is a straight line, above 1 forgives small distances (rho)",
        "exponent",
        low=0,
        low_open=True,
        default=_range(0.7, 1, 1.5),
        reason="a straight line is the common choice; the ends are mild curves on either side",
    ),
    NumberField(
        "concession",
        "actors.*.concession",
        "how the actor concedes in the rounds: below 1 holds out (Boulware), above 1 concedes early (e)",
        "exponent",
        low=0,
        low_open=True,
        default=_range(0.5, 1, 2),
        reason="even concession, and half or twice that on either side",
    ),
    NumberField(
        "status_quo",
        "issues.*.status_quo",
        "where the issue stands now, on its scale",
        "points on the scale",
    ),
    NumberField(
        "position",
        "stances.*.*.position",
        "the outcome the actor wants most on the issue, on its scale",
        "points on the scale",
    ),
    NumberField(
        "salience",
        "stances.*.*.salience",
        "how much the issue matters to the actor",
        "share",
        low=0,
        high=1,
    ),
    NumberField(
        "share",
        "ties.*.*.share",
        "part of the first actor's capability committed to the second's fight",
        "share",
        low=0,
        high=1,
        default=_range(0.02, 0.05, 0.1),
        reason=EXAMPLE,
    ),
    NumberField("level", "levers.*.level", "how far the lever is pulled now, within its limits", "level"),
    NumberField(
        "bite",
        "levers.*.bite.*",
        "what the lever costs the actor at full level; negative is relief",
        "share of the stakes a month",
    ),
    NumberField("raises", "levers.*.raises.*", "what the lever adds to the quantity at full level", "its unit"),
    NumberField(
        "success",
        "talks.success",
        "best-case chance that talks deliver (theta0)",
        "probability",
        low=0,
        high=1,
        low_open=True,
        default=_range(0.2, 0.4, 0.6),
        reason=EXAMPLE,
    ),
    NumberField(
        "kept",
        "talks.kept",
        "chance that a signed deal is kept; guarantees raise it (kappa)",
        "probability",
        low=0,
        high=1,
        low_open=True,
        default=_range(0.4, 0.6, 0.8),
        reason=EXAMPLE,
    ),
    NumberField(
        "consent_softness",
        "talks.consent_softness",
        "how soft consent is: the gain at which consent passes from even to likely (tau)",
        "share of the stakes",
        low=0,
        low_open=True,
        default=_range(0.02, 0.05, 0.1),
        reason=EXAMPLE,
    ),
    NumberField(
        "decided_per_month",
        "talks.decided_per_month",
        "chance that the war is decided in a given month (lam)",
        "probability a month",
        low=0,
        high=1,
        low_open=True,
        default=_range(0.005, 0.01, 0.03),
        reason=EXAMPLE,
    ),
    NumberField(
        "discount",
        "talks.discount",
        "what a month's delay leaves of a benefit (delta)",
        "factor a month",
        low=0,
        high=1,
        low_open=True,
        high_open=True,
        default=_range(0.98, 0.99, 0.995),
        reason=EXAMPLE,
    ),
    NumberField(
        "decisiveness",
        "talks.decisiveness",
        "how surely the stronger side wins: the exponent of the contest (gamma)",
        "exponent",
        low=0,
        low_open=True,
        default=_range(0.7, 1, 1.5),
        reason="chances in proportion to strength, and mildly less or more decisive than that",
    ),
    NumberField(
        "strength_drift",
        "talks.strength_drift",
        "how much strengths move: standard deviation of monthly log strength (sigma)",
        "log points a month",
        low=0,
        default=_range(0.01, 0.03, 0.06),
        reason=EXAMPLE,
    ),
    NumberField(
        "deadline",
        "talks.deadline",
        "how long talks may go on (T); a hundred years at most",
        "months",
        low=1,
        high=1200,
        integer=True,
        default=24,
        reason="two years; exact, because it frames the question rather than describes the conflict",
    ),
    NumberField(
        "walkout.rate",
        "talks.walkout.rate",
        "how readily a party leaves when the best offer falls short of its reservation value (eta)",
        "rate a month per unit of shortfall",
        low=0,
        default=_range(0.2, 0.4, 0.8),
        reason=EXAMPLE,
    ),
    NumberField(
        "walkout.threshold",
        "talks.walkout.threshold",
        "how far below zero a party's margin may fall before it leaves at once (walk)",
        "share of the stakes",
        low=0,
        default=0.02,
        reason="exact: the value of the worked example",
    ),
    NumberField(
        "probability",
        "game.preferences.*.*.probability",
        "chance that the decision maker wants the statement at all; where it does not, the statement does not count",
        "probability",
        low=0,
        high=1,
    ),
    NumberField(
        "order",
        "game.preferences.*.order",
        "which of the rival orders of priority holds, counted from 1",
        "number of an order",
        low=1,
        integer=True,
    ),
    NumberField("toll", "toll.*.value", "what the war has cost, as the sources give it", "count", low=0),
    NumberField("option", "models.*.*", "a setting of a model; its page gives the range"),
)

NUMBERS: Mapping[str, NumberField] = {field.name: field for field in _FIELDS}

ACTOR_FIELDS = ("capability",)
RESOLVE_FIELDS = (
    "cost_of_fighting",
    "audience_cost",
    "side_payment",
    "betrayal_loss",
    "curvature",
    "concession",
)
TALKS_FIELDS = (
    "success",
    "kept",
    "consent_softness",
    "decided_per_month",
    "discount",
    "decisiveness",
    "strength_drift",
    "deadline",
    "walkout.rate",
    "walkout.threshold",
)

ROLES = ("belligerent", "backer", "mediator", "bystander")
TIE_KINDS = ("backs", "allied", "fights", "sanctions", "mediates", "hosts", "influences")
SHARED_KINDS = ("backs", "influences")  # kinds that carry a share
EVENTS = (
    "framework",
    "announced",
    "opened",
    "round",
    "suspended",
    "collapse",
    "none-scheduled",
    "agreement",
    "ceasefire",
    "ceasefire-violated",
)
ENDINGS = ("agreement", "collapse", "expiry")
PRECISIONS = ("day", "month", "year")
DIRECTIONS = ("both", "forward", "back")
SETTLEMENTS = ("compromise", "nash")
LIMITS = (0.0, 1.0)  # of a lever, where the file gives none
RESERVED_IDS = frozenset({"no", "on", "yes", "off", "y", "n", "true", "false", "null"})

MEANINGS: Mapping[str, str] = {
    "detente": "version of this format: 1",
    "id": "the scenario's id",
    "title": "the scenario's title",
    "question": "the question it is to answer",
    "began": "the day the conflict began",
    "as_of": "stances, ties and levers in force on this day are used",
    "sources": "where numbers come from, by id",
    "actors": "who takes part, by id",
    "votes": "votes and the quota of a body: the capability of actors that have none of their own",
    "quota": "votes, of all, that carry a motion",
    "others": "votes of each member that is no actor here",
    "index": "how power is counted: shapley-shubik, if left out, or banzhaf",
    "issues": "what is contested, by id",
    "stances": "who wants what, since when",
    "ties": "who backs, fights or influences whom",
    "levers": "what could be changed, by whom, and whom it bites",
    "talks": "the talks: who must come, and how they go",
    "toll": "what the war has cost",
    "game": "the strategic conflict, in option or graph form",
    "models": "settings of models, by model name",
    "variants": "named sparse overrides, by path",
    "correlations": "rank correlations between quantities",
    "expect": "published results that a model is held to",
    "outcome": "what happened in the end; read by score alone",
    "role": "belligerent, backer, mediator or bystander",
    "scale": "labelled anchors; the issue's range is their span",
    "since": "first day in force",
    "until": "last day in force",
    "cite": "sources it rests on: source-id or source-id@locator",
    "by": "who coded it",
    "grade": "Admiralty code of the source, such as B2",
    "because": "the reason, in a sentence",
    "said": "a quotation of at most 40 words",
    "required": "parties without whom talks do not convene; the belligerents that are not excluded, if left out",
    "excluded": "parties that are not invited",
    "mediator": "who mediates",
    "settlement": "what parties expect a deal to look like: compromise, nash or a model's name",
    "limits": "lowest and highest level of the lever",
    "held_by": "actors that can pull the lever",
    "read": "whether the coder has read the source itself",
    "access": "open, or restricted: left out of what is passed on",
}
