"""What would change the calculation, in words: one lever, two, all ranked, and whom to invite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.report.words import (
    actor_name,
    figure,
    hundredths,
    lever_words,
    listed,
    measure_clause,
    of_draws,
    party_words,
    percent,
    plain_number,
    sentence_case,
    simulation_error,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
OUT = 3  # levers out of reach that are named
MOVED = (
    "Moved: in each draw the level goes from where it stands by this share of the width of its limits, and stops at "
    "the limit; of two levers each goes by the same share of its own. From and to are means over the draws."
)
ALIKE = (
    "The ranking of levers moves each draw from its own level; with --lever, all draws are set to one level. The two "
    "can differ by a little."
)


def tip_sentences(situation: Situation, tip: Found) -> list[str]:
    """What a lever would change, or two together, or which of all changes most."""
    if tip.get("ranking") is not None:
        short = out_of_reach_sentence(situation, tip)
        return [_ranking_sentence(situation, tip), *([short] if short else [])]
    if tip.get("frontier"):
        return [_frontier_sentence(situation, tip)]
    return [_lever_sentence(situation, tip)]


def cheapest_words(situation: Situation, ranking: Found) -> str:
    """Which single lever tips a party with the smallest change, in short words for a chart."""
    way = "falls to" if ranking["now"]["p"] >= ranking["target"] else "reaches"
    for row in ranking["ranking"]:
        if isinstance(row["lever"], str) and row["level"] is not None:
            return f"{way} {percent(ranking['target'])} with {lever_words(situation, row['lever'])} at {figure(row['level'], 0.1)}"
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
        f"{target:g} of 100 at {figure(tip[key], digits)}" for target, key in _targets(tip) if tip.get(key) is not None
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


def _targets(tip: Found) -> list[tuple[float, str]]:
    """The shares, of 100, whose levels are told: one half, four fifths, and the target where it is another."""
    told = {50.0: "level_at_p50", 80.0: "level_at_p80"}
    return sorted(({round(100 * tip.get("target", 0.5), 1): "level_at_target"} | told).items())


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
        return f"How often {clause} goes {ends}; on some settings of the two it passes 50."
    side = "below" if most < 0.5 else "above"
    return f"No setting of the two levers crosses 50 of 100: how often {clause} stays {side}, {ends}."


def each_lever(row: Found) -> list[dict[str, Any]]:
    """The levers of a row of the ranking, one or two, each with its direction, its levels and its limits."""
    keys = ("lever", "direction", "now", "level", "limits")
    if isinstance(row["lever"], str):
        return [{key: row.get(key) for key in keys}]
    count = len(row["lever"])
    columns = [row.get(key) or [None] * count for key in keys]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]


def level_words(value: float | None, limits: Sequence[float] | None) -> str:
    """A level, to a hundredth of the width of its limits."""
    low, high = limits or (0.0, 1.0)
    return figure(value, (high - low) / 10)


def ranking_row_words(situation: Situation, row: Found) -> str:
    """A row of the ranking in words: "“Guarantee” up from 0.30 to 0.62"; a pair joined."""

    def words(one: Found) -> str:
        text = _quoted(situation, one["lever"]) + (f" {one['direction']}" if one["direction"] else "")
        if one["level"] is None:
            return text
        start = "" if one["now"] is None else f" from {level_words(one['now'], one['limits'])}"
        return f"{text}{start} to {level_words(one['level'], one['limits'])}"

    return " with ".join(words(one) for one in each_lever(row))


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
        moved = f"{hundredths(row['fraction_of_range'])} % of the width of its limits"
        return f"{ranking_row_words(situation, row)} ({'' if isinstance(row['lever'], str) else 'each by '}{moved})"

    text = f"{start}. The smallest change that would {change} is {words(reach[0])}."
    if not isinstance(reach[0]["lever"], str):
        alone = next((row for row in reach if isinstance(row["lever"], str)), None)
        text += f" Alone: {words(alone)}." if alone else " No lever alone would."
    return text


def out_of_reach_sentence(situation: Situation, tip: Found) -> str | None:
    """How far the levers go that do not reach the target even at their limits."""
    short = [row for row in tip["ranking"] if row["fraction_of_range"] is None and row["p_at_limit"] is not None]
    if not short or tip.get("central"):
        return None

    low, high = tip["now"].get("low"), tip["now"].get("high")
    half = 0.0 if low is None or high is None else (high - low) / 2

    def words(row: Found) -> str:
        p, target = row["p_at_limit"], tip["target"]
        # One decimal where a whole number would look like the target itself.
        told = f"{100 * p:.1f}" if hundredths(p) == hundredths(target) else hundredths(p)
        near = row["p_at_limit"] + half >= target if tip["now"]["p"] < target else row["p_at_limit"] - half <= target
        noise = f", within simulation error of {hundredths(target)}" if half and near else ""
        return f"{ranking_row_words(situation, row)} to its limit gives {told}{noise}"

    most = sorted(short, key=lambda row: abs(row["p_at_limit"] - tip["target"]))[:OUT]
    goal = hundredths(tip["target"])
    more = f" ({len(short) - len(most)} more stay short too)" if len(short) > len(most) else ""
    return f"Out of reach of {goal} of 100: {listed(words(row) for row in most)}{more}."


def parties_sentences(situation: Situation, found: Found) -> list[str]:
    """Whom to invite: how convening changes with each actor added or dropped, tables without a belligerent apart."""
    base = next((table for table in found["tables"] if table["actor"] is None), None)
    if base is None:
        return []
    now = base["convene"]
    required = listed(party_words(situation, a) for a in base["required"])
    text = [f"With {required} required, talks convene {of_draws(now['p'])}."]

    def told(table: Found) -> str:
        return f"{actor_name(situation, table['actor'])} ({hundredths(table['convene']['p'])} of 100)"

    others = [table for table in found["tables"] if table["actor"] is not None and not leaves_out(table, base)]
    moved = [table for table in others if not now["low"] <= table["convene"]["p"] <= now["high"]]
    raised = [table for table in moved if table["convene"]["p"] > now["p"]]
    lowered = [table for table in moved if table["convene"]["p"] < now["p"]]
    doing = {"add": "requiring", "drop": "not requiring"}

    def change(table: Found) -> str:
        return f"{doing[table['change'].partition(' ')[0]]} {told(table)}"

    if raised:
        text.append(f"What raises it most is {change(max(raised, key=lambda t: t['convene']['p']))}.")
    elif others:
        text.append("No other table with all these belligerents raises it by more than simulation error.")
    if lowered:
        text.append(f"What lowers it most is {change(min(lowered, key=lambda t: t['convene']['p']))}.")
    without = [table for table in found["tables"] if leaves_out(table, base)]
    if without:
        each = listed(f"without {told(table)}" for table in without)
        text.append(
            f"Set apart, for it is no advice: {each}. A meeting that leaves out a belligerent cannot end that party's "
            "war; such a table only shows who holds the talks up."
        )
    if base.get("leaves_out"):
        names = listed(party_words(situation, a) for a in base["leaves_out"])
        text.append(
            f"As it is, the table does not require {names}, a party to the fighting: no deal there ends its war."
        )
    return text


def leaves_out(table: Found, base: Found) -> bool:
    """Whether a table leaves out a belligerent that the table as it is requires."""
    return bool(set(table.get("leaves_out") or ()) - set(base.get("leaves_out") or ()))
