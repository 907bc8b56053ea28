"""What would change the calculation, in words: one lever, two, all ranked, and whom to invite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.words import (
    actor_name,
    figure,
    hundredths,
    lever_words,
    listed,
    measure_clause,
    of_draws,
    plain_number,
    sentence_case,
    simulation_error,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]


def tip_sentences(situation: Situation, tip: Found) -> list[str]:
    """What a lever would change, or two together, or which of all changes most."""
    if tip.get("ranking") is not None:
        return [_ranking_sentence(situation, tip)]
    if tip.get("frontier"):
        return [_frontier_sentence(situation, tip)]
    return [_lever_sentence(situation, tip)]


def cheapest_words(situation: Situation, ranking: Found) -> str:
    """Which single lever tips a party with the smallest change, in short words for a chart."""
    way = "stays away with" if ranking["now"]["p"] >= ranking["target"] else "comes with"
    for row in ranking["ranking"]:
        if isinstance(row["lever"], str) and row["level"] is not None:
            return f"{way} {lever_words(situation, row['lever'])} at {figure(row['level'], 0.1)}"
    return "no single lever tips it"


def _quoted(situation: Situation, lever: str | list[str]) -> str:
    if isinstance(lever, (list, tuple)):
        return " with ".join(_quoted(situation, one) for one in lever)
    words = lever_words(situation, lever)
    return f"“{words}”" if lever in situation.names.levers else f"the {words}"


def _now(situation: Situation, tip: Found) -> str:
    clause = measure_clause(situation, tip["measure"])
    now = tip["now"]
    if tip.get("central"):
        return f"At the central values it {'holds' if now['p'] else 'does not hold'} now that {clause}"
    error = simulation_error(now.get("low"), now.get("high"))
    return f"{sentence_case(clause)} {of_draws(now['p'])} now ({error})"


def _lever_sentence(situation: Situation, tip: Found) -> str:
    lever, now = _quoted(situation, tip["lever"]), _now(situation, tip)
    low, high = tip["limits"]
    digits = (high - low) / 10
    level = figure(tip["now"]["level"], digits)
    if tip.get("central"):
        at = (tip.get("level") or {}).get("q50")
        if at is None:
            return f"{now}; no level of {lever} from {low:g} to {high:g} changes that."
        return f"{now}; moving {lever} from {level} to {figure(at, digits)} changes that."
    passed = [
        f"{target} of 100 at {figure(tip[key], digits)}"
        for target, key in ((50, "level_at_p50"), (80, "level_at_p80"))
        if tip.get(key) is not None
    ]
    shares = [point["p"] for point in tip.get("curve") or [] if point["p"] is not None]
    text = now
    if passed:
        text += f"; with {lever} set alike in all draws it passes {listed(passed)} ({level} now, on average)"
    elif shares:
        ends = f"{hundredths(min(shares))} and {hundredths(max(shares))} of 100"
        text += f"; whatever the level of {lever}, {plain_number(low)} to {plain_number(high)}, it stays between {ends}"
    parts = (
        ("already", "are there already"),
        ("reached", "can be brought there"),
        ("out_of_reach", "stay out of reach"),
    )
    split = [f"{hundredths(tip[key])} {words}" for key, words in parts if tip.get(key)]
    text += f". Draw by draw, of 100: {listed(split)}." if split else "."
    if (tip.get("crossings_max") or 0) > 1:
        text += f" In some draws it changes sides {tip['crossings_max']} times on the way; the nearest is counted."
    return text


def _frontier_sentence(situation: Situation, tip: Found) -> str:
    found = tip["frontier"]
    x, y = (_quoted(situation, lever) for lever in found["levers"])
    cells = [(p, i, j) for j, row in enumerate(found["p"]) for i, p in enumerate(row) if p is not None]
    if not cells:
        return f"Nothing could be computed for {x} and {y}."
    least, (most, i, j) = min(cells)[0], max(cells)
    place = f"{x} at {figure(found['x'][i], 0.1)} and {y} at {figure(found['y'][j], 0.1)}"
    clause = measure_clause(situation, tip["measure"])
    ends = f"from {hundredths(least)} to {hundredths(most)} of 100, the most with {place}"
    if least < 0.5 <= most:
        return f"How often {clause} goes {ends}; the line drawn is where it passes 50."
    side = "below" if most < 0.5 else "above"
    return f"No setting of the two levers crosses 50 of 100: how often {clause} stays {side}, {ends}."


def ranking_row_words(situation: Situation, row: Found) -> str:
    """A lever of the ranking and how far it is moved: "“Guarantee” up to 0.62"; a pair joined."""
    lever, way, level = row["lever"], row.get("direction"), row.get("level")
    if isinstance(lever, (list, tuple)):
        nothing = [None] * len(lever)
        moves = zip(lever, way or nothing, level or nothing, strict=False)
        return " with ".join(
            ranking_row_words(situation, {"lever": a, "direction": b, "level": c}) for a, b, c in moves
        )
    text = _quoted(situation, lever) + (f" {way}" if way else "")
    return text + (f" to {figure(level, 0.1)}" if level is not None else "")


def _ranking_sentence(situation: Situation, tip: Found) -> str:
    target, now, rows = tip.get("target", 0.5), tip["now"]["p"], tip["ranking"]
    start = _now(situation, tip)
    if not rows:
        return f"{start}; there is no lever to try."
    goal = f"{hundredths(target)} of 100"
    change = f"lose the {goal}" if now >= target else f"bring it to {goal}"
    reach = [row for row in rows if row["fraction_of_range"] is not None]
    if not reach:
        pick = min if now >= target else max
        best = pick(rows, key=lambda row: now if row["p_at_limit"] is None else row["p_at_limit"])
        nearest = f"{_quoted(situation, best['lever'])}, with {hundredths(best['p_at_limit'])} of 100 at the limit"
        return f"{start}. No lever or pair within its limits would {change}; the nearest is {nearest}."

    def words(row: Found) -> str:
        return (
            f"{ranking_row_words(situation, row)} ({hundredths(row['fraction_of_range'])} % of the width of its limits)"
        )

    text = f"{start}. The smallest change that would {change} is {words(reach[0])}."
    if not isinstance(reach[0]["lever"], str):
        alone = next((row for row in reach if isinstance(row["lever"], str)), None)
        text += f" Alone: {words(alone)}." if alone else " No lever alone would."
    return text


def parties_sentences(situation: Situation, found: Found) -> list[str]:
    """Whom to invite: how convening changes with each actor added or dropped."""
    base = next((table for table in found["tables"] if table["actor"] is None), None)
    if base is None:
        return []
    now = base["convene"]
    required = listed(actor_name(situation, a) for a in base["required"])
    start = f"With {required} required, talks convene {of_draws(now['p'])}."
    others = [table for table in found["tables"] if table["actor"] is not None]
    moved = [table for table in others if not now["low"] <= table["convene"]["p"] <= now["high"]]
    if not moved:
        return [start, "Adding or dropping any one actor changes that by no more than simulation error."]

    def words(table: Found) -> str:
        verb = table["change"].partition(" ")[0]
        doing = {"add": "requiring", "drop": "not requiring", "exclude": "excluding"}.get(verb, verb)
        return f"{doing} {actor_name(situation, table['actor'])} ({hundredths(table['convene']['p'])} of 100)"

    best = max(moved, key=lambda table: table["convene"]["p"])
    worst = min(moved, key=lambda table: table["convene"]["p"])
    text = []
    if best["convene"]["p"] > now["p"]:
        text.append(f"what raises it most is {words(best)}")
    if worst["convene"]["p"] < now["p"]:
        text.append(f"what lowers it most is {words(worst)}")
    return [start, sentence_case("; ".join(text)) + "."]
