"""The report's sections: which sentences, figures, tables and texts stand where, and what each figure rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente.report import charts, sentences
from detente.report.asked import rests_on
from detente.report.charts.chart import Chart
from detente.report.charts.drivers import moves
from detente.report.parts import Builder, Figure, Link, Row, Section, Table, Text
from detente.report.redact import Redaction
from detente.report.sentences.run import (
    away_sentence,
    convene_sentence,
    outcome_sentence,
    range_sentence,
    ripe_sentence,
    rounds_sentence,
    settlement_sentence,
)
from detente.report.spans import same_in_every_draw
from detente.report.words import (
    actor_name,
    figure,
    listed,
    party_words,
    path_words,
    plain_number,
    quantity_words,
    sentence_case,
)
from detente.scenario.situation import Situation

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.results import Result

Found = Mapping[str, Any]
CERTAIN = (
    "Nothing that these models use is uncertain in the file: every draw comes to the same, so what follows is one "
    "calculation, and which numbers drive it is left out."
)
DIFFERENT = (
    "This asks which state would last once it is reached; whether talks convene, as told above, is another question, asked "
    "of other numbers by another model. The two shares of draws need not agree."
)


@dataclass(frozen=True)
class Findings:
    """Everything that was asked of the scenario, as the JSON interface words it; `asked` is what a command put first."""

    run: Found
    asked: Result | None = None
    explains: Mapping[str, Found] = field(default_factory=dict)
    tips: Sequence[Found] = ()
    ranking: Found | None = None
    rankings: Mapping[str, Found] = field(default_factory=dict)
    frontier: Found | None = None
    parties: Found | None = None
    verdicts: Mapping[str, Found] = field(default_factory=dict)
    sensitivity: Found | None = None
    compare: Found | None = None
    trajectories: Found | None = None
    graph: GraphResult | None = None  # of the strategic conflict, if the scenario has one


def sections(situation: Situation, findings: Findings, redaction: Redaction, command: str) -> list[Section]:
    """The report from the answer to the file, in order; a section with nothing in it is left out."""
    build = Builder(situation, redaction)
    found = [
        *_asked(build, findings),
        _answer(situation, findings),
        _who(build, findings),
        _terms(build, findings),
        _deals(build, findings),
        _talks(build, findings),
        *_graph(build, findings),
        _change(build, findings),
        _drivers(build, findings),
        _compare(build, findings, findings.compare),
        _conflict(build),
        _limits(findings),
    ]
    listed = numbers(build)
    found += [sources(build), listed, _again(situation, findings, redaction, command)]
    return [s for s in found if s.sentences or s.figures or s.more or s.tables or s.texts]


def _asked(build: Builder, findings: Findings) -> list[Section]:
    """The answer to the one question that a command put, before everything else."""
    if findings.asked is None:
        return []
    found = findings.asked.to_dict()
    if "scenarios" in found:
        return [replace(_compare(build, findings, found), id="answer", title="The answer")]
    told = [(chart, build.figure(_apart(chart), rests_on(build, found))) for chart in findings.asked.charts()]
    build.shown = {_question_of(chart) for chart, _ in told}
    return [Section("answer", "The answer", findings.asked.sentences(), [figure for _, figure in told])]


def _apart(chart: Chart) -> Chart:
    """The chart under a name of its own, for the same kind of chart comes again where every question is asked."""
    return replace(chart, name=f"asked-{chart.name}")


def _question_of(chart: Chart) -> tuple[str, str, str]:
    return chart.name, chart.title, chart.unit


def _new(build: Builder, found: Iterable[Chart]) -> list[Chart]:
    """The charts that do not show again what was shown as the answer."""
    return [chart for chart in found if _question_of(chart) not in build.shown]


def _counted(found: Iterable[Chart], answer: Found, findings: Findings) -> list[Chart]:
    """The charts, each with the draws behind it in its note where they are not those of the run."""
    base, draws = answer.get("base_samples"), answer.get("draws")
    if base:
        told = f"{plain_number(base)} base samples, each evaluated twice and once more for each input."
    elif draws and draws != findings.run.get("draws") and not answer.get("central"):
        told = f"{plain_number(draws)} draws."
    else:
        return list(found)
    return [replace(chart, note=f"{chart.note} {told}".strip()) for chart in found]


def _central(findings: Findings) -> bool:
    return bool(findings.run.get("central"))


def _verdict(findings: Findings, measure: str) -> Found | None:
    found = findings.verdicts.get(measure) or findings.run.get("verdict")
    return found if found and found.get("measure") == measure else None


def _answer(situation: Situation, findings: Findings) -> Section:
    run = findings.run
    talks = run.get("talks")
    place, title, words = "answer", "The answer", []
    if findings.asked is not None:
        place, title = "whole", "Everything else that the models say"
        if "scenarios" in findings.asked.to_dict():
            words.append(f"From here on the report is about {situation.id} alone.")
    if not talks:
        bare = {**run, "verdict": None, "dealings": None, "disagreement": None}
        certain = same_in_every_draw(run) and not _central(findings)
        words += [CERTAIN] if certain and findings.asked is not None else []
        first = [*words, *sentences.run_sentences(situation, bare)]
        return Section(place, title, [*first, CERTAIN] if certain and findings.asked is None else first)
    central = _central(findings)
    words.append(convene_sentence(situation, talks, central=central))
    away = [s for a in sentences.required_of(situation, talks) if (s := away_sentence(situation, talks, a))]
    words += [*away, sentences.STAKES] if away else []
    if findings.ranking:
        words += sentences.tip_sentences(situation, findings.ranking)
    if run.get("rounds"):
        words.append(rounds_sentence(situation, run["rounds"]))
    verdict = _verdict(findings, "convene")
    if verdict:
        words.append(sentences.verdict_sentence(situation, verdict))
    return Section(place, title, words)


def _who(build: Builder, findings: Findings) -> Section:
    situation, run = build.situation, findings.run
    talks = run.get("talks")
    if not talks:
        return Section("who", "Who comes, and why")
    required = sentences.required_of(situation, talks)
    words = [
        sentences.verdict_sentence(situation, verdict)
        for actor in required
        if (verdict := _verdict(findings, f"comes.{actor}"))
    ]
    cheapest = {actor: sentences.cheapest_words(situation, found) for actor, found in findings.rankings.items()}
    figures = [build.figure(charts.seats(situation, run, cheapest))]
    order = [*required, *(a for a in findings.explains if a not in required)]
    shown = {name for name, _, _ in build.shown}
    for_each = {a: findings.explains[a] for a in order if a in findings.explains and f"calculation-{a}" not in shown}

    def calculation(actor: str) -> Figure:
        explain = for_each[actor]
        paths = [path for term in explain["terms"] for path in term.get("rests_on") or []]
        bare = sentences.judgement_sentence(situation, explain)
        return build.figure(charts.calculation(situation, explain), dict.fromkeys(paths), [bare] if bare else ())

    figures += [calculation(actor) for actor in for_each if actor in required]
    more = [calculation(actor) for actor in for_each if actor not in required]
    return Section("who", "Who comes, and why", words, figures, "The calculations of those who are not required", more)


def _terms(build: Builder, findings: Findings) -> Section:
    situation, run = build.situation, findings.run
    talks = run.get("talks")
    central = _central(findings)
    figures = []
    for issue in situation.issues:
        paths = build.of_issue(issue)
        told = not talks and findings.asked is None  # the answer says it
        outcome = None if told else outcome_sentence(situation, run, issue)
        expected = settlement_sentence(situation, talks, issue, central=central) if talks else None
        words = [sentence for sentence in (expected, outcome) if sentence]
        figures.append(build.figure(charts.settlement(situation, run, issue), paths, words))
        if len(run.get("outcomes") or {}) > 1:
            disagree = sentences.issue_disagreement(situation, run, issue)
            figures.append(build.figure(charts.models(situation, run, issue), paths, [disagree] if disagree else []))
        if talks and issue in talks["bargaining_range"]:
            words = [range_sentence(situation, talks, issue, central=central)]
            figures.append(build.figure(charts.bargaining_range(situation, run, issue), paths, words))
    moves = charts.trajectory_charts(situation, findings.trajectories or run.get("trajectories"))
    more = [build.figure(chart, ()) for chart in moves if chart.spec is not None]
    why = sentences.expected_against_models(run)
    return Section(
        "terms",
        "On what terms",
        [why, *_excluded(situation)] if why else (),
        figures,
        "Positions by round in the models that move them",
        more,
    )


def _deals(build: Builder, findings: Findings) -> Section:
    situation, dealings = build.situation, findings.run.get("dealings")
    paths = [*build.of("stances."), *(p for p in situation.numbers if p.endswith(".capability"))]
    figures = [build.figure(chart, paths) for chart in charts.deal_charts(situation, dealings)]
    words = sentences.deal_sentences(situation, dealings)
    return Section("deals", "Who deals with whom", [*words, *_excluded(situation)] if words else words, figures)


def _excluded(situation: Situation) -> list[str]:
    """Who is kept from the talks and yet counted by the models of decisions."""
    kept = [a for a in situation.excluded if any(p.startswith(f"stances.{a}.") for p in situation.numbers)]
    if not kept:
        return []
    be = "is" if len(kept) == 1 else "are"
    names = sentence_case(listed(party_words(situation, a) for a in kept))
    return [f"{names} {be} excluded from the talks; these models count everybody with a stance all the same."]


def _talks(build: Builder, findings: Findings) -> Section:
    situation, run = build.situation, findings.run
    if not run.get("talks") or not run.get("rounds"):
        return Section("talks", "How the talks would go")
    words = [rounds_sentence(situation, run["rounds"]), ripe_sentence(run["talks"], central=_central(findings))]
    figures = [build.figure(chart(situation, run)) for chart in (charts.talks, charts.walkouts)]
    return Section("talks", "How the talks would go", words, figures)


def _graph(build: Builder, findings: Findings) -> list[Section]:
    if findings.graph is None:
        return []
    from detente.report.strategic import strategic_section

    section = strategic_section(build, findings.graph)
    if findings.run.get("talks"):
        section = replace(section, sentences=[*section.sentences, DIFFERENT])
    return [section]


def _change(build: Builder, findings: Findings) -> Section:
    situation = build.situation
    words, figures = [], []
    tips = [findings.ranking, *findings.tips]
    if findings.frontier and findings.frontier.get("frontier"):
        tips.append(findings.frontier)
    for tip in (tip for tip in tips if tip):
        told = sentences.tip_sentences(situation, tip)
        for chart in _counted(_new(build, charts.tip_charts(situation, tip)), tip, findings):
            figures.append(build.figure(chart, rests_on(build, tip), told))
    if findings.parties:
        told = sentences.parties_sentences(situation, findings.parties)
        for chart in _counted(
            _new(build, [charts.invitations(situation, findings.parties)]), findings.parties, findings
        ):
            figures.append(build.figure(chart, None, told))
    if not tips[1:] and not findings.ranking and findings.run.get("talks"):
        words.append("The scenario names no lever, so nothing was tried that would change the calculation.")
    return Section("change", "What would change it", words, figures)


def _drivers(build: Builder, findings: Findings) -> Section:
    found = findings.sensitivity
    if not found or not moves(found):
        return Section("drivers", "Which numbers drive it")
    situation = build.situation
    drawn = _new(build, [charts.tornado(situation, found), charts.indices(situation, found)])
    figures = [build.figure(chart, rests_on(build, found)) for chart in _counted(drawn, found, findings)]
    words = sentences.sensitivity_sentences(situation, found) if figures else ()
    return Section("drivers", "Which numbers drive it", words, figures)


def _compare(build: Builder, findings: Findings, found: Found | None) -> Section:
    if not found:
        return Section("compare", "What differs")
    situation = build.situation
    paths = [row["path"] for row in found["inputs"]]
    figures = [build.figure(chart, paths) for chart in _counted([charts.compare(situation, found)], found, findings)]
    told = [m for m in found.get("contributions") or {} if m.split(".", 1)[0] in ("convene", "settlement")]
    rest = [m for m in found.get("contributions") or {} if m not in told]
    figures += [build.figure(charts.contributions(situation, found, measure), paths) for measure in told]
    more = [build.figure(charts.contributions(situation, found, measure), paths) for measure in rest]
    columns = ("Input", *found["scenarios"], "Path")
    rows = [
        Row(
            {"Input": sentence_case(path_words(situation, row["path"])), "Path": build.cell("Path", row["path"])}
            | {name: written(value) for name, value in zip(found["scenarios"], row["values"], strict=True)}
        )
        for row in found["inputs"]
    ]
    tables = [Table("What differs in the input", columns, rows)] if rows else []
    words = sentences.compare_sentences(situation, found)
    return Section("compare", "What differs", words, figures, "What explains the other answers", more, tables)


def written(value: Any) -> str:
    """An input's value as a table shows it."""
    if value is None:
        return "absent"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return figure(value) if isinstance(value, float) else str(value)


def _conflict(build: Builder) -> Section:
    situation, redaction = build.situation, build.redaction
    figures = [build.figure(charts.ties(situation), build.of("ties."), show=True)]
    for issue in situation.issues:
        chart = charts.timeline(situation, issue, redaction, legend=issue == situation.issues[0])
        paths = [p for p in build.of("stances.") if p.split(".")[2] == issue]
        figures.append(build.figure(chart, paths))
    toll = getattr(situation.scenario, "toll", None) or ()
    rows = [
        Row(
            {
                "Day": one.date.isoformat(),
                "What": one.what,
                "How many": quantity_words(getattr(one.value, "quantity", one.value)),
                "Sources": build.cell("Sources", ", ".join(c.split("@", 1)[0] for c in one.provenance.cite)),
            }
        )
        for one in toll
        if one.date <= situation.as_of
    ]
    tables = [Table("What the war has cost", ("Day", "What", "How many", "Sources"), rows)] if rows else []
    return Section("conflict", "The conflict", (), figures, tables=tables)


def _limits(findings: Findings) -> Section:
    run = findings.run
    notes = [
        "The shares are of draws from the ranges in the file, passed through a model: they say what follows from these "
        "numbers, not how often such a conflict ends so. They are no forecast until they have been scored against "
        "what happened in other cases (detente score).",
        "A simulation error says how far the draws scatter, never how wrong the model or a number may be.",
    ]
    notes += [f"{model} was not run: the scenario lacks {path}." for model, path in (run.get("missing") or {}).items()]
    notes += [sentence_case(f"{warning}.") for warning in run.get("warnings") or ()]
    return Section("limits", "What this cannot tell you", notes)


def sources(build: Builder) -> Section:
    """The sources of the file, what they say, and which numbers rest on each."""
    redaction = build.redaction
    used: dict[str, list[str]] = {}
    for path, number in build.numbers.items():
        for cite in number.provenance.cite:
            used.setdefault(cite.split("@", 1)[0], []).append(path)
    quoted: dict[str, list[str]] = {}
    for stance in getattr(build.situation.scenario, "stances", None) or ():
        said = redaction.said(stance)
        for cite in stance.provenance.cite if said else ():
            who = actor_name(build.situation, stance.actor)
            quoted.setdefault(cite.split("@", 1)[0], []).append(f"{who}, {stance.since}: “{said}”")
    rows = []
    for key in build.known_sources():
        fields = redaction.source(key)
        day = fields["date"].isoformat() if fields["date"] else ""
        read = {True: "read", False: "not read", None: ""}[fields["read"]]
        rows.append(
            Row(
                {
                    "Source": key,
                    "What it is": "; ".join(str(part) for part in (fields["title"], fields["publisher"], day) if part),
                    "Where": fields["url"] or "",
                    "Access": ", ".join(part for part in (fields["access"], read) if part),
                    "Words quoted": " ".join(quoted.get(key, [])),
                    "Numbers that rest on it": build.paths(dict.fromkeys(used.get(key, []))),
                },
                f"s-{key}",
            )
        )
    columns, under = ("Source", "What it is", "Access"), ("Where", "Words quoted", "Numbers that rest on it")
    cited = sum(bool(n.provenance.cite) for n in build.numbers.values())
    words = [f"{cited} of {len(build.numbers)} numbers that a model may use cite a source."]
    return Section("sources", "Sources", words, tables=[Table("Sources", columns, rows, under=under)] if rows else [])


def numbers(build: Builder) -> Section:
    """Every number with what stands behind it."""
    redaction = build.redaction
    rows = []
    for path, number in build.numbers.items():
        provenance = number.provenance
        cites = dict.fromkeys(c.split("@", 1)[0] for c in provenance.cite)
        locators = [c for c in provenance.cite if "@" in c and c.split("@", 1)[0] not in redaction.restricted]
        because = redaction.because(path, provenance) or ""
        rows.append(
            Row(
                {
                    "Path": path,
                    "What it is": sentence_case(path_words(build.situation, path)),
                    "Value": " ".join(
                        part for part in (quantity_words(number.quantity), getattr(number.field, "unit", "")) if part
                    ),
                    "From": build.situation.changes.get(path, number.origin),
                    "Sources": tuple(Link(f"s-{one}", _located(one, locators)) for one in cites),
                    "Because": because,
                    "Coded by": redaction.by(path, provenance) or "",
                    "Grade": provenance.grade or "",
                },
                f"n-{path}",
            )
        )
    columns, under = ("What it is", "Value", "Sources"), ("Because", "Coded by", "Grade", "From", "Path")
    words = ["Every number that a model may use, defaults included, with what stands behind it."]
    return Section("numbers", "Numbers", words, tables=[Table("Numbers", columns, rows, under=under)] if rows else [])


def _located(source: str, locators: Sequence[str]) -> str:
    places = [cite.split("@", 1)[1] for cite in locators if cite.split("@", 1)[0] == source]
    return f"{source} ({', '.join(places)})" if places else source


def _again(situation: Situation, findings: Findings, redaction: Redaction, command: str) -> Section:
    run = findings.run
    how = f"Version {run['detente']}, seed {run['seed']}, {run['draws']} draws"
    return again(situation, redaction, how + (", central run." if _central(findings) else "."), command)


def again(situation: Situation, redaction: Redaction, how: str, command: str) -> Section:
    """What makes a report again, and the file itself, without what restricted sources say."""
    file = redaction.file()
    left = len(redaction.left_out)
    texts = [Text("To make this report again", [how], command)]
    if situation.changes:
        changes = "\n".join(f"{path}: {how}" for path, how in situation.changes.items())
        texts.append(Text("What was changed in the file", (), changes))
    notes = []
    if redaction.active:
        things = "thing" if left == 1 else "things"
        notes.append(
            f"{left} {things} left out because they rest on restricted sources: titles, quotations, reasons, names of "
            "events and coders' names. The file below is given as JSON without them and without its comments; --full keeps all."
        )
    if file:
        texts.append(Text("The scenario file", notes, file))
    elif redaction.active:
        texts.append(Text("The scenario file", ["Left out: it cannot be given without what restricted sources say."]))
    return Section("again", "The file, and how to make this again", texts=texts)
