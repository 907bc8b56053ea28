"""A run on a terminal: who comes, on what terms, how the talks go; and the tour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from detente.report import sentences
from detente.report.terminal.deals import print_dealings
from detente.report.terminal.parts import bar, bullets, grid, heading, headline, offered, say, strip
from detente.report.words import (
    actor_name,
    figure,
    issue_name,
    on_scale,
    percent,
    term_label,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
EXPECTED = "expected at talks"  # in the table of outcomes, beside the decision models


def print_run(console: Console, situation: Situation, result: Found, next_: Callable[..., str] | None = None) -> None:
    """Who comes, on what terms, how the talks go, and what each decision model settles on.

    `next_` words a command about the same scenario, from its name and options; with it, the ones to ask next are shown.
    """
    headline(console, situation, result)
    bullets(console, sentences.run_sentences(situation, {**result, "dealings": None}))  # they stand by their tables
    if result.get("talks"):
        _seats(console, situation, result)
    if result.get("outcomes"):
        _outcomes(console, situation, result)
        why = sentences.expected_against_models(result)
        say(console, [why] if why else [])
    if result.get("dealings"):
        print_dealings(console, situation, result["dealings"])
    for model, path in (result.get("missing") or {}).items():
        say(console, [f"{model} was not run: the scenario lacks {path}."])
    _grounds(console, situation, result)
    if result.get("talks") and next_ is not None:
        _what_next(console, situation, result, next_)
    if result.get("warnings"):
        console.print()
        say(console, [f"Note: {warning}." for warning in result["warnings"]])


def _grounds(console: Console, situation: Situation, result: Found) -> None:
    """What the numbers rest on, where a reader should know."""
    told = sentences.grounds_sentences(situation, result)
    if told:
        console.print()
        say(console, told)


def _seats(console: Console, situation: Situation, result: Found) -> None:
    talks = result["talks"]
    required = sentences.required_of(situation, talks)
    order = [*required, *(a for a in talks["parties"] if a not in required)]
    rows = []
    for actor in order:
        party = talks["parties"][actor]
        margin = party["margin"]
        terms = {t: v["mean"] for t, v in party["terms"].items() if v["mean"] is not None}
        against = min(terms.items(), key=lambda item: item[1], default=None)
        rows.append(
            (
                actor_name(situation, actor) + ("" if actor in required else " *"),
                percent(party["comes"]["p"]),
                bar(console, party["comes"]["p"]),
                figure(margin["mean"], 0.01, sign=True),
                term_label(situation, against[0]) if against and against[1] < 0 else "",
            )
        )
    grid(
        console,
        [("Party", "left"), ("comes", "right"), ("", "bar"), ("margin", "right"), ("most against", "left")],
        rows,
        title="Who comes to the table",
    )
    note = "Margin: what sitting down is worth, in shares of the stakes."
    if len(order) > len(required):
        note += " * not required: talks can convene without it."
    say(console, [note])


def _what_next(console: Console, situation: Situation, result: Found, next_: Callable[..., str]) -> None:
    """The commands that answer what the reader asks next, for the party that comes least often."""
    comes = {a: result["talks"]["parties"][a]["comes"]["p"] for a in sentences.required_of(situation, result["talks"])}
    if comes and min(comes.values()) < 1:
        least = min(comes, key=lambda actor: comes[actor])
        heading(console, f"What next, for {actor_name(situation, least)}")
        pairs = (("What would bring it:", "tip"), ("Why, and on which sources:", "explain"))
        offered(console, [(words, next_(command, "--actor", least)) for words, command in pairs])


def _outcomes(console: Console, situation: Situation, result: Found) -> None:
    """The models side by side on each issue: median, and the middle 50 and 90 of 100 draws."""
    central = bool(result.get("central"))
    for issue in situation.issues:
        low, high = situation.scales[issue]
        rows: list[tuple[str, ...]] = []
        models = {model: (issues or {}).get(issue) for model, issues in result["outcomes"].items()}
        expected = ((result.get("talks") or {}).get("settlement") or {}).get(issue)
        if expected and expected["mean"] is not None:
            models = {EXPECTED: expected} | models
        for model, value in models.items():
            if not value or value["mean"] is None:
                reason = ((result.get("reasons") or {}).get(model) or {}).get(issue, "no outcome")
                rows.append((model, "–", "", "", "", reason))
                continue
            ends = [(value.get(q, value["q50"]) - low) / (high - low) for q in ("q05", "q25", "q50", "q75", "q95")]
            spread = None if central else value["q95"] - value["q05"]
            half, most = (
                ("", "") if central else (_ends(situation, issue, value, q) for q in (("q25", "q75"), ("q05", "q95")))
            )
            rows.append((model, on_scale(situation, issue, value["q50"], spread), strip(console, ends), half, most, ""))
        if rows:
            scale = f"{low:g} to {high:g}"
            columns = [
                ("Model", "left"),
                ("median", "right"),
                (scale, "bar"),
                ("50 %", "left"),
                ("90 %", "left"),
                ("", "left"),
            ]
            keep = [i for i in range(6) if i < 3 or any(row[i] for row in rows)]
            grid(
                console,
                [columns[i] for i in keep],
                [[row[i] for i in keep] for row in rows],
                title=f"What is settled on {issue_name(situation, issue)}",
            )


def _ends(situation: Situation, issue: str, value: Found, ends: tuple[str, str]) -> str:
    """The ends of the middle of the draws; nothing where a result does not tell them."""
    if not all(q in value for q in ends):
        return ""
    spread = value["q95"] - value["q05"]
    return " to ".join(on_scale(situation, issue, value[q], spread) for q in ends)


def print_demo(console: Console, situation: Situation, result: Found) -> None:
    """The tour's first answer: the question, the main sentences and the seats."""
    question = getattr(situation.scenario, "question", None)
    if question:
        say(console, [question])
        console.print()
    headline(console, situation, result)
    bullets(console, sentences.run_sentences(situation, result))
    if result.get("talks"):
        _seats(console, situation, result)


def print_next_steps(console: Console, html: object) -> None:
    """What to try after the tour."""
    heading(console, f"Open {html} in a browser: the pictures, the sources, every number.")
    say(
        console,
        [
            "Next: detente explain syria-2015 --actor damascus      why it stays or comes",
            "      detente tip syria-2015 --actor damascus          what would change that",
            "      detente run syria-2015 --set talks.kept=0.8      a what-if",
            "      detente new my-conflict.yaml --from syria-2015   your own",
        ],
    )
