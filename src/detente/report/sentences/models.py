"""Where the models disagree and why, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.outcome.model import ASSUMPTIONS
from detente.report.words import hundredths, issue_name, of_draws, on_scale
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
CLOSE = 0.02  # share of a scale: models no further apart agree
LEAST = 0.1  # share of the spread between models: an assumption that accounts for less does not sort them


def disagreement_sentence(situation: Situation, run: Found) -> str | None:
    """Where the models disagree most, over all issues, and the assumption that goes with it."""
    found = {issue: told for issue, told in (run.get("disagreement") or {}).items() if told}
    if not found:
        return None

    def share(issue: str) -> float:
        low, high = situation.scales[issue]
        return float(found[issue]["distance"] / (high - low))

    widest = max(found, key=share)
    return issue_disagreement(situation, run, widest, most=len(found) > 1)


def issue_disagreement(situation: Situation, run: Found, issue: str, *, most: bool = False) -> str | None:
    """Where the models disagree on one issue; `most`: it is the one on which they disagree most."""
    told = (run.get("disagreement") or {}).get(issue)
    if not told:
        return None
    n = sum(1 for issues in run["outcomes"].values() if (issues or {}).get(issue, {}).get("q50") is not None)
    low, high = situation.scales[issue]
    apart = on_scale(situation, issue, told["distance"])
    if told["distance"] <= CLOSE * (high - low):
        every = " and every other issue" if most else ""
        return (
            f"The {n} models agree on “{issue_name(situation, issue)}”{every}: their medians lie within {apart} points."
        )
    (a, b), medians = told["between"], [on_scale(situation, issue, m) for m in told["medians"]]
    often = "" if run.get("central") else f", {b} above {a} {of_draws(told['same_way'])}"
    text = (
        f"The models disagree{' most' if most else ''} on “{issue_name(situation, issue)}”: {a} settles at {medians[0]} "
        f"and {b} at {medians[1]}, {apart} points apart{often}"
    )
    if told["assumption"] is None:
        return f"{text}; they share every stated assumption and differ in their formulas alone."
    first, second = told["answers"]
    text += f". They differ above all in {ASSUMPTIONS[told['assumption']]}: under {a} {first}, under {b} {second}"
    if told["sorts"] is None:
        return f"{text}."
    if told["sorts"] < LEAST:
        return f"{text}; but no assumption in which they differ sorts the {n} models."
    return f"{text}; sorting the {n} models by that accounts for {hundredths(told['sorts'])} % of their spread."
