"""Everything a command does, as one call. Each takes a scenario (a file, a built-in id with ``@DATE`` or
``+VARIANT``, a loaded `Scenario` or a `Situation`) and the same settings of the draws.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.analysis.blocks import Progress, default_workers
from detente.errors import UsageError
from detente.scenario.conflict import Conflict
from detente.scenario.conflict import conflict as _conflict
from detente.scenario.library import library as library
from detente.scenario.read import Scenario, load
from detente.scenario.resolve import situation as _situation
from detente.scenario.schema import json_schema as schema
from detente.scenario.situation import Situation

# Each question is imported where it is asked: a command pays for its own, and not for all the others.
if TYPE_CHECKING:
    from detente.analysis.compare import CompareResult
    from detente.analysis.explain import ExplainResult
    from detente.analysis.graph import GraphResult
    from detente.analysis.parties import PartiesResult
    from detente.analysis.results import Result
    from detente.analysis.run_result import RunResult
    from detente.analysis.score import ScoreResult
    from detente.analysis.sensitivity import SensitivityResult
    from detente.analysis.study import Study
    from detente.analysis.tipping import TipResult
    from detente.analysis.verdict import Verdict
    from detente.evidence.reading import Reading
    from detente.formats import Imported, Written
    from detente.report.strategic import Asked
    from detente.scenario.check import CheckReport

ScenarioLike = str | Path | Scenario | Situation

__all__ = ["library", "load", "schema"]


def situation(
    scenario: ScenarioLike,
    *,
    as_of: str | dt.date | None = None,
    set: Mapping[str, Any] | Sequence[str] = (),
) -> Situation:
    """The scenario as it stands on a day, with what-ifs applied.

    `set` is a mapping of paths to values, or ``PATH=VALUE`` strings as on the command line.

    >>> situation("syria-2015@2014-02-15").as_of
    datetime.date(2014, 2, 15)
    """
    if isinstance(scenario, Situation):
        return scenario
    loaded = load(scenario) if isinstance(scenario, (str, Path)) else scenario
    return _situation(loaded, as_of=as_of, sets=set)


@dataclass(frozen=True)
class _How:
    """How a call's work is split and shown."""

    workers: int
    executor: Executor | None
    progress: Progress | None

    @property
    def kwargs(self) -> dict[str, Any]:
        return {"workers": self.workers, "executor": self.executor, "progress": self.progress}


def _study(scenario: ScenarioLike | Study, settings: dict[str, Any]) -> Study:
    from detente.analysis.study import Study

    if isinstance(scenario, Study):
        return scenario
    where = {key: settings.pop(key) for key in ("as_of", "set") if key in settings}
    return Study(situation(scenario, **where), **settings)


def _split(settings: dict[str, Any]) -> _How:
    workers = settings.pop("workers", None)
    return _How(workers or default_workers(), settings.pop("executor", None), settings.pop("progress", None))


def run(scenario: ScenarioLike | Study, *, models: Sequence[str] | None = None, **settings: Any) -> RunResult:
    """Who comes, on what terms, how the talks go; all models side by side.

    Settings that every call takes: ``draws`` (10,000), ``seed`` (0), ``central`` (False), ``method`` ("latin" or
    "random"), ``count_backing``, ``as_of``, ``set``, ``workers``, ``executor`` (any `concurrent.futures` one) and
    ``progress`` (a function of done, total, what).

    >>> result = run("syria-2015", draws=500)
    >>> 0 <= result.talks.convene.p <= 1
    True
    """
    from detente.analysis.ensemble import run as ask

    how = _split(settings)
    return ask(_study(scenario, settings), models=models, **how.kwargs)


def explain(scenario: ScenarioLike | Study, actor: str, **settings: Any) -> ExplainResult:
    """The terms that make up an actor's margin, one by one, with the sources they rest on."""
    from detente.analysis.explain import explain as ask

    how = _split(settings)
    return ask(_study(scenario, settings), actor, **how.kwargs)


PICTURE_DRAWS = 5_000  # behind each picture of a lever, an input or a party in the report

_WHAT = ("actor", "measure", "above", "target")


def tip(
    scenario: ScenarioLike | Study, lever: str, *, limits: tuple[float, float] | None = None, **settings: Any
) -> TipResult:
    """What change of one lever, or of any numeric path, flips the decision of ``actor`` (or of the talks)."""
    from detente.analysis.tipping import tip as ask

    how, what = _split(settings), {k: settings.pop(k) for k in _WHAT if k in settings}
    return ask(_study(scenario, settings), lever, limits=limits, **what, **how.kwargs)


def frontier(
    scenario: ScenarioLike | Study,
    lever: str,
    lever2: str,
    *,
    limits: tuple[float, float] | None = None,
    **settings: Any,
) -> TipResult:
    """The probability over two levers set alike in all draws."""
    from detente.analysis.tipping import frontier as ask

    how, what = _split(settings), {k: settings.pop(k) for k in _WHAT if k in settings}
    return ask(_study(scenario, settings), lever, lever2, limits=limits, **what, **how.kwargs)


def rank(
    scenario: ScenarioLike | Study, *, levers: Sequence[str] | None = None, pairs: bool = True, **settings: Any
) -> TipResult:
    """All levers, and pairs of them, by the smallest change that brings the probability to the target."""
    from detente.analysis.ranking import rank as ask

    how, what = _split(settings), {k: settings.pop(k) for k in _WHAT if k in settings}
    study = _study(scenario, settings)
    return ask(study, levers=levers, pairs=pairs, workers=how.workers, progress=how.progress, **what)


def parties(scenario: ScenarioLike | Study, **settings: Any) -> PartiesResult:
    """Whom to invite: the talks with each actor added to or dropped from the required parties."""
    from detente.analysis.parties import parties as ask

    how = _split(settings)
    return ask(_study(scenario, settings), **how.kwargs)


def sensitivity(
    scenario: ScenarioLike | Study, *, measure: str | None = None, base: int | None = None, **settings: Any
) -> SensitivityResult:
    """Which uncertain numbers drive a measure, and the most influential unsourced ones."""
    from detente.analysis.sensitivity import sensitivity as ask

    how = _split(settings)
    return ask(_study(scenario, settings), measure=measure, base=base, **how.kwargs)


def compare(*scenarios: ScenarioLike | Study, measure: Sequence[str] | None = None, **settings: Any) -> CompareResult:
    """Two or more scenarios side by side on common draws, with what explains the difference."""
    from detente.analysis.compare import compare as ask

    how = _split(settings)
    return ask([_study(s, dict(settings)) for s in scenarios], measure=measure, **how.kwargs)


def score(*scenarios: ScenarioLike | Study, models: Sequence[str] | None = None, **settings: Any) -> ScoreResult:
    """Forecasts against what happened; `models` are the outcome models to score, any of them."""
    from detente.analysis.score import score as ask

    how = _split(settings)
    return ask([_study(s, dict(settings)) for s in scenarios], models=models, **how.kwargs)


def verdict(scenario: ScenarioLike | Study, measure: str = "convene", **settings: Any) -> Verdict:
    """Whether the model can say on which side of one half a share lies."""
    from detente.analysis.verdict import verdict as ask

    _split(settings)
    return ask(_study(scenario, settings), measure)


def glance(study: Study, shares: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """Whether the model can say on which side of one half each known share lies, by error and settlement rule alone."""
    from detente.analysis.verdict import glance as ask

    return [] if study.central else ask(study, shares)


def read(
    *documents: str | Path,
    fast: bool = False,
    model: str | Path | None = None,
    recall: float | None = None,
    date: str | dt.date | None = None,
    scenario: str | Path | Scenario | None = None,
    progress: Progress | None = None,
) -> list[Reading]:
    """Who said what in documents (plain text, Markdown, HTML, PDF), each statement with the characters it rests on.

    With the statements come speakers, stances, shifts, ties, talks events, assessments and tolls, each with its words and
    rule. `fast` reads by rules; `model` is a file that ``detente evidence train`` wrote; `recall` (0 to 1) is how much doubt a
    statement may carry. `scenario` (a file, the id of a built-in one, or one loaded) gives the names of its actors, and stances
    in force to hold statements against. Raises `InputError` with a fault for every document that cannot be read.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "note-2015-03-15.txt")
    ...     _ = file.write_text("The talks will fail, the envoy said.", encoding="utf-8")
    ...     (note,) = read(file, fast=True)
    >>> note.document.date, note.statements[0].to_dict()["content"][0]["text"]
    (datetime.date(2015, 3, 15), 'The talks will fail')
    """
    from detente.evidence.layers import known_from
    from detente.evidence.reading import read_all, reader

    how = reader(fast=fast, model=Path(model) if model else None, recall=recall)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    known = (
        None
        if scenario is None
        else known_from((scenario if isinstance(scenario, Scenario) else load(scenario)).document.data, day)
    )
    return read_all(documents, how, date=day, known=known, step=progress)


def write_reading(readings: Sequence[Reading], file: str | Path | None = None, *, command: str = "") -> str:
    """What `read` found as one HTML page, written to `file` where one is given: texts with marks, timeline, statements.

    The page works offline, and nothing in a text can act in it. `command` is the command line that makes it again.

    >>> from detente.evidence import samples
    >>> page = write_reading(read(samples.found("sample"), fast=True))
    >>> page.count("<section") == 6 and "Lena Maro" in page
    True
    """
    from detente.report.reading import write_reading as write

    return write(file, readings, command=command)


def check(scenario: ScenarioLike, **settings: Any) -> CheckReport:
    """How many of the numbers that a model uses are sourced, and what a careful reader would ask about."""
    from detente.scenario.check import check as ask

    return ask(situation(scenario, **settings))


def import_(*files: str | Path, format: str | None = None, as_of: str | dt.date | None = None) -> Imported:
    """A scenario made of another program's file; ``.save(FILE)`` writes it.

    `format` is one of `detente.formats.names`, guessed from the file where it is left out; `as_of` the day of the
    stances, where the file has none. Only some formats take more than one file. Raises `InputError` with every fault.

    >>> import pathlib, tempfile
    >>> table = pathlib.Path(tempfile.mkdtemp(), "table.csv")
    >>> _ = table.write_text("issue,actor,position,salience,power\\ntax,North,20,0.5,3\\ntax,South,80,1,1\\n")
    >>> found = import_(table, as_of="2020-01-01")
    >>> found.scenario.data["stances"][0]["position"], run(found.scenario, draws=10).outcomes["mean"]["tax"].mean
    (20, 44.0)
    """
    from detente.formats import read
    from detente.scenario.checking import day_of

    day = as_of.isoformat() if isinstance(as_of, dt.date) else as_of
    if day is not None and day_of(day) is None:
        raise UsageError(f"--as-of: found {day}; expected a date, YYYY-MM-DD")
    first, *others = map(Path, files)
    return read(first, format, as_of=day, others=tuple(others))


def export(
    scenario: ScenarioLike, file: str | Path | None = None, *, format: str | None = None, **where: Any
) -> Written:
    """A scenario as another program's file, written to `file` if one is given; ``.lost`` says what stays behind.

    `format` is one of `detente.formats.names`, by the ending of `file` where it is left out; `where` is `as_of` and
    `set`, as in `situation`. One central number stands for an uncertain one where the format has no ranges.

    >>> export("ec-emissions-1994", format="csv").data.splitlines()[1].decode()
    ',netherlands,,,0.08,,,,,,,Netherlands,bystander,bueno-de-mesquita-1994,'
    """
    from detente.formats import write

    now = situation(scenario, **where)
    written = write(now, Path(file if file is not None else now.id), format)
    if file is not None:
        written.save(file)
    return written


def write_report(
    scenario: ScenarioLike | Study,
    file: str | Path | None = None,
    *,
    command: str = "",
    redact: bool | None = None,
    compare_with: ScenarioLike | None = None,
    models: Sequence[str] | None = None,
    asked: Result | None = None,
    **settings: Any,
) -> str:
    """The HTML report: every question asked of the scenario, in one file that works offline. Returns the HTML.

    It opens with `asked`, the answer to one of them (what `tip`, `compare` and others return), where that is given.
    `models` are those of the main run, as in `run`. The main run, the explanations and the verdicts use every draw asked for (the verdicts 10,000 at most), the
    pictures of levers, inputs and parties 5,000 at most: a share is then known to within 1.4 points.
    """
    from dataclasses import replace

    from detente.analysis import ensemble
    from detente.analysis.run_result import RunResult
    from detente.analysis.study import DEFAULT_DRAWS, Study
    from detente.analysis.verdict import verdicts
    from detente.files import write_text
    from detente.report import html as page

    how = _split(settings)
    study = _study(scenario, settings)
    small = replace(study, draws=min(study.draws, PICTURE_DRAWS))
    middle = replace(study, draws=min(study.draws, DEFAULT_DRAWS))
    main = ensemble.run(study, models=models, deals=True, **how.kwargs)
    now = small.situation
    parts: dict[str, Any] = {"explains": {}, "tips": [], "ranking": None, "frontier": None}
    if main.talks:
        parts["explains"] = {a: explain(middle, a, **how.kwargs).to_dict() for a in now.actors}
        parts["parties"] = parties(small, **how.kwargs).to_dict()
        levers = [lever.id for lever in now.levers]
        if levers:
            parts["ranking"] = rank(small, workers=how.workers, progress=how.progress).to_dict()
            parts["rankings"] = {
                a: rank(small, actor=a, pairs=False, workers=how.workers, progress=how.progress).to_dict()
                for a in now.required
            }
            parts["tips"] = [tip(small, lever, **how.kwargs).to_dict() for lever in levers]
        if len(levers) > 1:
            best = _best_pair(parts["ranking"], levers)
            parts["frontier"] = frontier(small, *best, **how.kwargs).to_dict()
        shares = ("convene", *(f"comes.{actor}" for actor in now.required))
        parts["verdicts"] = {one.measure: one.to_dict() for one in verdicts(middle, shares)}
    if small.sampler.inputs:
        parts["sensitivity"] = sensitivity(small, **how.kwargs).to_dict()
    if compare_with is not None:
        other = compare_with if isinstance(compare_with, Study) else study.on(situation(compare_with))
        parts["compare"] = compare(replace(other, draws=small.draws), small, **how.kwargs).to_dict()
    moving = _moving(main.outcomes)
    parts["trajectories"] = ensemble.run(replace(study, central=True, draws=1), models=moving).to_dict()["trajectories"]
    if (now.scenario.document.data or {}).get("game") is not None:
        parts["graph"] = stability(now, draws=min(study.draws, DEFAULT_DRAWS), seed=study.seed)
    if asked is not None and not isinstance(asked, RunResult):
        parts["asked"] = asked
    html = page.write_report(None, situation=now, run=main.to_dict(), command=command, redact=redact, **parts)
    if file is not None:
        write_text(Path(file), html)
    return html


def write_graph_report(
    scenario: ScenarioLike | Conflict,
    file: str | Path | None = None,
    *,
    command: str = "",
    redact: bool | None = None,
    found: GraphResult | None = None,
    asked: Asked | None = None,
    **settings: Any,
) -> str:
    """The HTML report on a strategic conflict alone: a game's states, stability, moves and ways. Returns the HTML.

    `scenario` is anything `stability` takes, and `settings` are those of it; `found` is its answer where that is there
    already; what was `asked` of its states comes first.
    """
    from detente.report import html as page

    where = {key: settings.pop(key) for key in ("as_of", "set") if key in settings}
    foreign = isinstance(scenario, (str, Path)) and str(scenario).lower().endswith(".gmcr")
    now = None if foreign or isinstance(scenario, Conflict) else situation(scenario, **where)
    if found is None:
        found = stability(scenario if now is None else now, **settings)
    if now is None:
        title = Path(str(scenario)).stem if foreign else "A strategic conflict"
        source = Path(str(scenario)).read_text(encoding="utf-8") if foreign else ""
        return page.write_graph_report(file, found=found, title=title, source=source, asked=asked, command=command)
    return page.write_graph_report(
        file, found=found, title=now.title, situation=now, asked=asked, command=command, redact=redact
    )


def _moving(models: Iterable[str]) -> list[str]:
    from detente.outcome.registry import get

    return [name for name in models if get(name).moves_positions]


def _best_pair(ranking: Mapping[str, Any], levers: Sequence[str]) -> tuple[str, str]:
    """The pair of levers that ranks highest, else the first two single ones."""
    for row in ranking["ranking"]:
        if not isinstance(row["lever"], str):
            return tuple(row["lever"])
    return levers[0], levers[1]


def conflict(scenario: ScenarioLike, **settings: Any) -> tuple[Conflict, tuple[str, ...]]:
    """The strategic conflict under ``game`` of a scenario, or in a ``.gmcr`` file; and what was not taken over.

    Settings are ``as_of`` and ``set``, which a ``.gmcr`` file does not take. Raises `InputError` where there is no game.
    """
    if isinstance(scenario, (str, Path)) and str(scenario).lower().endswith(".gmcr"):
        from detente.formats import gmcr

        if settings.get("as_of") or settings.get("set"):
            raise UsageError("graph: a .gmcr file has no dates and no what-ifs; expected no --as-of and no --set")
        found = gmcr.read(Path(scenario))
        return found.conflict, found.lost
    return _game_of(situation(scenario, **settings)), ()


def _game_of(now: Situation) -> Conflict:
    """The strategic conflict at the central values. Raises `InputError` where the file has no game."""
    return now.conflict or _conflict(now.scenario.document)


def stability(
    scenario: ScenarioLike | Conflict,
    *,
    concepts: Sequence[str] | None = None,
    coalitions: bool | None = None,
    draws: int | None = None,
    seed: int = 0,
    **settings: Any,
) -> GraphResult:
    """Which states of the strategic conflict are stable for whom, and which are equilibria, at the central values.

    The conflict is the game of a scenario, a ``.gmcr`` file, or a `Conflict`. `concepts` and `coalitions` are those of
    the graph model; without them, what is quick for the size of the game. Where preferences are uncertain, `.shares`
    says in how many of `draws` draws (10,000 unless the game is large) a state is an equilibrium; a `Conflict` by itself
    has none. ``as_of`` and ``set`` as everywhere.
    """
    from detente.analysis.graph import FEW, graph

    if isinstance(scenario, Conflict) or str(scenario).lower().endswith(".gmcr"):
        found = scenario if isinstance(scenario, Conflict) else conflict(scenario, **settings)[0]
        return graph(found, concepts=concepts, coalitions=coalitions)
    now = situation(scenario, **settings)
    found = _game_of(now)
    study = None
    if found.uncertain and (draws or found.form.states <= FEW):
        from detente.analysis.study import DEFAULT_DRAWS, Study

        study = Study(now, draws=draws or DEFAULT_DRAWS, seed=seed)
    return graph(found, concepts=concepts, coalitions=coalitions, study=study)
