"""Whether the model can say on which side of one half a share lies; if not, why not and what to find out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.report.words import hundredths, listed, measure_clause, measure_question, path_words
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
COUNTS = ("no", "one", "two", "three", "four", "five")


def verdict_sentence(situation: Situation, verdict: Found) -> str:
    """On which side of one half the answer lies, or *The model cannot say*, why not, and what to find out.

    `verdict` holds ``measure``, ``p``, ``low``, ``high``, ``alternatives`` ({rule, p, draws}) and ``unsourced``
    ({path, low_p, high_p}), and may hold ``jointly`` ({paths, low_p, high_p}).
    """
    p, low, high = verdict["p"], verdict["low"], verdict["high"]
    noisy = low != high and low < 0.5 <= high
    rules = [row for row in verdict.get("alternatives") or [] if _crosses(p, row["p"])]
    open_numbers = [row for row in verdict.get("unsourced") or [] if _crosses(p, row["low_p"], row["high_p"])]
    clause = measure_clause(situation, verdict["measure"])
    if not (noisy or rules or open_numbers):
        text = _can_say(verdict, clause)
    else:
        why = _why(situation, p, noisy, rules, open_numbers)
        asked = measure_question(situation, verdict["measure"])
        text = f"The model cannot say whether {asked}: {'; '.join(why)}. {_find_out(situation, rules, open_numbers)}"
    return f"{text} {_spread_sentence(verdict)}".rstrip()


def verdict_sentences(situation: Situation, verdicts: Sequence[Found]) -> list[str]:
    """Several verdicts, and once for all what was not tried for them."""
    untried = max((verdict.get("untried") or 0 for verdict in verdicts), default=0)
    told = [verdict_sentence(situation, verdict) for verdict in verdicts]
    return [*told, _untried_sentence(untried)] if untried else told


def _untried_sentence(count: int) -> str:
    which = "One number that rests" if count == 1 else f"{count} numbers that rest"
    was = "has not been tried over its range" if count == 1 else "have not been tried over their ranges"
    return f"{which} on no source and no reason {was} for this: the report (--html) tries, and may take back what is said here."


def _crosses(p: float, *others: float | None) -> bool:
    """Whether any of the others lies on the other side of one half."""
    return any(other is not None and (other >= 0.5) != (p >= 0.5) for other in others)


def _can_say(verdict: Found, clause: str) -> str:
    p, joint = verdict["p"], verdict.get("jointly")
    says = "more likely than not" if p >= 0.5 else "less likely than not"
    holds = ["beyond simulation error"]
    if verdict.get("alternatives"):
        holds.append(f"under every other settlement rule{_tried_in(verdict['alternatives'])}")
    if verdict.get("unsourced"):
        holds.append("over the range of each unsourced number taken alone")
    text = f"The model says it is {says} that {clause} ({hundredths(p)} of 100): {listed(holds)}."
    if joint and _crosses(p, joint["low_p"], joint["high_p"]):
        text += " Several of those numbers together could change it."
    return text


def _tried_in(rules: Sequence[Found]) -> str:
    """In how many draws other settlement rules were tried: fewer than the share itself is taken over."""
    return f" (tried in {rules[0]['draws']} draws)"


def _why(situation: Situation, p: float, noisy: bool, rules: Sequence[Found], numbers: Sequence[Found]) -> list[str]:
    found = []
    if noisy:
        found.append(f"{hundredths(p)} of 100 is within simulation error of one half")
    if rules:
        others = listed(f"{hundredths(row['p'])} under the settlement rule {row['rule']}" for row in rules[:2])
        found.append(f"it is {hundredths(p)} of 100, but {others}{_tried_in(rules)}")
    if numbers:
        words = [
            f"{path_words(situation, row['path'])} ({hundredths(row['low_p'])} to {hundredths(row['high_p'])})"
            for row in numbers
        ]
        if len(words) > 3:
            words[3:] = [f"{len(words) - 3} more"]
        found.append(f"it turns on numbers that rest on no source and no reason: {listed(words)}")
    return found


def _find_out(situation: Situation, rules: Sequence[Found], numbers: Sequence[Found]) -> str:
    if numbers:
        path = numbers[0]["path"]
        return f"What to find out first: the {path_words(situation, path)} ({path})."
    if rules:
        return "What to find out first: how the parties would expect a deal to be struck."
    return "More draws (--draws) would narrow it."


def _spread_sentence(verdict: Found) -> str:
    joint = verdict.get("jointly")
    if joint:
        n, ends, how = len(joint["paths"]), [joint["low_p"], joint["high_p"]], ""
    else:
        rows = (verdict.get("unsourced") or [])[:3]
        n, how = len(rows), ", one at a time" if len(rows) > 1 else ""
        ends = [row[end] for row in rows for end in ("low_p", "high_p") if row[end] is not None]
    if not ends:
        return ""
    which = "range of the" if n == 1 else f"ranges of the {COUNTS[n] if n < len(COUNTS) else n}"
    numbers = "number" if n == 1 else "numbers"
    return f"Over the {which} most influential unsourced {numbers}{how}: {hundredths(min(ends))} to {hundredths(max(ends))}."
