"""Run a page of the docs as a reader would: every block, in order, in one folder.

- A block with a title (```` ```yaml title="my.yaml" ````) writes that file; ``title="my.yaml (continued)"`` adds to it.
- ```` ```console ````: lines after ``$ `` are commands; what stands below one is what it prints, ``...`` standing for
  anything. ``detente`` is run; what only a reader can run (make, pipx, ...) is not. A command must succeed, unless
  ``$ echo $?`` comes next and shows its exit status.
- ```` ```python ````: run, all blocks of a page in one namespace. A ```` ```text ```` block right after it is what it
  prints; ``>>>`` examples are checked as doctests.

`python scripts/docs_session.py --update PAGE...` writes what is printed now into the pages (look at the diff!).
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from sybil import Document
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

ROOT = Path(__file__).resolve().parents[1]
FENCES = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[\w+-]*)(?P<info>[^\n]*)\n"))
TITLE = re.compile(r'title="(?P<file>[^"]*?)(?P<more> \(continued\))?"')
READERS_OWN = ("make", "pipx", "pip", "uv", "uvx", "git", "cd", "python3")
MATCHING = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; ``start`` and ``end`` bound its body in the page's text."""

    language: str
    info: str
    source: str
    line: int
    start: int
    end: int
    indent: str

    def in_page(self, source: str) -> str:
        """A new body, indented as the block is."""
        return "".join(self.indent + line if line.strip() else line for line in source.splitlines(keepends=True))


@dataclass(frozen=True)
class Problem:
    """A block that did not do what the page says; ``fix`` is the body it should have, where that is known."""

    block: Block
    message: str
    fix: str | None = None


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for region in FENCES(Document(text, "")):
        source = region.lexemes["source"]
        opening = text.index("\n", region.start) + 1
        closing = text.rindex("\n", 0, region.end) + 1
        indent = re.match(r"[ \t]*", text[region.start :])
        yield Block(
            language=region.lexemes["language"],
            info=region.lexemes["info"],
            source=str(source),
            line=text.count("\n", 0, opening) + 1,
            start=opening,
            end=closing,
            indent=indent.group() if indent else "",
        )


def tidy(text: str) -> str:
    """Without trailing blanks, and without empty lines at either end: no reader sees them."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def same(expected: str, printed: str) -> bool:
    """Whether a command printed what the page says, ``...`` matching anything."""
    return doctest.OutputChecker().check_output(tidy(expected), tidy(printed), doctest.ELLIPSIS)


@dataclass
class Session:
    """What a reader has by now: files in ``folder``, Python names, the last command's exit status."""

    folder: Path
    page: str
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "docs"})
    status: int = 0
    problems: list[Problem] = field(default_factory=list)
    printed: tuple[str, Block] | None = None  # by the last Python block, until a text block says what that should be

    def run(self, block: Block) -> None:
        """One block."""
        title = TITLE.search(block.info)
        printed, self.printed = self.printed, None
        if title:
            file_to_write = self.folder / title["file"]
            file_to_write.parent.mkdir(parents=True, exist_ok=True)
            with file_to_write.open("a" if title["more"] else "w", encoding="utf-8") as file:
                file.write(block.source)
        elif block.language == "console":
            self._console(block)
        elif block.language == "python":
            self._python(block)
        elif block.language == "text" and printed is not None and not same(block.source, printed[0]):
            self.problems.append(Problem(block, difference(block.source, printed[0]), tidy(printed[0])))

    def _console(self, block: Block) -> None:
        """Commands, each with what it prints."""
        commands = [c for c in re.split(r"^\$ ", block.source, flags=re.MULTILINE) if c.strip()]
        wrong, body = [], []
        for number, text in enumerate(commands):
            command, expected = _command_and_output(text)
            printed = self._command(shlex.split(command, comments=True), block)
            follower = commands[number + 1].strip() if number + 1 < len(commands) else ""
            if self.status and not follower.startswith("echo $?"):
                self.problems.append(Problem(block, f"{command}: exit status {self.status}\n{printed}"))
            if printed is None or not expected.strip() or same(expected, printed):
                body.append(f"$ {text}")
            else:
                wrong.append(f"$ {command}\n" + difference(expected, printed))
                body.append(f"$ {text[: text.index(expected)]}{tidy(printed)}")
        if wrong:
            self.problems.append(Problem(block, "\n".join(wrong), "".join(body)))

    def _command(self, words: list[str], block: Block) -> str | None:
        """What a command prints; None where it is the reader's to run."""
        if words[:1] == ["detente"]:
            if words[-2:-1] == [">"]:
                printed = self._detente(words[1:-2], errors=io.StringIO())
                (self.folder / words[-1]).write_text(printed, encoding="utf-8")
                return ""
            return self._detente(words[1:])
        if words == ["echo", "$?"]:
            status, self.status = self.status, 0
            return f"{status}\n"
        if words[:1] and words[0] not in READERS_OWN:
            self.problems.append(Problem(block, f"{shlex.join(words)}: only detente commands can be tested here"))
        return None

    def _detente(self, arguments: list[str], errors: io.StringIO | None = None) -> str:
        """Run in this process, so that a page of commands does not load numpy and numba for each."""
        from detente.cli import main

        printed = io.StringIO()
        self.status = 0
        with (
            mock.patch.object(sys, "argv", ["detente", *arguments]),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(errors or printed),
        ):
            try:
                main()
            except SystemExit as stop:
                self.status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            except Exception:
                self.status = 1
                printed.write(traceback.format_exc(limit=-3))
        return printed.getvalue()

    def _python(self, block: Block) -> None:
        """Statements, or examples with their results."""
        if block.source.lstrip().startswith(">>>"):
            examples = doctest.DocTestParser().get_doctest(block.source, self.names, self.page, self.page, block.line)
            report: list[str] = []
            doctest.DocTestRunner(optionflags=MATCHING).run(examples, out=report.append, clear_globs=False)
            self.names.update(examples.globs)
            if report:
                self.problems.append(Problem(block, "".join(report)))
            return
        printed = io.StringIO()
        try:
            # Blank lines before it make a traceback name the page's own line.
            code = compile("\n" * (block.line - 1) + block.source, self.page, "exec")
            with contextlib.redirect_stdout(printed):
                exec(code, self.names)
        except Exception:
            self.problems.append(Problem(block, traceback.format_exc(limit=-3)))
        self.printed = (printed.getvalue(), block)


def _command_and_output(text: str) -> tuple[str, str]:
    """A command, lines ended by a backslash joined, and what stands below it."""
    command = re.match(r"(?:[^\n]*\\\n)*[^\n]*", text)
    assert command is not None  # it matches anything
    return command.group().replace("\\\n", " "), text[command.end() + 1 :]


def difference(expected: str, printed: str) -> str:
    """Both texts, for a person to compare."""
    return f"the page says:\n{tidy(expected)}but it prints:\n{tidy(printed)}"


def run_page(page: Path, folder: Path) -> list[Problem]:
    """Everything on `page` that does not hold, its blocks run in `folder`."""
    session = Session(folder, str(page))
    with contextlib.chdir(folder), mock.patch.dict(os.environ, _ours(folder)):
        for block in blocks(page.read_text(encoding="utf-8")):
            session.run(block)
    return session.problems


def _ours(folder: Path) -> dict[str, str]:
    """The environment of a page: no colours, and nothing kept in the folders of whoever runs it."""
    return {"NO_COLOR": "1", "DETENTE_SHELF": str(folder / ".shelf")}


def update(page: Path) -> None:
    """Write what the page's commands print now into it."""
    with tempfile.TemporaryDirectory() as folder:
        problems = run_page(page.resolve(), Path(folder))
    text = page.read_text(encoding="utf-8")
    for problem in sorted(problems, key=lambda p: p.block.start, reverse=True):
        if problem.fix is None:
            print(f"{page}:{problem.block.line}: {problem.message}")
        else:
            body = problem.block.in_page(problem.fix)
            text = text[: problem.block.start] + body + text[problem.block.end :]
            print(f"{page}:{problem.block.line}: updated")
    page.write_text(text, encoding="utf-8")


def main() -> None:
    """Update the pages named on the command line."""
    if sys.argv[1:2] != ["--update"] or not sys.argv[2:]:
        sys.exit("usage: python scripts/docs_session.py --update PAGE...")
    for name in sys.argv[2:]:
        update(Path(name))


if __name__ == "__main__":
    main()
