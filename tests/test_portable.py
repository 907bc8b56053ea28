"""Nothing that only POSIX has, one guarded file apart: many who use this sit on Windows. (Encodings: ruff, PLW1514.)"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUARDED = ROOT / "src" / "detente" / "machine.py"
POSIX = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
FILES = sorted(file for folder in ("src", "scripts", "benchmarks") for file in (ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("folder", ["src", "scripts", "benchmarks"])
def test_no_module_that_only_posix_has(folder: str) -> None:
    files = [file for file in FILES if file.is_relative_to(ROOT / folder)]
    assert files
    for file in files:
        if file != GUARDED:
            assert not imported(ast.parse(file.read_text(encoding="utf-8"))) & POSIX, file


def test_the_one_that_has_is_guarded() -> None:
    tree = ast.parse(GUARDED.read_text(encoding="utf-8"))
    assert imported(tree) & POSIX == {"resource"}
    (tried,) = [node for node in tree.body if isinstance(node, ast.Try)]
    assert imported(tried) == {"resource"}
    assert [ast.unparse(handler.type) for handler in tried.handlers if handler.type] == ["ImportError"]
