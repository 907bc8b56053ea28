"""The report: one HTML file that opens from a disk, asks the network for nothing and runs only its own scripts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detente.files import write_text
from detente.report.asked import question
from detente.report.lean import lean
from detente.report.parts import Builder, Link, Numbering, Section, Text
from detente.report.redact import Redaction
from detente.report.sections import Findings, again, numbers, sections, sources
from detente.report.spans import same_in_every_draw
from detente.report.theme import config
from detente.report.words import plain_number, shown
from detente.scenario.situation import Situation

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.results import Result
    from detente.report.strategic import Asked

LIBRARIES = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)  # a browser's tools would ask for it
LICENCES = ("vega.LICENSE", "vega-lite.LICENSE", "vega-embed.LICENSE", "vega-interpreter.LICENSE", "NOTICES.txt")
LISTS = ("Numbers that rest on it", "Sources")  # columns whose links stand with commas between them
Found = Mapping[str, Any]


def write_report(
    path: str | Path | None,
    *,
    situation: Situation,
    run: Found,
    explains: Mapping[str, Found] | None = None,
    tips: Sequence[Found] = (),
    ranking: Found | None = None,
    rankings: Mapping[str, Found] | None = None,
    frontier: Found | None = None,
    parties: Found | None = None,
    verdicts: Mapping[str, Found] | None = None,
    sensitivity: Found | None = None,
    compare: Found | None = None,
    trajectories: Found | None = None,
    graph: GraphResult | None = None,
    asked: Result | None = None,
    command: str = "",
    redact: bool | None = None,
) -> str:
    """The report as HTML, written to `path` where one is given.

    Every result is as the JSON interface words it (``to_dict()`` of what analysis returns); what is None is left
    out; `rankings` are those of the levers by party. `asked` is the answer to one question, which the report then
    opens with. `command` is the command line that makes the report again. `redact` True or None leaves out what
    restricted sources say, False keeps it.
    """
    findings = Findings(
        run=run,
        asked=asked,
        explains=explains or {},
        tips=tips,
        ranking=ranking,
        rankings=rankings or {},
        frontier=frontier,
        parties=parties,
        verdicts=verdicts or {},
        sensitivity=sensitivity,
        compare=compare,
        trajectories=trajectories,
        graph=graph,
    )
    redaction = Redaction.of(situation, redact)
    found = sections(situation, findings, redaction, command)
    title, below = situation.title, getattr(situation.scenario, "question", None)
    if asked is not None:
        title, below = question(situation, asked.to_dict()), title
    html = page(title, found, question=below, made=_made(situation, run), version=run["detente"])
    if path is not None:
        write_text(Path(path), html)
    return html


def write_graph_report(
    path: str | Path | None,
    *,
    found: GraphResult,
    title: str,
    situation: Situation | None = None,
    source: str = "",
    asked: Asked | None = None,
    command: str = "",
    redact: bool | None = None,
) -> str:
    """The strategic conflict alone as HTML, written to `path` where one is given; what was `asked` of it comes first.

    `situation` is that of the scenario it comes from; of another program's file, `source` is the text. `command` and
    `redact` are as for `write_report`.
    """
    from detente import __version__
    from detente.report.strategic import LIMITS, asked_section, strategic_section

    game = found.game
    how = f"Version {__version__}; the concepts {', '.join(found.stable)}, at the central values"
    how += f" and over {plain_number(found.shares.draws)} draws." if found.shares else "."
    if situation is None:
        texts = [Text("To make this report again", [how], command), *([Text("The file", (), source)] if source else [])]
        build = Numbering()
        last = [Section("again", "The file, and how to make this again", texts=texts)]
    else:
        build = Builder(situation, redaction := Redaction.of(situation, redact), "game.")
        last = [sources(build), numbers(build)] if build.numbers else [sources(build)]
    made = f"{game.makers} decision makers, {plain_number(game.states)} states"
    made = f"Game of {title}: {made}." if situation is None else f"Scenario {situation.id}: {made}."
    first = [asked_section(build, found, asked)] if asked else []
    section = strategic_section(build, found)
    limits = Section("limits", "What this cannot tell you", LIMITS)
    below = getattr(situation.scenario, "question", None) if situation else None
    if situation is not None:
        last.append(again(situation, redaction, how, command))
    if asked:
        title, below = asked.title(found), title
    html = page(title, [*first, section, limits, *last], question=below, made=made, version=__version__)
    if path is not None:
        write_text(Path(path), html)
    return html


def page(
    title: str,
    found: Sequence[Section],
    *,
    question: str | None = None,
    made: str,
    version: str,
    skip: str = "Skip to the answer",
) -> str:
    """The sections as one HTML page; `made` says of what and how they were made, `skip` what stands first."""
    charts = [figure.chart for section in found for figure in (*section.figures, *section.more)]
    specs = [(chart.name, json_for_html(lean(chart.spec))) for chart in charts if chart.spec is not None]
    marked = any(section.article for section in found)
    own = ["report.js"] if specs or marked else []
    own += ["article.js"] if marked else []
    scripts = [*(_libraries() if specs else ()), *(Markup(_text(f"templates/{name}")) for name in own)]
    styles = ["style.css", *(["article.css"] if marked else [])]
    style = Markup("".join(_text(f"templates/{name}") for name in styles))
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            question=question,
            made=made,
            version=version,
            sections=found,
            linked=linked,
            anchored=anchored,
            skip=skip,
            specs=[("config", json_for_html(config())), *specs] if specs else [],
            scripts=scripts,
            style=style,
            policy=policy([style], scripts),
            licences="\n\n".join(_text(f"vendor/{name}").strip() for name in LICENCES),
        )
    )


def _made(situation: Situation, run: Found) -> str:
    how = "central values" if run.get("central") else f"{plain_number(run['draws'])} draws"
    if same_in_every_draw(run) and not run.get("central"):
        how = "nothing uncertain in it, so one calculation"
    return f"Scenario {run['scenario']}, as of {situation.as_of.isoformat()}; {how}, seed {run['seed']}."


def policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """A content-security policy that lets these styles and scripts run, and nothing else load or run."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(_digest, scripts)) or "'none'",
        "style-src": " ".join(map(_digest, styles)) or "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def json_for_html(value: Any) -> Markup:
    """JSON that no string in it can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    text = shown(text)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def anchored(link: Link) -> Markup:
    """A link as HTML."""
    only = Markup(' data-only="{}"').format(link.only) if link.only else ""
    return Markup('<a href="#{}"{}>{}</a>').format(link.anchor, only, link.words)


def linked(column: str, cell: Any) -> str | Markup:
    """A cell with its links."""
    links = (cell,) if isinstance(cell, Link) else cell
    if isinstance(links, tuple):
        return Markup(", " if column in LISTS else " ").join(map(anchored, links))
    text = "" if cell is None else str(cell)
    if column == "Where" and text.startswith(("https://", "http://")):
        return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(text, text)
    return text


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("detente.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: shown(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _text(name: str) -> str:
    return files("detente.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


@lru_cache(maxsize=1)
def _libraries() -> tuple[Markup, ...]:
    return tuple(Markup(_SOURCE_MAP.sub("", _text(f"vendor/{name}"))) for name in LIBRARIES)
