"""A made-up result in the shape of the JSON interface, with the central figures of the published fixture."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

from detente.scenario.situation import Lever, Names, Number, Provenance, Situation, Tie

NASTY = '</script><script>alert("x")</script>'
NAMES = {
    "damascus": "Syrian government",
    "opposition": "Syrian opposition",
    "isis": "Isis",
    "us": "United States",
    "russia": "Russia",
    "iran": "Iran",
    "un": "United Nations",
    "transition": "Assad's place in a transition",
    "sequence": "What comes first",
    "western-pressure": "Sanctions and aid to the opposition",
    "guarantee": "Outside guarantee of a deal",
}
ROLES = {
    "damascus": "belligerent",
    "opposition": "belligerent",
    "isis": "belligerent",
    "us": "backer",
    "russia": "backer",
    "iran": "backer",
    "un": "mediator",
}
POSITIONS = {  # actor -> issue -> (position low, mode, high, salience)
    "damascus": {"transition": (95, 100, 100, 0.9), "sequence": (85, 95, 100, 0.6)},
    "opposition": {"transition": (0, 5, 15, 0.9), "sequence": (5, 10, 30, 0.5)},
    "isis": {"transition": (0, 0, 0, 0.9)},
    "us": {"transition": (15, 30, 50, 0.6), "sequence": (30, 40, 50, 0.5)},
    "russia": {"transition": (70, 85, 95, 0.6), "sequence": (70, 80, 90, 0.6)},
    "iran": {"transition": (90, 95, 100, 0.8), "sequence": (80, 90, 100, 0.5)},
}
CAPABILITY = {"damascus": 32, "opposition": 18, "isis": 20, "us": 100, "russia": 50, "iran": 40, "un": 5}


@dataclass(frozen=True)
class Judged:
    """A stand-in for a quantity with what the report asks of one."""

    low: float
    mode: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def central(self) -> float:
        return self.mode

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def __str__(self) -> str:
        return f"{self.mode:g}" if self.is_exact else f"{self.low:g} to {self.high:g}, most likely {self.mode:g}"


def _number(path: str, value: float | tuple[float, float, float], field: str, **source: Any) -> Number:
    triple = value if isinstance(value, tuple) else (value, value, value)
    origin = source.pop("origin", "file")
    described = SimpleNamespace(name=field, unit="", low=-math.inf, high=math.inf, meaning=f"The {field}.")
    return Number(path, Judged(*triple), described, origin, Provenance(**source), -math.inf, math.inf)  # type: ignore[arg-type]


def names(**other: str) -> Names:
    """The names of the sample, some of them `other`."""
    every = NAMES | other
    levers = ("western-pressure", "guarantee")
    return Names(*({id_: every[id_] for id_ in ids} for ids in (ROLES, POSITIONS["us"], levers)))


def _numbers() -> dict[str, Number]:
    found = []
    for actor, value in CAPABILITY.items():
        cite = {"cite": ("ledger@p. 4",)} if actor == "damascus" else {"because": "Coder's judgement of usable force."}
        found.append(_number(f"actors.{actor}.capability", (0.8 * value, value, 1.3 * value), "capability", **cite))
        found.append(_number(f"actors.{actor}.audience_cost", (0, 0.02, 0.06), "audience_cost", origin="default"))
    for issue, quo in (("transition", 95), ("sequence", 90)):
        found.append(_number(f"issues.{issue}.status_quo", quo, "status_quo", because="Where the war has left it."))
    for actor, issues in POSITIONS.items():
        for issue, (low, mode, high, salience) in issues.items():
            cite = {"cite": ("independent-2015@para 2",)} if actor == "us" else {}
            cite = {"cite": ("cables@12",), "because": "Told in confidence."} if actor == "iran" else cite
            found.append(_number(f"stances.{actor}.{issue}.position", (low, mode, high), "position", **cite))
            found.append(_number(f"stances.{actor}.{issue}.salience", salience, "salience", **cite))
    found.append(_number("ties.russia.damascus.share", (0.02, 0.05, 0.1), "share", grade="C3", by="two coders"))
    found.append(_number("levers.western-pressure.level", (0.2, 0.3, 0.5), "level"))
    found.append(_number("levers.guarantee.level", (0.1, 0.3, 0.5), "level"))
    found.append(_number("talks.success", (0.2, 0.4, 0.6), "success", origin="default"))
    return {number.path: number for number in found}


def _scenario() -> SimpleNamespace:
    day = dt.date

    def source(**fields: Any) -> SimpleNamespace:
        nothing = dict.fromkeys(("publisher", "date", "author", "url", "note"))
        return SimpleNamespace(**nothing | {"access": "open", "read": True} | fields)

    def stance(actor: str, issue: str, at: float, s: float, since: dt.date, **more: Any) -> SimpleNamespace:
        said = more.pop("said", None)
        values = {"position": Judged(at, at, at), "salience": Judged(s, s, s)}
        return SimpleNamespace(
            actor=actor, issue=issue, since=since, said=said, provenance=Provenance(**more), **values
        )

    def event(date: dt.date, kind: str, **more: Any) -> SimpleNamespace:
        known = {"name": None, "number": None, "until": None, "cite": (), "forum": None, "mediator": None}
        return SimpleNamespace(date=date, event=kind, **known | more)

    stances = [
        stance("us", "transition", 5, 0.6, day(2011, 8, 18), said="the time has come for him to step aside"),
        stance(
            "us", "transition", 30, 0.6, day(2015, 3, 15), cite=("independent-2015@para 2",), said="have to negotiate"
        ),
        stance("damascus", "transition", 100, 0.9, day(2011, 3, 30)),
        stance("opposition", "transition", 0, 0.9, day(2011, 10, 2)),
        stance("opposition", "transition", 5, 0.9, day(2014, 1, 18)),
        stance("russia", "transition", 85, 0.6, day(2012, 6, 30)),
        stance(
            "iran",
            "transition",
            95,
            0.8,
            day(2012, 6, 30),
            cite=("cables@12",),
            said="a secret remark",
            because="Told in confidence.",
        ),
        stance("isis", "transition", 0, 0.9, day(2014, 6, 29)),
        stance("damascus", "sequence", 95, 0.6, day(2014, 1, 22)),
        stance("us", "sequence", 40, 0.5, day(2014, 1, 22)),
    ]
    history = [
        event(day(2012, 6, 30), "framework", name="Geneva communiqué", cite=("geneva-2012",)),
        event(day(2014, 1, 22), "round", number=1, until=day(2014, 1, 31), mediator="un"),
        event(day(2014, 2, 10), "round", number=2, until=day(2014, 2, 15), mediator="un"),
        event(day(2014, 2, 15), "collapse"),
    ]
    toll = [
        SimpleNamespace(
            date=day(2015, 3, 15),
            what="killed",
            value=Judged(200000, 210000, 220000),
            provenance=Provenance(cite=("independent-2015",)),
        )
    ]
    return SimpleNamespace(
        id="syria-2015",
        title="Syria, March 2015",
        question=f"Would Damascus come to the table, on what terms, and what would change its calculation? {NASTY}",
        began=day(2011, 3, 15),
        sources={
            "independent-2015": source(
                title=f"John Kerry: US will 'have to negotiate' {NASTY}",
                publisher="The Independent",
                date=day(2015, 3, 15),
            ),
            "geneva-2012": source(
                title="Action Group for Syria, Final Communiqué",
                publisher="United Nations",
                url="https://example.org/geneva",
                date=day(2012, 6, 30),
            ),
            "ledger": source(title="سجل القوى / 军力", publisher="A yearbook"),
            "cables": source(title="A confidential cable", publisher="A ministry", access="restricted"),
        },
        stances=stances,
        history=history,
        toll=toll,
        data=DATA,
    )


SOURCE_TEXT = f"""detente: 1
id: syria-2015
title: Syria, March 2015
question: "{NASTY}"
sources:
  cables: {{title: A confidential cable, access: restricted}}
"""


DATA = {
    "detente": 1,
    "title": "Syria, March 2015",
    "question": NASTY,
    "sources": {"cables": {"title": "A confidential cable", "publisher": "A ministry", "access": "restricted"}},
    "stances": [
        {
            "actor": "iran",
            "position": {"value": 95, "because": "Told in confidence."},
            "cite": ["cables@12"],
            "said": "a secret remark",
        }
    ],
}


def situation(**changes: Any) -> Situation:
    """Syria in March 2015, much reduced; `changes` replace fields."""
    scenario = _scenario()
    fields: dict[str, Any] = {
        "id": "syria-2015",
        "title": "Syria, March 2015",
        "as_of": dt.date(2015, 3, 15),
        "actors": tuple(ROLES),
        "names": names(),
        "roles": MappingProxyType(ROLES),
        "issues": ("transition", "sequence"),
        "scales": {"transition": (0.0, 100.0), "sequence": (0.0, 100.0)},
        "anchors": {
            "transition": {
                0.0: "Assad leaves before talks begin",
                30.0: "leaves as a transition starts",
                60.0: "shared transitional body, his place decided there",
                100.0: "Assad stays, with reforms",
            },
            "sequence": {0.0: "transition first", 50.0: "both at once", 100.0: "terrorism first"},
        },
        "stances": {(s.actor, s.issue): s for s in scenario.stances},
        "ties": (
            Tie("russia", "damascus", "backs", "ties.russia.damascus.share"),
            Tie("iran", "damascus", "backs", "ties.iran.damascus.share"),
            Tie("us", "opposition", "backs", "ties.us.opposition.share"),
            Tie("us", "isis", "fights", None),
            Tie("us", "damascus", "sanctions", None),
            Tie("un", "damascus", "mediates", None),
            Tie("un", "opposition", "mediates", None),
            Tie("isis", "opposition", "fights", None),
        ),
        "levers": (
            Lever("western-pressure", NAMES["western-pressure"], ("us",), (0.0, 1.0), ("damascus",), ()),
            Lever("guarantee", NAMES["guarantee"], ("us", "russia"), (0.0, 1.0), (), ("talks.kept",)),
        ),
        "has_talks": True,
        "required": ("damascus", "opposition"),
        "excluded": ("isis",),
        "mediator": "un",
        "settlement": "compromise",
        "models": {},
        "numbers": _numbers(),
        "correlations": (),
        "scenario": scenario,
        "source_text": SOURCE_TEXT,
    }
    return Situation(**fields | changes)


# --- results -----------------------------------------------------------------------------------------------------


def _share(p: float, n: int = 10_000) -> dict[str, float]:
    half = 1.96 * math.sqrt(max(p * (1 - p), 1e-4) / n)
    return {"p": p, "low": max(0.0, p - half), "high": min(1.0, p + half)}


def _around(mean: float, sd: float) -> dict[str, float]:
    z = {"q05": -1.645, "q25": -0.674, "q50": 0.0, "q75": 0.674, "q95": 1.645}
    return {"mean": mean, "sd": sd, **{key: mean + sd * at for key, at in z.items()}}


TERMS = {
    "damascus": {
        "settlement": -0.0710,
        "war": 0.0492,
        "cost": 0.0348,
        "side_payment": 0.0,
        "betrayal": -0.0077,
        "audience": -0.0350,
        "cost:western-pressure": 0.0148,
    },
    "opposition": {
        "settlement": 0.0665,
        "war": -0.0446,
        "cost": 0.0429,
        "side_payment": 0.0,
        "betrayal": -0.0071,
        "audience": -0.0350,
        "cost:western-pressure": 0.0,
    },
}
COMES = {"damascus": 0.38, "opposition": 0.72, "isis": 0.66, "us": 0.69, "russia": 0.62, "iran": 0.0, "un": 1.0}


def _party(actor: str) -> dict[str, Any]:
    terms = TERMS.get(
        actor,
        {"settlement": 0.05, "war": -0.03, "cost": 0.01, "side_payment": 0.0, "betrayal": -0.007, "audience": -0.005},
    )
    mean = sum(terms.values())
    return {
        "comes": _share(COMES[actor]),
        "fighting_on": {"mean": 0.435},
        "signed_deal": {"mean": 0.540},
        "gain": {"mean": 0.104},
        "others_consent": {"mean": 0.385},
        "margin": {key: _around(mean, 0.02)[key] for key in ("mean", "q05", "q50", "q95")},
        "reservation": {"mean": 0.469},
        "terms": {term: {"mean": value} for term, value in terms.items()},
    }


VERDICT = {
    "measure": "convene",
    "p": 0.31,
    "low": 0.30,
    "high": 0.32,
    "alternatives": [{"rule": "nash", "p": 0.56, "draws": 400}, {"rule": "median", "p": 0.35, "draws": 400}],
    "unsourced": [
        {"path": "levers.western-pressure.level", "low_p": 0.28, "high_p": 0.58},
        {"path": "talks.success", "low_p": 0.12, "high_p": 0.45},
    ],
}


def run(**changes: Any) -> dict[str, Any]:
    """What `detente run --json` gives."""
    moved = [0.0, 0.21, 0.34, 0.42, 0.47, 0.50, 0.52, 0.53, 0.54, 0.55] + [0.56] * 14
    agreed = [0.0] * 6 + [0.02, 0.04, 0.08, 0.13, 0.18, 0.23, 0.28, 0.31, 0.33, 0.35] + [0.37] * 8
    found: dict[str, Any] = {
        "detente": "0.1.0",
        "scenario": "syria-2015",
        "as_of": "2015-03-15",
        "seed": 0,
        "draws": 10_000,
        "central": False,
        "outcomes": {
            model: {"transition": _around(at, sd), "sequence": _around(at + 4, sd)}
            for model, at, sd in (
                ("mean", 58.0, 6.0),
                ("median", 66.0, 12.0),
                ("nash-bargaining", 61.0, 7.0),
                ("expected-utility", 70.0, 11.0),
            )
        },
        "talks": {
            "convene": _share(0.31),
            "required": ["damascus", "opposition"],
            "settlement": {"transition": _around(60.5, 5.5), "sequence": _around(64.8, 6.0)},
            "prevail": {"damascus": {"mean": 0.44}, "opposition": {"mean": 0.33}, "isis": {"mean": 0.23}},
            "parties": {actor: _party(actor) for actor in ROLES},
            "bargaining_range": {
                "transition": {
                    "p_empty": 0.62,
                    "p_unmeetable": {"damascus": 0.08, "opposition": 0.01},
                    "p_gap": [{"between": ["damascus", "opposition"], "p": 0.53, "distance": 14.2}],
                    "low": {"q05": 52.0, "q50": 58.0, "q95": 66.0},
                    "high": {"q05": 55.0, "q50": 64.0, "q95": 78.0},
                },
                "sequence": {
                    "p_empty": 0.04,
                    "p_unmeetable": {"damascus": 0.0, "opposition": 0.0},
                    "p_gap": [{"between": ["opposition", "damascus"], "p": 0.04, "distance": 5.0}],
                    "low": {"q05": 28.0, "q50": 35.0, "q95": 44.0},
                    "high": {"q05": 60.0, "q50": 71.0, "q95": 88.0},
                },
            },
            "no_zone": _share(0.0),
            "hurting_stalemate": _share(0.12),
            "way_out": _share(0.58),
            "ripe": _share(0.07),
            "convene_unripe": _share(0.24),
        },
        "rounds": {
            "agreement": _share(0.37),
            "collapse": _share(0.56),
            "expiry": _share(0.07),
            "median_collapse_month": 3,
            "collapsed_by_month": moved,
            "agreed_by_month": agreed,
            "given_convened": {
                "agreement": _share(0.43, 3100),
                "collapse": _share(0.57, 3100),
                "expiry": _share(0.0, 3100),
                "median_collapse_month": 2,
                "walked_out": {"damascus": _share(0.31, 3100), "opposition": _share(0.04, 3100)},
            },
            "walked_out": {"damascus": _share(0.53), "opposition": _share(0.05)},
            "terms": {"transition": _around(65.6, 5.0), "sequence": _around(66.0, 6.0)},
        },
        "sources": [
            {"id": "ledger", "used_by": ["actors.damascus.capability"]},
            {"id": "independent-2015", "used_by": ["stances.us.transition.position", "stances.us.transition.salience"]},
            {"id": "cables", "used_by": ["stances.iran.transition.position"]},
        ],
        "missing": {"spatial": "models.spatial.dimensions"},
        "reasons": {},
        "held": {},
        "trajectories": None,
        "warnings": [],
        "verdict": VERDICT,
    }
    return json.loads(json.dumps(found | changes))


def central_run() -> dict[str, Any]:
    """The same with `--central`: no intervals, shares of 0 or 1, a trajectory."""

    def flat(value: Any) -> Any:
        if isinstance(value, dict):
            if {"p", "low", "high"} <= set(value):
                p = float(value["p"] >= 0.5)
                return {"p": p, "low": p, "high": p}
            if "mean" in value:
                return {key: 0.0 if key == "sd" else value["mean"] for key in value}
            return {key: flat(one) for key, one in value.items()}
        return value

    found = run()
    found["talks"] = flat(found["talks"])
    found["outcomes"] = flat(found["outcomes"])
    for issue in found["talks"]["bargaining_range"].values():
        issue["p_empty"] = float(issue["p_empty"] >= 0.5)
    turns = [
        [[min(100.0, 5 + 90 * (i % 2) + t * (1 if i % 2 == 0 else -1) * 4) for _ in range(2)] for i in range(6)]
        for t in range(6)
    ]
    actors = [a for a in ROLES if a != "un"]
    found["trajectories"] = {
        "expected-utility": {"actors": actors, "issues": ["transition", "sequence"], "positions": turns}
    }
    return found | {"central": True, "verdict": None}


RESTS_ON = ["actors.damascus.capability", "stances.us.transition.position", "talks.success"]
SOURCES = [
    {"id": "ledger", "title": "A ledger.", "publisher": None, "date": None},
    {"id": "independent-2015", "title": "US will negotiate", "publisher": "The Independent", "date": "2015-03-15"},
]


def explain(actor: str = "damascus", **changes: Any) -> dict[str, Any]:
    """What `detente explain --json` gives."""
    party = _party(actor)
    sd = 0.3
    terms = [
        {
            "term": term,
            **{key: _around(value["mean"], abs(value["mean"]) * sd)[key] for key in ("mean", "q05", "q50", "q95")},
            "rests_on": RESTS_ON,
            "uncited": ["talks.success"] if term == "settlement" else RESTS_ON,
            "sources": ["ledger", "independent-2015"] if term == "settlement" else [],
        }
        for term, value in party["terms"].items()
    ]
    figures = {
        key: _around(party[key]["mean"], 0.03)
        for key in ("fighting_on", "signed_deal", "gain", "others_consent", "reservation")
    }
    found = {
        "scenario": "syria-2015",
        "actor": actor,
        "draws": 10_000,
        "seed": 0,
        "central": False,
        "required": actor in ("damascus", "opposition"),
    }
    return (
        found
        | figures
        | {"comes": party["comes"], "margin": _around(party["margin"]["mean"], 0.02), "terms": terms}
        | {"sources": SOURCES}
        | changes
    )


def tip(**changes: Any) -> dict[str, Any]:
    """What `detente tip --json` gives for one lever."""
    curve = []
    for i in range(41):
        x = i / 40
        p = 1 / (1 + math.exp(-6 * (x - 0.42)))
        curve.append({"level": x, **_share(p)})
    found = {
        "scenario": "syria-2015",
        "measure": "comes.damascus",
        "actor": "damascus",
        "lever": "western-pressure",
        "path": "levers.western-pressure.level",
        "limits": [0, 1],
        "target": 0.5,
        "draws": 10_000,
        "seed": 0,
        "central": False,
        "now": {"level": 0.32, **_share(0.38)},
        "already": 0.38,
        "reached": 0.55,
        "out_of_reach": 0.07,
        "curve": curve,
        "level_at_p50": 0.42,
        "level_at_p80": 0.65,
        "level_at_target": 0.42,
        "level": {"q05": 0.34, "q50": 0.48, "q95": 0.88},
        "crossings_max": 1,
    }
    return found | changes


def ranking(**changes: Any) -> dict[str, Any]:
    """What `detente tip --json` gives without a lever."""
    rows = [
        {
            "lever": ["western-pressure", "guarantee"],
            "direction": ["up", "up"],
            "now": [0.32, 0.30],
            "limits": [[0.0, 1.0], [0.0, 1.0]],
            "fraction_of_range": 0.08,
            "level": [0.40, 0.38],
            "p_at_limit": 0.99,
        },
        {
            "lever": "western-pressure",
            "direction": "up",
            "now": 0.32,
            "limits": [0.0, 1.0],
            "fraction_of_range": 0.11,
            "level": 0.43,
            "p_at_limit": 0.97,
        },
        {
            "lever": "guarantee",
            "direction": "up",
            "now": 0.30,
            "limits": [0.0, 1.0],
            "fraction_of_range": None,
            "level": None,
            "p_at_limit": 0.497,
        },
    ]
    keys = ("scenario", "measure", "actor", "target", "draws", "seed", "central", "now")
    return {key: tip()[key] for key in keys} | {"ranking": rows} | changes


def frontier() -> dict[str, Any]:
    """What `detente tip --json` gives for two levers."""
    grid = [i / 20 for i in range(21)]
    p = [[1 / (1 + math.exp(-6 * (x + 0.4 * y - 0.55))) for x in grid] for y in grid]
    found = {"levers": ["western-pressure", "guarantee"], "x": grid, "y": grid, "p": p, "now": [0.32, 0.3]}
    return tip() | {"frontier": found}


def sensitivity(**changes: Any) -> dict[str, Any]:
    """What `detente sensitivity --json` gives."""
    rows = []
    names = [
        "levers.western-pressure.level",
        "talks.success",
        "stances.us.transition.position",
        "actors.damascus.capability",
        "actors.iran.capability",
        "ties.russia.damascus.share",
    ]
    for i, path in enumerate(names):
        total, first = 0.42 / (i + 1), 0.30 / (i + 1)
        swing = {"low": 0.38 - 0.20 / (i + 1), "high": 0.38 + 0.22 / (i + 1)}
        if i == 2:
            swing = {"low": 0.40, "high": 0.52}  # both ends on one side of the base
        rows.append(
            {
                "path": path,
                "paths": [path],
                "first": {"value": first, "low": first - 0.03, "high": first + 0.03},
                "total": {"value": total, "low": max(0, total - 0.05), "high": total + 0.05},
                "swing": swing,
                "cited": i in (2, 3),
                "origin": "default" if i == 1 else "file",
            }
        )
    rows.append(
        {
            "path": "rounds.chance",
            "paths": ["rounds.chance"],
            "first": rows[0]["first"],
            "total": rows[5]["total"],
            "swing": {"low": None, "high": None},
            "cited": True,
            "origin": "chance",
        }
    )
    found = {
        "scenario": "syria-2015",
        "measure": "comes.damascus",
        "unit": "share of draws",
        "base": 0.38,
        "base_samples": 1024,
        "seed": 0,
        "inputs": rows,
        "unsourced": ["levers.western-pressure.level", "talks.success"],
        "warnings": [],
    }
    return found | changes


def compare(**changes: Any) -> dict[str, Any]:
    """What `detente compare --json` gives."""
    answers = {
        "convene": {"values": [0.14, 0.31], "difference": {"mean": 0.17, "low": 0.16, "high": 0.18}},
        "comes.damascus": {"values": [0.22, 0.38], "difference": {"mean": 0.16, "low": 0.15, "high": 0.17}},
        "comes.opposition": {"values": [0.71, 0.72], "difference": {"mean": 0.01, "low": -0.002, "high": 0.022}},
        "settlement.transition": {"values": [57.1, 60.5], "difference": {"mean": 3.4, "low": 3.2, "high": 3.6}},
    }
    paths = {
        "stances.us.transition.position": 0.11,
        "actors.isis.capability": 0.08,
        "ties.russia.damascus.share": -0.02,
    }
    parts = {
        measure: {
            path: {"value": v * scale, "low": v * scale - 0.01 * scale, "high": v * scale + 0.01 * scale}
            for path, v in paths.items()
        }
        for measure, scale in (("convene", 1.0), ("comes.damascus", 0.94), ("settlement.transition", 20.0))
    }
    for answer in answers.values():
        d = answer["difference"]
        answer["exceeds_noise"] = not d["low"] <= 0 <= d["high"]
        answer["unit"] = "share of draws"
    inputs = [
        {"path": "stances.us.transition.position", "values": ["0 to 15, most likely 5", "15 to 50, most likely 30"]},
        {"path": "actors.isis.capability", "values": [10, "15 to 30, most likely 20"]},
        {"path": "ties.russia.damascus.share", "values": [0.03, 0.05]},
    ]
    found = {
        "scenarios": ["syria-2015@2014-02-15", "syria-2015@2015-03-15"],
        "draws": 10_000,
        "seed": 0,
        "central": False,
        "inputs": inputs,
    }
    return found | {"answers": answers, "contributions": parts, "exact": True, "note": None} | changes


def parties() -> dict[str, Any]:
    """What `detente tip --parties --json` gives."""

    def table(change: str, actor: str | None, p: float) -> dict[str, Any]:
        return {
            "change": change,
            "actor": actor,
            "required": ["damascus", "opposition"],
            "excluded": ["isis"],
            "convene": _share(p),
            "difference": p - 0.31,
            "margins": {"damascus": -0.01},
            "ripe": 0.07,
            "range_empty": {"transition": 0.62, "sequence": 0.04},
            "leaves_out": ["isis", "damascus"] if change == "drop damascus" else ["isis"],
        }

    rows = [
        table("as it is", None, 0.31),
        table("add russia", "russia", 0.25),
        table("add iran", "iran", 0.0),
        table("drop damascus", "damascus", 0.72),
    ]
    return {"scenario": "syria-2015", "draws": 10_000, "seed": 0, "central": False, "tables": rows}
