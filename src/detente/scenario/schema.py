"""The scenario format: which fields there are, of what shape. It checks files and words the JSON Schema."""

from __future__ import annotations

from typing import Any

from detente.outcome.power import INDICES
from detente.scenario.fields import (
    ACTOR_FIELDS,
    DIRECTIONS,
    ENDINGS,
    EVENTS,
    PRECISIONS,
    RESOLVE_FIELDS,
    ROLES,
    SETTLEMENTS,
    TALKS_FIELDS,
    TIE_KINDS,
)
from detente.scenario.shapes import (
    AnyOf,
    Anything,
    ById,
    Cites,
    Day,
    Flag,
    ListOf,
    Named,
    Plain,
    Quantity,
    Record,
    Schema,
    Shape,
    Text,
    To,
    Whole,
    Word,
)

PROVENANCE: dict[str, Shape] = {"cite": Cites(), "by": Text(), "date": Day(), "grade": Text(), "because": Text()}
IN_FORCE: dict[str, Shape] = {"since": Day(), "until": Day()}
NOTED: dict[str, Shape] = {name: shape for name, shape in PROVENANCE.items() if name != "date"}

SOURCE = Record(
    {
        "title": Text(),
        "publisher": Text(),
        "author": Text(),
        "date": Day(),
        "url": Text(),
        "sha256": Text(),
        "read": Flag(),
        "access": Word(("open", "restricted")),
        "note": Text(),
    },
    ("title",),
    {"title": "what the source is called", "date": "the day it was published", "author": "who wrote it"},
)
ACTOR = Record(
    {
        "name": Text(),
        "aliases": ListOf(Text()),
        "role": Word(ROLES),
        **{name: Quantity(name) for name in ACTOR_FIELDS},
        "resolve": Record({name: Quantity(name) for name in RESOLVE_FIELDS}),
        "note": Text(),
    },
    ("role",),
)
VOTES = Record(
    {
        "quota": Whole(),
        "of": ById(Whole(0), "actors", least=1),
        "others": ListOf(Whole(0)),
        "index": Word(INDICES),
        **NOTED,
    },
    ("quota", "of"),
    {"of": "votes of the actors that have them, by id"},
)
ISSUE = Record(
    {"name": Text(), "scale": ById(Text(), "any", least=2), "status_quo": Quantity("status_quo"), "note": Text()},
    ("scale", "status_quo"),
)
STANCE = Record(
    {
        "actor": To("actors"),
        "issue": To("issues"),
        "position": Quantity("position"),
        "salience": Quantity("salience"),
        "since": Day(),
        "said": Text(most_words=40),
        **NOTED,
    },
    ("actor", "issue", "position", "salience", "since"),
)
TIE = Record(
    {
        "from": To("actors"),
        "to": To("actors"),
        "kind": Word(TIE_KINDS),
        "share": Quantity("share"),
        **IN_FORCE,
        **NOTED,
    },
    ("from", "to", "kind"),
)
LEVER = Record(
    {
        "name": Text(),
        "held_by": ListOf(To("actors")),
        "level": Quantity("level"),
        "limits": ListOf(Plain()),
        "bite": ById(Quantity("bite"), "actors"),
        "raises": ById(Quantity("raises"), "any"),
        "note": Text(),
        **IN_FORCE,
        **NOTED,
    },
    ("level",),
)
EVENT = Record(
    {
        "date": Day(),
        "event": Word(EVENTS),
        "name": Text(),
        "number": Whole(),
        "until": Day(),
        "forum": Text(),
        "sponsors": ListOf(Text()),
        "parties": ListOf(To("actors")),
        "mediator": To("actors"),
        "precision": Word(PRECISIONS),
        "said": Text(most_words=40),
        **NOTED,
    },
    ("date", "event"),
)
TALKS = Record(
    {
        "required": ListOf(To("actors"), least=1),
        "excluded": ListOf(To("actors")),
        "mediator": To("actors"),
        **{name: Quantity(name) for name in TALKS_FIELDS if "." not in name},
        "walkout": Record({"rate": Quantity("walkout.rate"), "threshold": Quantity("walkout.threshold")}),
        "settlement": To("models", SETTLEMENTS),
        "history": ListOf(EVENT),
    }
)
TOLL = Record({"date": Day(), "what": Text(), "value": Quantity("toll"), **NOTED}, ("date", "what", "value"))
OPTION = Record({"name": Text(), "direction": Word(DIRECTIONS)})
PRIORITY = AnyOf(
    text=Text(),
    mapping=Record(
        {"statement": Text(), "id": Named(), "probability": Quantity("probability"), "note": Text(), **NOTED},
        ("statement",),
    ),
    expected="a statement over option ids",
)
PREFERENCE = Record(
    {
        "priorities": ListOf(PRIORITY),
        "orders": ListOf(
            ListOf(AnyOf(text=Text(), number=Plain(), expected="the id or the number of a statement")), least=2
        ),
        "order": Quantity("order"),
        "weights": ById(Plain()),
        "ranking": ListOf(Anything()),
        "fine_tuning": ListOf(Anything()),
        "strong": Anything(),
        "unknown": Anything(),
        "attitudes": Anything(),
    }
)
GAME = Record(
    {
        "decision_makers": ById(Record({"name": Text(), "options": ListOf(Named())}), least=1),
        "options": ById(OPTION),
        "infeasible": ListOf(AnyOf(text=Text(), mapping=Anything(), expected="a formula over option ids, or a helper")),
        "merge": ListOf(Text()),
        "bans": ListOf(Record({"from": Text(), "to": Text()}, ("from", "to"))),
        "status_quo": AnyOf(list_=ListOf(Named()), number=Plain(), text=Text(), expected="the options taken"),
        "preferences": ById(PREFERENCE),
        "states": ById(Text(), "any"),
        "moves": Anything(),
        "coalitions": ListOf(ListOf(Named())),
        "views": ById(
            Record(
                {
                    "unaware": ListOf(
                        AnyOf(text=Text(), number=Plain(), expected="a formula over option ids, or a state")
                    ),
                    "preferences": ById(PREFERENCE),
                    "note": Text(),
                    **NOTED,
                }
            )
        ),
    },
    ("decision_makers",),
)
EXPECT = Record(
    {
        "measure": Text(),
        "value": Plain(),
        "tolerance": Plain(0, 1e12),
        "equilibria": ById(ListOf(AnyOf(text=Text(), number=Plain(), expected="a state")), "any"),
        "with": ById(Anything(), "any"),
        "central": Flag(),
        "draws": Whole(),
        "cite": Cites(),
        "because": Text(),
    }
)
OUTCOME = Record(
    {
        "known_on": Day(),
        "resolve_by": Day(),
        "talks": Record(
            {
                "convened": Flag(),
                "date": Day(),
                "ended": Word((*ENDINGS, "suspended")),
                "cite": Cites(),
                "because": Text(),
            }
        ),
        "issues": ById(Plain(), "issues"),
        "baseline": Record({name: Plain(0, 1) for name in ("convene", *ENDINGS)}),
        "cite": Cites(),
        "because": Text(),
    }
)
SCENARIO = Record(
    {
        "detente": Word((1,)),
        "id": Named(),
        "title": Text(),
        "question": Text(),
        "began": Day(),
        "as_of": Day(),
        "sources": ById(SOURCE),
        "actors": ById(ACTOR, least=1),
        "votes": VOTES,
        "issues": ById(ISSUE, least=1),
        "stances": ListOf(STANCE),
        "ties": ListOf(TIE),
        "levers": ById(LEVER),
        "talks": TALKS,
        "toll": ListOf(TOLL),
        "game": GAME,
        "models": ById(ById(Anything(), "any"), "models"),
        "correlations": ListOf(Record({"of": ListOf(Text()), "rho": Plain(-1, 1), **PROVENANCE}, ("of", "rho"))),
        "variants": ById(ById(Anything(), "any")),
        "expect": ListOf(EXPECT),
        "outcome": OUTCOME,
    },
    ("detente", "id", "title", "as_of"),
)
UNLESS_GAME = ("actors", "issues", "stances")  # required too, but of a file that holds a strategic conflict alone


def _quantity_schema() -> Schema:
    """Every way to write a number."""
    number: Schema = {"type": "number"}
    numbers: Schema = {"type": "array", "items": number, "minItems": 1}
    unknown: Schema = {"const": "unknown"}
    quantity: Schema = {"$ref": "#/$defs/quantity"}
    notes: dict[str, Schema] = {name: shape.schema() for name, shape in PROVENANCE.items()}

    def form(required: list[str], **fields: Schema) -> Schema:
        properties = {**fields, **notes}
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    quantiles = form([])
    quantiles |= {"patternProperties": {"^p[1-9][0-9]?$": number}, "minProperties": 2}
    return {
        "anyOf": [
            number,
            unknown,
            form(["value"], value={"anyOf": [number, unknown]}),
            form(["low", "high"], low=number, mode=number, high=number, shape={"enum": ["pert", "triangular"]}),
            quantiles,
            form(["normal"], normal={**numbers, "minItems": 2, "maxItems": 2}),
            form(["values"], values=numbers, weights=numbers),
            form(["ref"], ref={"type": "string"}, times=quantity, plus=quantity),
            form(["dated"], dated={"type": "object", "additionalProperties": quantity, "minProperties": 1}),
        ]
    }


def _absent(schema: Any) -> Any:
    """The schema with null wherever a field is not required: ``null`` means absent."""
    if isinstance(schema, list):
        return [_absent(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: value if key == "default" else _absent(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        needed = schema.get("required", ())
        found["properties"] = {
            name: _absent(part) if name in needed else {"anyOf": [_absent(part), {"type": "null"}]}
            for name, part in schema["properties"].items()
        }
    return found


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema (draft 2020-12), for editors' completion.

    >>> json_schema()["required"][:3]
    ['detente', 'id', 'title']
    """
    able = {"required": ["capability"], "properties": {"capability": {"not": {"type": "null"}}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "detente scenario, version 1",
        **_absent(SCENARIO.schema()),
        "anyOf": [{"required": list(UNLESS_GAME)}, {"required": ["game"]}],
        "allOf": [{"anyOf": [{"required": ["votes"]}, {"properties": {"actors": {"additionalProperties": able}}}]}],
        "$defs": {"quantity": _absent(_quantity_schema())},
    }
