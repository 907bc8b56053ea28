"""What drives an answer, what differs between scenarios, and scores, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from detente.report import sentences
from detente.report.terminal.parts import bar, bullets, grid, heading, headline, hung, say, swing_bar
from detente.report.words import (
    figure,
    is_share,
    level,
    measure_clause,
    path_words,
    percent,
    sentence_case,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MOST_INPUTS = 25  # inputs that differ; the rest with --json


def print_sensitivity(console: Console, situation: Situation, result: Found) -> None:
    """Which uncertain numbers drive a measure."""
    headline(console, situation, result)
    bullets(console, sentences.sensitivity_sentences(situation, result))
    share = is_share(result["measure"])
    rows = []
    for row in result["inputs"][:15]:
        total = row["total"]["value"]
        low, high = row["swing"].get("low"), row["swing"].get("high")
        size = abs((high or 0) - (low or 0)) or None
        ends = (
            ""
            if low is None or high is None
            else " to ".join(percent(v) if share else figure(v, size) for v in (low, high))
        )
        words = sentence_case(path_words(situation, row["path"]))
        rows.append(
            (
                words,
                figure(total, 0.1),
                bar(console, total, 10),
                figure(row["first"]["value"], 0.1),
                ends,
                "yes" if row["cited"] else "no",
            )
        )
    grid(
        console,
        [
            ("Input", "left"),
            ("total", "right"),
            ("", "bar"),
            ("alone", "right"),
            ("swing", "left"),
            ("cited", "left"),
        ],
        rows,
        title=f"What drives it: {measure_clause(situation, result['measure'])}",
    )
    more = len(result["inputs"]) - len(rows)
    say(console, ["Total and alone: Sobol indices, shares of the variance with and without interactions."])
    if more > 0:
        say(console, [f"{more} less influential inputs with --json."])
    say(console, [f"Note: {warning}." for warning in result.get("warnings") or ()])


def print_compare(console: Console, situation: Situation, result: Found) -> None:
    """What differs in, what differs out, and which input explains it."""
    bullets(console, sentences.compare_sentences(situation, result))
    say(console, sentences.grounds_sentences(situation, result))
    names = list(result["scenarios"])
    if result["inputs"]:
        _inputs(console, situation, names, result["inputs"])
    rows = []
    for measure, answer in result["answers"].items():
        share = is_share(measure)
        difference = answer["difference"]
        size = max(abs(difference["mean"] or 0), abs((difference["high"] or 0) - (difference["low"] or 0))) or None
        unit = 100 if share else 1
        change = None if difference["mean"] is None else unit * difference["mean"]
        beyond = difference["mean"] is not None and not difference["low"] <= 0 <= difference["high"]
        rows.append(
            (
                sentence_case(measure_clause(situation, measure)),
                *(percent(v) if share else level(situation, measure, v, size) for v in answer["values"]),
                figure(change, 10 if share else size, sign=True),
                "" if beyond else "within noise",
            )
        )
    grid(
        console,
        [("Answer", "left"), *((name, "right") for name in names), ("change", "right"), ("", "left")],
        rows,
        title="What differs out",
    )
    for measure, parts in (result.get("contributions") or {}).items():
        kept = sorted(((p, v["value"]) for p, v in parts.items() if v.get("value")), key=lambda item: -abs(item[1]))
        if not kept or measure.split(".")[0] not in ("convene", "comes", "settlement"):
            continue
        unit, largest = (100 if is_share(measure) else 1), abs(kept[0][1])
        grid(
            console,
            [("Input", "left"), ("points" if unit == 100 else "change", "right"), ("", "bar")],
            [
                (
                    sentence_case(path_words(situation, p)),
                    figure(unit * v, unit * largest, sign=True),
                    swing_bar(console, v, largest),
                )
                for p, v in kept[:8]
            ],
            title=f"What explains the change: {measure_clause(situation, measure)}",
        )
    if result.get("note"):
        say(console, [f"Note: {result['note']}."])


def _inputs(console: Console, situation: Situation, names: Sequence[str], inputs: Sequence[Found]) -> None:
    """Each number that differs, with a line a scenario: ranges as written are too wide for columns."""
    heading(console, "What differs in")
    for row in inputs[:MOST_INPUTS]:
        say(console, [sentence_case(path_words(situation, row["path"]))])
        hung(console, [(name, _written(value)) for name, value in zip(names, row["values"], strict=True)])
    if len(inputs) > MOST_INPUTS:
        say(console, [f"{len(inputs) - MOST_INPUTS} more with --json."])


def _written(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def print_score(console: Console, situation: Situation | None, result: Found) -> None:
    """Forecasts against what happened."""
    bullets(console, sentences.score_sentences(situation, result))
    rows = [
        (
            case["scenario"],
            f["question"],
            percent(f["p"]),
            "yes" if f["happened"] else "no",
            f"{f['brier']:.2f}",
            f"{f['log']:.2f}",
            f"{f['baseline_brier']:.2f}",
        )
        for case in result["cases"]
        for f in case["forecasts"]
    ]
    heads = [
        ("Case", "left"),
        ("question", "left"),
        ("given", "right"),
        ("happened", "left"),
        ("Brier", "right"),
        ("log", "right"),
        ("baseline", "right"),
    ]
    if rows:
        grid(console, heads, rows, title="Forecasts (lower is better)")
    estimates = [
        (
            case["scenario"],
            e["measure"],
            figure(e["value"], e["error"]),
            figure(e["happened"], e["error"]),
            figure(e["error"], e["error"], sign=True),
        )
        for case in result["cases"]
        for e in case.get("estimates") or ()
    ]
    if estimates:
        heads = [
            ("Case", "left"),
            ("measure", "left"),
            ("given", "right"),
            ("was", "right"),
            ("error", "right"),
        ]
        grid(console, heads, estimates, title="Estimates")
