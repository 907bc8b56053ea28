"""Figures, paths and names in words: how many digits a figure deserves, and what to call what it is about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from detente.scenario.situation import Situation

# What the terms of a margin are called where they keep a party away (negative) and where they bring it (positive).
TERMS = {
    "settlement": ("the terms it would have to accept", "terms better than the present"),
    "war": ("its hope of winning the war", "its fear of losing the war"),
    "cost": ("a gain from fighting itself", "the cost of fighting on"),
    "side_payment": ("what a deal costs it beside the issues", "what a deal brings it beside the issues"),
    "betrayal": ("the risk that a signed deal breaks", "the risk that a signed deal breaks"),
    "audience": ("the cost of being seen to sit down", "the credit for sitting down"),
}
TERM_LABELS = {
    "settlement": "Terms of a deal",
    "war": "Winning or losing",
    "cost": "Cost of fighting",
    "side_payment": "Side payment",
    "betrayal": "Deal may break",
    "audience": "Sitting down",
}
EVENTS = {
    "framework": "Framework agreed",
    "announced": "Talks announced",
    "opened": "Talks opened",
    "suspended": "Talks suspended",
    "collapse": "Talks collapsed",
    "none-scheduled": "No talks scheduled",
    "agreement": "Agreement",
    "ceasefire": "Ceasefire",
    "ceasefire-violated": "Ceasefire violated",
}
FIELDS = {
    "capability": "capability of {0}",
    "cost_of_fighting": "cost of fighting of {0}",
    "audience_cost": "audience cost of {0}",
    "side_payment": "side payment to {0}",
    "betrayal_loss": "loss of {0} if a deal breaks",
    "curvature": "curvature of {0}'s utility",
    "concession": "pace of {0}'s concessions",
}
TALKS = {
    "success": "best-case chance that talks deliver",
    "kept": "chance that a deal is kept",
    "consent_softness": "softness of consent",
    "decided_per_month": "chance a month that the war is decided",
    "discount": "monthly discount factor",
    "decisiveness": "decisiveness of strength",
    "strength_drift": "drift of strength",
    "deadline": "deadline of the talks",
    "walkout.rate": "readiness to walk out",
    "walkout.threshold": "margin at which a party walks out",
}


def actor_name(situation: Situation, actor: str) -> str:
    """The name of an actor, or its id where it has none."""
    return situation.names.actors.get(actor, actor)


def party_words(situation: Situation, actor: str) -> str:
    """An actor's name inside a sentence: "the rebels" where it is called "The rebels"."""
    name = actor_name(situation, actor)
    return "t" + name[1:] if name.startswith("The ") else name


def issue_name(situation: Situation, issue: str) -> str:
    """The name of an issue, or its id where it has none."""
    return situation.names.issues.get(issue, issue)


def lever_name(situation: Situation, lever: str) -> str:
    """The name of a lever, or its id where it has none."""
    return situation.names.levers.get(lever, lever)


def sentence_case(text: str) -> str:
    """`text` with a capital first letter and everything else as it stands."""
    return text[:1].upper() + text[1:]


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    words = list(words)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# --- figures -----------------------------------------------------------------------------------------------------


def hundredths(p: float | None) -> str:
    """A share as a count of a hundred, never rounding a possible thing to impossible.

    >>> hundredths(0.614), hundredths(0.001), hundredths(0.999), hundredths(0.0)
    ('61', 'fewer than 1', 'more than 99', '0')
    """
    if p is None:
        return "unknown"
    text = f"{100 * p:.0f}"
    if text == "0" and p > 0:
        return "fewer than 1"
    return "more than 99" if text == "100" and p < 1 else text


def of_draws(p: float | None) -> str:
    """A share as a phrase: "in 61 of 100 draws", "in no draw", "in every draw"."""
    if p is None:
        return "in an unknown share of draws"
    if p in (0, 1):
        return "in every draw" if p else "in no draw"
    return f"in {hundredths(p)} of 100 draws"


def percent(p: float | None) -> str:
    """A share as a percentage for a table."""
    if p is None:
        return "–"
    text = hundredths(p)
    return {"fewer than 1": "<1", "more than 99": ">99"}.get(text, text) + " %"


def simulation_error(low: float | None, high: float | None) -> str:
    """Half an interval's width in points of a hundred, as a phrase.

    >>> simulation_error(0.60, 0.615), simulation_error(0.3, 0.4)
    ('simulation error under 1', 'simulation error about 5')
    """
    if low is None or high is None:
        return "simulation error unknown"
    half = 50 * (high - low)
    return "simulation error under 1" if half < 1 else f"simulation error about {half:.0f}"


def figure(value: float | None, resolution: float | None = None, *, sign: bool = False) -> str:
    """A number with no more digits than `resolution` (a spread, or a scale's width) supports: two digits of it.

    >>> figure(60.5563, 18.0), figure(0.035184, 0.08), figure(8.8333, 8.0), figure(None)
    ('61', '0.035', '8.8', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(resolution) if resolution else abs(value)
    decimals = max(0, 1 - math.floor(math.log10(size))) if size > 0 else 0
    text = f"{value:{'+' if sign else ''}.{min(decimals, 9)}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−")


def on_scale(situation: Situation, issue: str, value: float | None, spread: float | None = None) -> str:
    """A position on an issue's scale, to a hundredth of the scale or a tenth of the spread, whichever is coarser."""
    low, high = situation.scales[issue]
    return figure(value, max(abs(high - low) / 10, abs(spread or 0.0)))


NEAR = 1 / 3  # of the way between two labels: a value farther from both is said to stand between them


def anchor_words(situation: Situation, issue: str, value: float) -> str:
    """Where `value` stands among the labels of the issue's scale; nothing where it has none."""
    anchors = {float(place): str(label) for place, label in (situation.anchors.get(issue) or {}).items()}
    if not anchors:
        return ""
    below = max((place for place in anchors if place <= value), default=min(anchors))
    above = min((place for place in anchors if place >= value), default=max(anchors))
    nearest = min((below, above), key=lambda place: abs(place - value))
    if abs(nearest - value) > NEAR * (above - below):
        return f"between the labels “{anchors[below]}” and “{anchors[above]}”"
    return f"the nearest label is “{anchors[nearest]}”"


def quantity_words(quantity: Any) -> str:
    """A quantity as a reader says it: "25 to 40, most likely 30"; in the file's own form where there is no shorter."""
    kind = type(quantity).__name__
    if kind in ("Exact", "Uniform", "Unknown", "Pert", "Triangular"):
        low, high = quantity.support()
        if quantity.is_exact:
            return plain_number(low)
        mode = "" if kind in ("Uniform", "Unknown") else f", most likely {plain_number(quantity.central())}"
        note = " (unknown)" if kind == "Unknown" else ""
        return f"{plain_number(low)} to {plain_number(high)}{mode}{note}"
    if kind == "Ref":
        plus = quantity_words(quantity.plus)
        return f"{quantity_words(quantity.times)} × {quantity.path}" + (f" + ({plus})" if plus != "0" else "")
    return str(quantity)


def plain_number(value: float) -> str:
    """A number as it was written, thousands apart.

    >>> plain_number(0.004), plain_number(7632500.0), plain_number(-1)
    ('0.004', '7 632 500', '−1')
    """
    return f"{value:,.10g}".replace(",", " ").replace("-", "−")


# --- names of things ---------------------------------------------------------------------------------------------


def term_words(situation: Situation, term: str, value: float) -> str:
    """What a term of a margin is, from where the party stands: what keeps it away, or what brings it."""
    if term.startswith("cost:"):
        lever = lever_name(situation, term[5:])
        return f"what fighting costs it through “{lever}”" if value >= 0 else f"the relief it has from “{lever}”"
    return TERMS.get(term, (term, term))[value >= 0]


def term_label(situation: Situation, term: str) -> str:
    """A term's short label for a chart or a table."""
    return lever_name(situation, term[5:]) if term.startswith("cost:") else TERM_LABELS.get(term, term)


def source_words(source: Mapping[str, Any]) -> str:
    """A source as a reader looks it up: title, publisher, day, and its id in the file.

    >>> source_words({"id": "r-1", "title": "Talks end", "publisher": "Reuters", "date": "2014-02-15"})
    'Talks end. Reuters, 2014-02-15 (r-1)'
    """
    place = ", ".join(str(part) for part in (source.get("publisher"), source.get("date") or "no date") if part)
    return f"{source['title'].rstrip('.')}. {place} ({source['id']})"


def measure_clause(situation: Situation, measure: str) -> str:
    """A share measure as a clause ("Damascus comes to the table"), a value measure as a noun phrase."""
    measure, passes, threshold = measure.partition(" >= ")
    if passes:  # what a tipping point of a value is asked of
        return f"{measure_clause(situation, measure)} is {threshold} or more"
    first, _, rest = measure.partition(".")
    clauses = {
        "convene": "talks convene",
        "agreement": "the talks end in agreement",
        "collapse": "the talks collapse",
        "expiry": "the talks run out of time",
        "ripe": "the conflict is ripe",
        "hurting_stalemate": "the stalemate hurts every required party",
        "way_out": "every required party sees a way out",
    }
    if not rest:
        return clauses.get(first, measure)
    if first == "outcome":
        model, _, issue = rest.partition(".")
        return f"the {model} outcome on {issue_name(situation, issue)}"
    if first == "hypergame":
        concept, _, state = rest.partition(".")
        return f"{_state_words(situation, state)} is an equilibrium as each sees it ({concept})"
    if first == "stable":
        concept, state, *maker = rest.split(".")
        shown = _state_words(situation, state)
        if maker:
            return f"{shown} is stable for {_maker_words(situation, maker[0])} ({concept})"
        return f"{shown} is an equilibrium ({concept})"
    if first == "settlement":
        return f"the expected settlement on {issue_name(situation, rest)}"
    of = party_words(situation, rest)
    return {
        "comes": f"{of} comes to the table",
        "margin": f"the margin of {of}",
        "gain": f"the gain of {of}",
        "reservation": f"the reservation value of {of}",
    }.get(first, measure)


def measure_question(situation: Situation, measure: str) -> str:
    """A share measure after "whether": "talks would convene", "the rebels would come to the table"."""
    clause = measure_clause(situation, measure)
    first, _, actor = measure.partition(".")
    if first == "comes":
        return f"{party_words(situation, actor)} would come to the table"
    would = {"convene": "talks", "agreement": "the talks", "collapse": "the talks", "expiry": "the talks"}
    return clause.replace(would[first], f"{would[first]} would", 1) if measure in would else clause


def _state_words(situation: Situation, state: str) -> str:
    """A state of the strategic conflict with the options that are taken in it, where there are but a few."""
    if situation.game is None:
        return f"state {state}"
    conflict = situation.game.conflict
    number = conflict.state(state)
    label, names = conflict.label(number), conflict.names
    if not names.options:
        return f"state {label} ({conflict.shown(number)})"
    taken = [name for letter, name in zip(label, names.option_names, strict=True) if letter == "Y"]
    return f"state {label} ({', '.join(taken) or 'no option taken'})" if len(taken) <= 3 else f"state {label}"


def _maker_words(situation: Situation, maker: str) -> str:
    names = situation.game.conflict.names if situation.game else None
    return names.maker_names[names.makers.index(maker)] if names and maker in names.makers else maker


def _preference_words(situation: Situation, path: str) -> str:
    """A number of the strategic conflict: the probability of a statement, its chance, which order holds."""
    _, _, maker, name, *rest = path.split(".")
    who = _maker_words(situation, maker)
    if name == "order":
        return f"order of {who}'s priorities"
    statements = [
        s
        for p in (situation.game.conflict.preferences if situation.game else ())
        for s in p.statements or ()
        if s.path and path.startswith(s.path)
    ]
    said = f"“{statements[0].text}”" if statements else name
    what = "chance that" if rest == ["probability"] else "doubt whether"
    return f"{what} {said} counts for {who}"


SHARES = (
    "comes",
    "convene",
    "agreement",
    "collapse",
    "expiry",
    "ripe",
    "hurting_stalemate",
    "way_out",
    "stable",
    "hypergame",
)


def is_share(measure: str) -> bool:
    """Whether a measure is a share of draws and not a value."""
    return measure.split(".", 1)[0] in SHARES


def measure_unit(situation: Situation, measure: str) -> str:
    """The unit in which a measure is counted."""
    first, _, rest = measure.partition(".")
    if first in SHARES:
        return "share of draws"
    if first in ("settlement", "outcome"):
        issue = rest.rsplit(".", 1)[-1]
        if issue in situation.scales:
            low, high = situation.scales[issue]
            return f"points on a scale of {low:g} to {high:g}"
    return "utility, 0 to 1" if first == "reservation" else "share of the stakes"


def level(situation: Situation, measure: str, value: float | None, digits: float | None) -> str:
    """A measure's value, to `digits`; on an issue's scale no finer than a thousandth of it.

    However well the draws agree, no position in a file is known better than that.
    """
    issue = measure.rsplit(".", 1)[-1]
    if measure.split(".", 1)[0] not in ("settlement", "outcome") or issue not in situation.scales:
        return figure(value, digits)
    low, high = situation.scales[issue]
    return figure(value, max(digits or 0.0, abs(high - low) / 100))


def path_words(situation: Situation, path: str) -> str:
    """A number's path in words; the path itself where it has none."""
    parts = path.split(".")

    def actor(key: str) -> str:
        return party_words(situation, key)

    if path == "rounds.chance":
        return "the play of chance in the talks"
    if parts[0] == "actors" and len(parts) >= 3:
        return FIELDS.get(parts[2], parts[2].replace("_", " ") + " of {0}").format(actor(parts[1]))
    if parts[0] == "stances" and len(parts) == 4:
        return f"{parts[3]} of {actor(parts[1])} on {issue_name(situation, parts[2])}"
    if parts[0] == "ties" and len(parts) >= 4:
        kind = "backing" if len(parts) == 4 else parts[3]
        return f"{actor(parts[1])}'s {kind} of {actor(parts[2])}"
    if parts[0] == "levers" and len(parts) >= 3:
        lever = f"“{lever_name(situation, parts[1])}”"
        if parts[2] == "raises":
            return f"pull of {lever} on the {path_words(situation, '.'.join(parts[3:]))}"
        return f"bite of {lever} on {actor(parts[-1])}" if parts[2] == "bite" else f"{parts[2]} of {lever}"
    if parts[0] == "issues" and len(parts) == 3:
        return f"{parts[2].replace('_', ' ')} on {issue_name(situation, parts[1])}"
    if parts[:2] == ["game", "preferences"] and len(parts) > 3:
        return _preference_words(situation, path)
    if parts[0] == "talks":
        return TALKS.get(".".join(parts[1:]), path)
    return path


def lever_words(situation: Situation, lever: str | list[str] | None) -> str:
    """A lever's name, or a path in words; a pair joined."""
    if isinstance(lever, (list, tuple)):
        return " with ".join(lever_words(situation, one) for one in lever)
    if lever is None:
        return ""
    return lever_name(situation, lever) if lever in situation.names.levers else path_words(situation, lever)


# What would act on a page or a terminal instead of being read: controls, halves of pairs, changes of direction, tag characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """`text` with characters that would act rather than be read, such as a change of direction, by their numbers.

    >>> shown("a\\u202eb")
    'a[U+202E]b'
    """
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
