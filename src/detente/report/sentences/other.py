"""One party's calculation, what drives a measure, what differs between scenarios, and scores, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.sentences.run import STAKES
from detente.report.words import (
    figure,
    hundredths,
    is_share,
    level,
    listed,
    measure_clause,
    measure_unit,
    of_draws,
    party_words,
    path_words,
    sentence_case,
    simulation_error,
    term_words,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
TERMS = 4  # terms that speak for coming, or against it, named in a sentence
TOLD = ("convene", "comes", "settlement", "agreement")  # measures whose difference gets a sentence of its own


def explain_sentences(situation: Situation, explain: Found) -> list[str]:
    """A party's calculation in words: the margin, and the terms that make it up, largest first."""
    name = sentence_case(party_words(situation, explain["actor"]))
    margin, share = explain["margin"], explain["comes"]
    size = _size(explain)

    def signed(value: float) -> str:
        return figure(value, size, sign=True)

    worth = f"sitting down is worth {signed(margin['mean'])} of the stakes to it"
    if explain.get("central"):
        found = [f"At the central values {name} {'comes' if share['p'] else 'stays away'}: {worth}."]
    else:
        error = simulation_error(share["low"], share["high"])
        text = f"{name} comes to the table {of_draws(share['p'])} ({error}); {worth} on average"
        if margin.get("q05") is not None:
            text += f" ({signed(margin['q05'])} to {signed(margin['q95'])} in 90 of 100 draws)"
        found = [text + "."]
    for sign, start in ((1, "For coming"), (-1, "Against")):
        rows = _weighty(explain, sign)
        each = [f"{term_words(situation, row['term'], row['mean'])} ({signed(row['mean'])})" for row in rows]
        if each:
            found.append(f"{start}: {listed(each)}.")
    bare = judgement_sentence(situation, explain)
    if bare:
        found.append(bare)
    found.append(STAKES)
    if explain.get("required") is False:
        found.append(f"{name} is not required at the table: talks can convene without it.")
    return found


def _size(explain: Found) -> float:
    """What a term has to be seen against: a third of all of them together."""
    return sum(abs(row["mean"]) for row in explain["terms"] if row["mean"] is not None) / 3 or 0.1


def _weighty(explain: Found, sign: int) -> list[Found]:
    """The terms on one side that are worth a word, largest first."""
    size = _size(explain)
    rows = [row for row in explain["terms"] if row["mean"] is not None and row["mean"] * sign > 0]
    return sorted((row for row in rows if float(f"{row['mean'] / size:.1f}")), key=lambda row: -abs(row["mean"]))[
        :TERMS
    ]


def judgement_sentence(situation: Situation, explain: Found) -> str | None:
    """Which of a party's weighty terms rest on no source, and what stands behind their numbers instead."""
    bare = [row for row in (*_weighty(explain, 1), *_weighty(explain, -1)) if not row["sources"]]
    if not bare:
        return None
    bare.sort(key=lambda row: -abs(row["mean"]))
    names = listed(term_words(situation, row["term"], row["mean"]) for row in bare)
    numbers = [situation.numbers[path] for path in dict.fromkeys(path for row in bare for path in row["rests_on"])]
    reasoned = sum(bool(n.provenance.because) for n in numbers)
    default = sum(not n.provenance.because and n.origin == "default" for n in numbers)
    counts = (
        (reasoned, "is reasoned for in the file", "are reasoned for in the file"),
        (default, "is the program's default", "are the program's defaults"),
        (len(numbers) - reasoned - default, "has no reason either", "have no reason either"),
    )
    rest, what, it = ("rests", "it is a judgement", "it") if len(bare) == 1 else ("rest", "they are judgements", "them")
    told = [(count, one if count == 1 else many) for count, one, many in counts if count]
    if len(told) == 1:
        count, words = told[0]
        behind = f"The {f'{count} numbers' if count > 1 else 'one number'} behind {it} {words}."
    else:
        behind = f"Of the {len(numbers)} numbers behind {it}, {listed(f'{count} {words}' for count, words in told)}."
    return f"In the calculation of {party_words(situation, explain['actor'])}, {names} {rest} on no source: {what}. {behind}"


def sensitivity_sentences(situation: Situation, found: Found) -> list[str]:
    """Which uncertain numbers drive a measure, and which of those rest on nothing."""
    inputs = [row for row in found["inputs"] if (row["total"] or {}).get("value") is not None]
    measure, share = found["measure"], is_share(found["measure"])
    clause = measure_clause(situation, measure)
    if not inputs:
        return [f"Nothing that is uncertain in the scenario moves this: {clause} is the same in every draw."]

    def words(row: Found) -> str:
        paths = row.get("paths") or [row["path"]]
        text = listed(path_words(situation, path) for path in paths)
        low, high = row["swing"].get("low"), row["swing"].get("high")
        if low is None or high is None:
            return text
        ends = [hundredths(v) if share else figure(v, abs(high - low)) for v in (low, high)]
        return f"{text} ({' to '.join(ends)})"

    top = [row for row in inputs if row["total"]["value"] > 0.01][:3] or inputs[:1]
    base = (
        f"{hundredths(found['base'])} of 100"
        if share
        else f"{figure(found['base'])} {measure_unit(situation, measure)}"
    )
    text = f"{sentence_case(clause)}: {base}. What drives it most is {listed(words(row) for row in top)}: in brackets, "
    text += "where it goes when that number alone goes from the low to the high end of its range."
    unsourced = found.get("unsourced")
    if unsourced is None:
        unsourced = [row["path"] for row in inputs if not row["cited"]]
    if not unsourced:
        return [text, "Every influential number has a source behind it."]
    open_ones = listed(path_words(situation, path) for path in unsourced[:3])
    return [text, f"Most influential with no source behind them: {open_ones}."]


def compare_sentences(situation: Situation, found: Found) -> list[str]:
    """What differs between two scenarios in each answer, and which input explains it."""
    names, inputs, answers = listed(found["scenarios"]), found["inputs"], found["answers"]
    if not inputs:
        return [f"{names} have the same numbers: whatever differs is chance."]
    beyond = {m: a for m, a in answers.items() if exceeds_noise(a)}
    text = [_answer(situation, found, m, a) for m, a in beyond.items() if m.split(".", 1)[0] in TOLD]
    same = len(answers) - len(beyond)
    if same:
        text.append(
            f"{same} of {len(answers)} answers differ{'s' if same == 1 else ''} by no more than chance would make them."
        )
    return [*text, f"{names} differ in {len(inputs)} input{'' if len(inputs) == 1 else 's'}."]


def exceeds_noise(answer: Found) -> bool:
    """Whether the paired difference's 95 % interval leaves out zero."""
    difference = answer["difference"]
    return difference.get("mean") is not None and not difference["low"] <= 0 <= difference["high"]


def _answer(situation: Situation, found: Found, measure: str, answer: Found) -> str:
    share = is_share(measure)
    unit = 100.0 if share else 1.0
    first, last = answer["values"][0], answer["values"][-1]
    mean, low, high = (unit * answer["difference"][key] for key in ("mean", "low", "high"))
    digits = max(10 * (high - low), abs(mean) / 10, 1e-9)
    clause = sentence_case(measure_clause(situation, measure))
    if share:
        text = f"{clause} in {hundredths(first)} of 100 draws in the first and {hundredths(last)} in the last"
    else:
        levels = (level(situation, measure, value, digits) for value in (first, last))
        text = f"{clause} goes from {' to '.join(levels)}"
    if high > low:
        ends = " to ".join(figure(end, digits, sign=True) for end in (low, high))
        text += f" (difference {figure(mean, digits, sign=True)}, 95 % interval {ends})"
    parts = (found.get("contributions") or {}).get(measure) or {}
    values = {path: unit * row["value"] for path, row in parts.items() if row.get("value")}
    if values:
        most = max(values, key=lambda path: abs(values[path]))
        by = figure(values[most], abs(mean), sign=True)
        text += f", above all through {path_words(situation, most)} ({by})"
    return text + "."


# Where a baseline comes from.
BASELINES = {"file": "from the file", "none given: one half": "one half, for the file gives none"}


def score_sentences(situations: Any, found: Found) -> list[str]:
    """How the forecasts fared against what happened, beside the baseline."""
    text = []
    for case in found["cases"]:
        for forecast in case["forecasts"]:
            brier, baseline = forecast["brier"], forecast["baseline_brier"]
            better = "better than" if brier < baseline else "no better than"
            happened = "happened" if forecast["happened"] else "did not happen"
            given = f"{case['scenario']}, {forecast['question']}: given {hundredths(forecast['p'])} of 100"
            rests = f"{baseline:.2f} ({forecast['baseline']:.2f}, {BASELINES[forecast['baseline_from']]})"
            text.append(f"{given}, it {happened}; Brier score {brier:.2f}, {better} the baseline's {rests}.")
        if case["hindsight"]:
            late = case["hindsight"]
            text.append(
                f"{case['scenario']}: {late} number{'' if late == 1 else 's'} in force {'cites a source' if late == 1 else 'cite sources'} "
                f"of after {case['as_of']}: hindsight, so this is no forecast in full."
            )
    if len(found["cases"]) < 5:
        text.append("So few cases say nothing about how good the forecasts are in general.")
    return text
