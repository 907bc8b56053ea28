"""KTAB's XML: the scenario with its parameters, its seed, and how far ideals follow positions."""

from __future__ import annotations

from xml.sax.saxutils import escape

from detente.formats import Foreign, Written, xml
from detente.formats.draft import Draft
from detente.formats.ktab import PARAMETERS, Actor, Model, Outgoing, fill, parameter
from detente.formats.leaving import Leaving
from detente.formats.text import beginning
from detente.formats.xml import Element
from detente.scenario.situation import Situation


def recognises(file: Foreign) -> bool:
    """Whether it is XML whose root is a Scenario."""
    text = beginning(file.data)
    return text.lstrip().startswith("<") and "<Scenario" in text


def read(file: Foreign) -> Draft:
    """A draft of a KTAB XML. Raises `InputError` with every fault, each with its line."""
    root = xml.parse(file.whole(), file.name)
    draft = Draft(file.name, "a KTAB scenario in XML")
    if root.tag != "Scenario":
        draft.fault(root.line, root.tag, "found this root", "expected Scenario")
        draft.stop()
    dimensions = [child.text for child in _within(draft, root, "Dimensions", "dName")]
    actors = [_actor(draft, child, len(dimensions)) for child in _within(draft, root, "Actors", "Actor")]
    parameters = _settings(draft, root.find("ModelParameters"))
    seed = _seed(draft, root)
    pairs = {}
    above = root.find("IdealAdjustment")
    for pair in above.all("iaPair") if above is not None else ():
        who, whom, share = (_text(draft, pair, tag) for tag in ("adjustingIdeal", "referencePos", "adjust"))
        if (who, whom) in pairs:
            draft.fault(pair.line, "iaPair", f"found a second one of {who} and {whom}", "expected each pair once")
        pairs[who, whom] = share, pair.line
    draft.stop()
    place = root.find("Dimensions")
    name, description = _text(draft, root, "name"), _text(draft, root, "desc", needed=False)
    draft.stop()
    line = place.line if place is not None else root.line
    fill(draft, Model(name, description, dimensions, actors, parameters, seed, pairs, line))
    return draft


def _within(draft: Draft, root: Element, outer: str, inner: str) -> list[Element]:
    above = root.find(outer)
    if above is None:
        draft.fault(root.line, outer, "found none", f"expected it, with {inner} in it")
    return [] if above is None else list(above.all(inner))


def _text(draft: Draft, element: Element, tag: str, *, needed: bool = True) -> str:
    child = element.find(tag)
    if needed and (child is None or not child.text):
        expected = f"expected a {tag} in {element.tag}"
        draft.fault((child or element).line, tag, "found nothing" if child else "found none", expected)
    return "" if child is None else " ".join(child.text.split())


def _actor(draft: Draft, element: Element, dimensions: int) -> Actor:
    name, capability = (_text(draft, element, tag) for tag in ("name", "capability"))
    numbers = {}
    for outer, inner in (("Position", "dCoord"), ("Salience", "dSal")):
        above = element.find(outer)
        texts = [] if above is None else [child.text for child in above.all(inner)]
        if len(texts) != dimensions:
            expected = f"expected {dimensions}, one a dimension"
            draft.fault((above or element).line, f"{name}.{outer}", f"found {len(texts)} {inner}", expected)
        numbers[outer] = texts
    described = _text(draft, element, "description", needed=False)
    return Actor(name, described, capability, numbers["Position"], numbers["Salience"], element.line)


def _settings(draft: Draft, above: Element | None) -> dict[str, str]:
    found = {}
    for name in PARAMETERS if above is not None else ():
        child = above.find(name) if above is not None else None
        if child is None:
            draft.fault(above.line if above else None, name, "found none", "expected all nine parameters, or no block")
            continue
        value = parameter(draft, child.line, name, child.text)
        if value is not None:
            found[name] = value
    return found


def _seed(draft: Draft, root: Element) -> str | None:
    child = root.find("prngSeed")
    if child is None or not child.text:
        draft.fault((child or root).line, "prngSeed", "found none", "expected a whole number of at most 64 bits")
        return None
    try:
        value = int(child.text[:40], 16 if child.text.lower().startswith("0x") else 10)
    except ValueError:
        value = -1
    if not 0 <= value < 2**64:
        draft.fault(child.line, "prngSeed", f"found {child.text[:40]}", "expected a whole number of at most 64 bits")
        return None
    return str(value)


# --- out -----------------------------------------------------------------------------------------------------------


def write(situation: Situation) -> Written:
    """A situation as KTAB's XML."""
    out = Outgoing(Leaving(situation))
    model = out.model()
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Scenario>"]
    lines += [_line(1, "name", model.name), _line(1, "desc", model.description or model.name)]
    lines += [_line(1, "prngSeed", model.seed or "0"), "  <ModelParameters>"]
    lines += [_line(2, name, value) for name, value in model.parameters.items()]
    lines += ["  </ModelParameters>", "  <Dimensions>", *(_line(2, "dName", name) for name in model.dimensions)]
    lines += ["  </Dimensions>", "  <Actors>"]
    for actor in model.actors:
        lines += ["    <Actor>", _line(3, "name", actor.name)]
        # KTAB refuses an empty description.
        lines += [_line(3, "description", actor.description or actor.name), _line(3, "capability", actor.capability)]
        for outer, inner, numbers in (("Position", "dCoord", actor.position), ("Salience", "dSal", actor.salience)):
            lines += [f"      <{outer}>", *(_line(4, inner, text) for text in numbers), f"      </{outer}>"]
        lines.append("    </Actor>")
    lines += ["  </Actors>", "  <IdealAdjustment>"]
    # Its reader also refuses a file without a pair: the first actor's to itself stands for none.
    pairs = model.accommodation or {(model.actors[0].name, model.actors[0].name): ("1", None)}
    for (who, whom), (share, _) in pairs.items():
        lines += ["    <iaPair>", _line(3, "adjustingIdeal", who), _line(3, "referencePos", whom)]
        lines += [_line(3, "adjust", share), "    </iaPair>"]
    lines += ["  </IdealAdjustment>", "</Scenario>"]
    return Written(("\n".join(lines) + "\n").encode(), out.leaving.told(*out.told))


def _line(depth: int, tag: str, text: str) -> str:
    return f"{'  ' * depth}<{tag}>{escape(' '.join(text.split()))}</{tag}>"
