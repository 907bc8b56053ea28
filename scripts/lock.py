"""Write constraints/dev.txt and constraints/demo.txt again: exact versions and hashes for every supported Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = [
    *[sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--upgrade", "pyproject.toml"],
    # One file for all systems and Pythons: markers choose the version where they differ.
    *["--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:"],
    # No address of any registry: whoever installs uses the one they are set up with.
    *["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"],
]


def compile_to(name: str, *what: str) -> None:
    """One constraints file."""
    file = ROOT / "constraints" / name
    subprocess.run([*COMPILE, *what, "--output-file", str(file)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    print(f"wrote constraints/{name}")


def main() -> None:
    """The developers' file first; the demo's is held to the same versions."""
    compile_to("dev.txt", "--extra", "all", "--group", "dev")
    compile_to("demo.txt", "--extra", "charts", "--group", "build", "--constraint", "constraints/dev.txt")


if __name__ == "__main__":
    main()
