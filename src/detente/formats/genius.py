"""GENIUS domains and profiles: what is negotiated as XML, and one file for what each agent makes of it.

Read as NegMAS reads them. An agent's utility is a weighted sum of evaluations of values; a stance is a position and a
salience. The position is where an evaluation is highest, and the weight is the salience.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from detente.errors import UsageError
from detente.formats import Foreign, Written, xml
from detente.formats.draft import LOWER, UPPER, Draft, plain
from detente.formats.leaving import Leaving
from detente.formats.text import beginning, number
from detente.formats.xml import Element
from detente.scenario.ids import slug
from detente.scenario.situation import Situation

ROOTS = ("negotiation_template", "utility_space")
TOLERANCE = 1e-6  # of an evaluation that still lies on a straight line
_AT = re.compile(r"at (\S+)")  # an item's description that says where its value stands on a scale


@dataclass
class Issue:
    """An issue of a domain: labelled values by their place on the scale, or a range of numbers."""

    name: str
    index: str
    line: int
    values: Mapping[str, float]  # discrete values and their places, the ends of a range otherwise
    discrete: bool

    @property
    def scale(self) -> dict[float, str]:
        """The scale of the scenario's issue."""
        if self.discrete:
            return {plain(place): value for value, place in self.values.items()}
        low, high = self.values.values()
        return {plain(low): LOWER, plain(high): UPPER}


def recognises(file: Foreign) -> bool:
    """Whether it is XML whose root is a template or a utility space."""
    text = beginning(file.data).lstrip()
    return text.startswith("<") and any(f"<{root}" in text for root in ROOTS)


def read(file: Foreign) -> Draft:
    """A draft of a domain and its profiles, or of profiles alone. Raises `InputError` with every fault."""
    files = (file, *file.others)
    roots = [(each, _objective(each)) for each in files]
    domains = [(each, root, objective) for each, (root, objective) in roots if root.tag == ROOTS[0]]
    profiles = [(each, root, objective) for each, (root, objective) in roots if root.tag != ROOTS[0]]
    draft = Draft(file.name, "a GENIUS domain and its profiles")
    if len(domains) > 1:
        second = domains[1]
        _stop(
            second[0].name, second[1].line, "files", f"found {len(domains)} domains", "expected one, then its profiles"
        )
    if not profiles:
        expected = "expected profiles too, a file an agent: detente import DOMAIN.xml PROFILE.xml PROFILE.xml"
        draft.fault(None, "files", "found a domain alone", expected)
    draft.stop()
    first = (domains or profiles)[0]
    issues = _issues(first[0].name, first[2])
    draft.data["title"] = first[2].attributes.get("name") or Path(file.name).stem
    for issue in issues.values():
        draft.issue(issue.name, line=issue.line, scale=issue.scale)
    agents = _agents(domains[0][1]) if domains else {}
    for each, root, objective in profiles:
        _profile(draft, _Profile(each, root, objective, issues), agents.get(each.path.name) or each.path.stem)
    draft.stop()
    return draft


def _stop(file: str, line: int | None, what: str, found: str, expected: str) -> None:
    draft = Draft(file, "")
    draft.fault(line, what, found, expected)
    draft.stop()


def _objective(file: Foreign) -> tuple[Element, Element]:
    """The root of a file and the objective that holds its issues."""
    root = xml.parse(file.whole(), file.name)
    if root.tag not in ROOTS:
        _stop(file.name, root.line, root.tag[:40], "found this root", f"expected {' or '.join(ROOTS)}")
    space = root.find("utility_space") if root.tag == ROOTS[0] else root
    objective = None if space is None else space.find("objective")
    if objective is None:
        _stop(file.name, root.line, "objective", "found none", "expected one, with the issues in it")
        raise AssertionError
    inner = objective.find("objective")
    if inner is not None:
        _stop(file.name, inner.line, "objective", "found one within another", "expected issues alone in it")
    return root, objective


def _agents(root: Element) -> dict[str, str]:
    """Names of agents by the files of their profiles, where a domain lists them."""
    listed = [child.attributes for child in root.all("agent")]
    return {
        Path(agent["utility_file_name"]).name: agent["agent"]
        for agent in listed
        if agent.get("utility_file_name") and agent.get("agent")
    }


def _issues(file: str, objective: Element) -> dict[str, Issue]:
    """Issues by their index."""
    draft = Draft(file, "")
    found: dict[str, Issue] = {}
    for element in objective.all("issue"):
        index, name = (element.attributes.get(key, "").strip() for key in ("index", "name"))
        if not index or not name:
            draft.fault(
                element.line, "issue", f"found no {'name' if index else 'index'}", "expected an index and a name"
            )
            continue
        if index in found or name in {issue.name for issue in found.values()}:
            draft.fault(
                element.line, "issue", f"found {name[:40]}, {index[:10]} a second time", "expected each issue once"
            )
            continue
        kind = element.attributes.get("type") or element.attributes.get("vtype") or "discrete"
        if kind == "discrete":
            values = _values(draft, element, name)
        elif kind in ("integer", "real"):
            values = _range(draft, element, name)
        else:
            draft.fault(element.line, name, f"found the type {kind[:40]}", "expected discrete, integer or real")
            continue
        found[index] = Issue(name, index, element.line, values, kind == "discrete")
    if not found and not draft.faults:
        draft.fault(objective.line, "objective", "found no issue", "expected at least one")
    draft.stop()
    return found


def _values(draft: Draft, element: Element, name: str) -> dict[str, float]:
    """Discrete values by their place: as their descriptions say, or in the order of the file, 0, 1, 2, ..."""
    items = list(element.all("item"))
    places: dict[str, float] = {}
    said: list[float] = []
    for item in items:
        value = item.attributes.get("value", "").strip()
        if not value:
            draft.fault(item.line, f"{name}.item", "found no value", "expected a value")
        elif value not in places:  # one that comes again counts once, as in NegMAS
            places[value] = float(len(places))
            match = _AT.fullmatch(item.attributes.get("description", ""))
            place = number(match[1]) if match else None
            said += [] if place is None else [float(place)]
    if len(places) < 2:
        draft.fault(element.line, name, f"found {len(places)} values", "expected two or more")
    if len(said) == len(places) and said == sorted(set(said)):
        return dict(zip(places, said, strict=True))
    return places


def _range(draft: Draft, element: Element, name: str) -> dict[str, float]:
    """The ends of a range of numbers, on the issue or on a range within it."""
    inner = element.find("range")
    at = {**element.attributes, **(inner.attributes if inner is not None else {})}
    low, high = (number(at.get(key, "").strip()) for key in ("lowerbound", "upperbound"))
    if low is None or high is None or not low < high:
        shown = " to ".join(at.get(key, "nothing")[:20] for key in ("lowerbound", "upperbound"))
        draft.fault(element.line, name, f"found the range {shown}", "expected a lowerbound below an upperbound")
        return {LOWER: 0.0, UPPER: 1.0}
    return {LOWER: float(low), UPPER: float(high)}


# --- profiles ------------------------------------------------------------------------------------------------------


@dataclass
class _Profile:
    """What one agent makes of the issues."""

    file: Foreign
    root: Element
    objective: Element
    issues: Mapping[str, Issue]
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(self.file.name, "")

    def number(self, element: Element, key: str, what: str, low: float = 0, high: float = math.inf) -> float:
        """The number in an attribute; 0, and a fault, where there is none in the range."""
        text = element.attributes.get(key, "").strip()
        value = number(text)
        if value is not None and low <= float(value) <= high:
            return float(value)
        span = f" of at least {low:g}" if low > -math.inf else ""
        self.draft.fault(element.line, what, f"found {text[:40] or 'nothing'}", f"expected a number{span}")
        return 0.0

    def weights(self) -> dict[str, float]:
        """Weights by the index of their issue, as shares of their sum; alike where there are none."""
        found: dict[str, float] = {}
        for element in self.objective.all("weight"):
            index = element.attributes.get("index", "")
            if index not in self.issues:
                shown = ", ".join(self.issues)
                self.draft.fault(
                    element.line, "weight", f"found the index {index[:10] or 'of none'}", f"expected one of {shown}"
                )
            else:
                found[index] = self.number(element, "value", f"{self.issues[index].name}.weight")
        missing = [index for index in self.issues if index not in found]
        if found and missing and not self.draft.faults:
            name = self.issues[missing[0]].name
            self.draft.fault(self.objective.line, f"{name}.weight", "found none", "expected a weight for each issue")
        total = sum(found.values())
        if found and not total and not self.draft.faults:
            self.draft.fault(self.objective.line, "weight", "found no weight above 0", "expected one")
        return {index: found[index] / total if total else 1 / len(self.issues) for index in found or self.issues}

    def peaks(self) -> dict[str, tuple[float, str] | None]:
        """Where each issue's evaluation is highest, and the evaluations in words; None where all are alike."""
        there = {element.attributes.get("index", ""): element for element in self.objective.all("issue")}
        found: dict[str, tuple[float, str] | None] = {}
        for index, issue in self.issues.items():
            element = there.get(index)
            if element is None or element.attributes.get("name", "").strip() != issue.name:
                line = self.objective.line if element is None else element.line
                self.draft.fault(
                    line, issue.name, "found no such issue", f"expected it with the index {index}, as elsewhere"
                )
                continue
            found[index] = self._discrete(element, issue) if issue.discrete else self._continuous(element, issue)
        return found

    def _discrete(self, element: Element, issue: Issue) -> tuple[float, str] | None:
        values: dict[str, float] = {}
        for item in element.all("item"):
            value = item.attributes.get("value", "").strip()
            if value not in issue.values:
                shown = ", ".join(issue.values)[:80]
                self.draft.fault(item.line, f"{issue.name}.item", f"found {value[:40]}", f"expected one of {shown}")
            elif value not in values:
                values[value] = self.number(item, "evaluation", f"{issue.name}.{value}", -math.inf)
        missing = [value for value in issue.values if value not in values]
        if missing:
            if not self.draft.faults:
                self.draft.fault(element.line, f"{issue.name}.{missing[0]}", "found no item", "expected every value")
            return None
        if len(set(values.values())) == 1:
            return None
        words = "evaluations " + ", ".join(f"{value} {plain(worth):g}" for value, worth in values.items())
        places = [issue.values[value] for value in values]
        return _straight(places, list(values.values())) or (issue.values[max(values, key=lambda v: values[v])], words)

    def _continuous(self, element: Element, issue: Issue) -> tuple[float, str] | None:
        evaluator = element.find("evaluator")
        low, high = issue.values.values()
        if evaluator is None:
            self.draft.fault(element.line, issue.name, "found no evaluator", "expected one: linear or triangular")
            return None
        kind = evaluator.attributes.get("ftype") or evaluator.attributes.get("type") or ""
        if kind == "linear":
            # NegMAS names the parameters that GENIUS numbers.
            key = "slope" if "slope" in evaluator.attributes else "parameter1"
            slope = self.number(evaluator, key, f"{issue.name}.evaluator", -math.inf)
            return None if slope == 0 else (high if slope > 0 else low, f"evaluation linear, slope {slope:g}")
        if kind == "triangular":
            peak = self.number(evaluator, "parameter2", f"{issue.name}.evaluator", -math.inf)
            return min(max(peak, low), high), f"evaluation triangular, highest at {peak:g}"
        self.draft.fault(
            evaluator.line, issue.name, f"found the evaluator {kind[:40]}", "expected linear or triangular"
        )
        return None


def _straight(places: Sequence[float], worth: Sequence[float]) -> tuple[float, str] | None:
    """The position from which evaluations fall in proportion to distance, 1 to 0 over the scale, if there is one.

    >>> _straight([0, 50, 100], [0.8, 0.7, 0.2])
    (20.0, '')
    >>> _straight([0, 50, 100], [12, 20, 30]) is None
    True
    """
    low, span = places[0], places[-1] - places[0]
    peak = low + span * (1 - worth[0])
    if not low - TOLERANCE * span <= peak <= low + span * (1 + TOLERANCE):
        return None
    off = max(abs(w - 1 + abs(place - peak) / span) for place, w in zip(places, worth, strict=True))
    return (float(f"{min(max(peak, low), low + span):.12g}"), "") if off <= TOLERANCE else None


def _profile(draft: Draft, profile: _Profile, name: str) -> None:
    """Put an agent into a draft, or the faults of its file."""
    weights, peaks = profile.weights(), profile.peaks()
    draft.faults += profile.draft.faults
    if profile.draft.faults:
        return
    actor = draft.actor(name, line=None)
    for index, issue in profile.issues.items():
        found = peaks[index]
        if found is None:
            if weights[index]:
                draft.lost.append(f"the weight of {issue.name} to {name}, which values all of it alike")
            continue
        position, words = found
        id_ = draft.id_of("issues", issue.name)
        numbers = {"position": plain(position), "salience": plain(weights[index]), "because": words or None}
        draft.stance(actor, id_, line=None, **numbers)
    for tag, neutral in (("reservation", 0.0), ("discount_factor", 1.0)):
        element = profile.root.find(tag)
        text = "" if element is None else element.attributes.get("value", "")
        value = number(text)
        if value is not None and float(value) not in (neutral, 0.0):
            draft.lost.append(f"the {tag.replace('_', ' ')} of {name}, {text}")


# --- out -----------------------------------------------------------------------------------------------------------


def write(situation: Situation, path: Path) -> Written:
    """A situation as a domain, and a profile an actor beside it: labels of scales are the values."""
    leaving = Leaving(situation)
    told: list[str] = []
    files = {actor: f"{path.stem}-{slug(actor)}.xml" for actor in situation.actors}
    names = [leaving.name("issues", issue) for issue in situation.issues]
    named = {i: name if names.count(name) == 1 else i for name, i in zip(names, situation.issues, strict=True)}
    beside = {files[actor]: _written_profile(leaving, actor, named, told) for actor in situation.actors}
    lines = ["<negotiation_template>"]
    for actor, file in files.items():
        attributes = f"agent={quoteattr(leaving.name('actors', actor))} utility_file_name={quoteattr(file)}"
        lines.append(f"  <agent {attributes} />")
    lines += [
        f'  <utility_space number_of_issues="{len(named)}">',
        *_written_objective(situation, named, {}),
        "  </utility_space>",
    ]
    lines.append("</negotiation_template>")
    if len({leaving.central(f"actors.{actor}.capability") for actor in situation.actors}) > 1:
        told.append("capabilities")
    if any(stance.provenance.because or stance.provenance.cite for stance in situation.stances.values()):
        told.append("sources and reasons")
    for issue in situation.issues:
        leaving.leave_status_quo(issue)
    return Written(("\n".join(lines) + "\n").encode(), leaving.told(*dict.fromkeys(told)), beside)


def _written_profile(leaving: Leaving, actor: str, named: Mapping[str, str], told: list[str]) -> bytes:
    now = leaving.situation
    stances = [issue for issue in named if (actor, issue) in now.stances]
    salience = {i: float(leaving.one(f"stances.{actor}.{i}.salience")) for i in stances}
    position = {i: float(leaving.one(f"stances.{actor}.{i}.position")) for i in stances}
    total = sum(salience.values())
    if not total:
        expected = "expected one on some issue: weights are shares of their sum"
        raise UsageError(f"export: stances.{actor}: found no salience above 0; {expected}")
    if abs(total - 1) > 1e-9:
        told.append("how much an actor cares in all: weights are shares of the sum of its saliences")
    lines = ["<utility_space>", *_written_objective(now, named, position)]
    weights = [
        f'    <weight index="{place}" value="{salience.get(issue, 0.0) / total!r}" />'
        for place, issue in enumerate(named, start=1)
    ]
    lines[-1:-1] = weights  # within the objective
    lines += ['  <discount_factor value="1.0" />', '  <reservation value="0.0" />', "</utility_space>"]
    return ("\n".join(lines) + "\n").encode()


def _written_objective(now: Situation, named: Mapping[str, str], position: Mapping[str, float]) -> list[str]:
    """The issues with their values and, in a profile, evaluations: 1 at the position, 0 at the scale's length."""
    lines = [f'  <objective index="0" etype="objective" type="objective" description="" name={quoteattr(now.title)}>']
    for place, (issue, name) in enumerate(named.items(), start=1):
        kinds = 'etype="discrete" type="discrete" vtype="discrete"'
        lines.append(f'    <issue index="{place}" {kinds} name={quoteattr(name)}>')
        low, high = now.scales[issue]
        for number_, (at, label) in enumerate(_labels(now, issue).items(), start=1):
            item = f'      <item index="{number_}" value={quoteattr(label)} description="at {plain(at)!r}"'
            if position:
                worth = 1 - abs(at - position[issue]) / (high - low) if issue in position else 0.0
                item += f' evaluation="{worth!r}"'
            lines.append(f"{item} />")
        lines.append("    </issue>")
    return [*lines, "  </objective>"]


def _labels(now: Situation, issue: str) -> dict[float, str]:
    """The labels of a scale by place; a label that comes twice has its place beside it."""
    anchors = dict(sorted(now.anchors[issue].items()))
    texts = [" ".join(label.split()) for label in anchors.values()]
    return {
        at: text if texts.count(text) == 1 and text else f"{text} ({plain(at)})".strip()
        for (at, _), text in zip(anchors.items(), texts, strict=True)
    }
