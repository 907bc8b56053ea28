"""The README's table of commands: each runs as it stands, in the order given, in an empty folder."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.cli import app

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ROWS = README.partition("| to ask | command |")[2].partition("\n\n")[0]
COMMANDS = [shlex.split(command)[1:] for command in re.findall(r"`(detente [^`]+)`", ROWS)]
DRAWN = {"run", "tip", "explain", "compare", "sensitivity", "score"}


def test_the_commands_run_in_the_order_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openpyxl")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))
    assert len(COMMANDS) > 18
    for argv in COMMANDS:
        if argv[0] == "import" and argv[1].endswith(".xlsx"):  # a person fills it in first
            assert Path(argv[1]).is_file()
            detente.export("ec-emissions-1994", argv[1])
        few = ["--draws", "32"] if argv[0] in DRAWN else ["--fast"] if argv[0] == "read" else []
        answer = CliRunner().invoke(app, [*argv, *few], catch_exceptions=False)
        assert answer.exit_code == 0, (argv, answer.output)


def test_the_tour_says_how_detente_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from detente.cli.questions import _tell_path

    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "prefix", str(Path.cwd() / ".venv"))
    monkeypatch.setattr("shutil.which", lambda name: None)
    _tell_path()
    assert str(Path(".venv", "Scripts" if sys.platform == "win32" else "bin", "activate")) in capsys.readouterr().out
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    _tell_path()
    assert capsys.readouterr().out == ""
