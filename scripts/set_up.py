"""Make or refresh the virtual environment: python scripts/set_up.py FOLDER demo|dev.

Plain old syntax and the standard library only: this runs on whatever `python3` is, before anything is installed.
"""

import os
import shutil
import subprocess
import sys
import sysconfig

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def stop(message):
    """End with one clear line."""
    sys.exit("set-up: " + message)


def python_of(folder):
    """The interpreter of a virtual environment."""
    return os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")


def add_venv_module():
    """Debian's python3 comes without the parts that `python3 -m venv` needs; as root they can be added."""
    package = "python%d.%d-venv" % sys.version_info[:2]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (root and shutil.which("apt-get")):
        stop("this Python cannot make virtual environments; install %s (or python3-venv) and try again" % package)
    print("set-up: installing %s" % package, flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        if subprocess.call(command, env=environment, stdout=subprocess.DEVNULL):
            stop("%s failed; install %s by hand and try again" % (" ".join(command), package))


def make(folder):
    """A virtual environment in `folder`, or the one that is there."""
    python = python_of(folder)
    if os.path.exists(python):
        check = "import sys; sys.exit(sys.version_info < %r)" % (OLDEST,)
        if subprocess.call([python, "-c", check]):
            stop("%s is broken or older than Python %d.%d; run `make clean` and try again" % ((folder,) + OLDEST))
        return
    if subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL):
        add_venv_module()
    print("set-up: making %s with Python %s" % (folder, sysconfig.get_python_version()), flush=True)
    if subprocess.call([sys.executable, "-m", "venv", folder]):
        shutil.rmtree(folder, ignore_errors=True)  # half an environment would be taken for a whole one next time
        stop("could not make %s" % folder)


def install(folder, kind):
    """What the constraints pin, each file checked against its hash, and then this project."""
    pip = [python_of(folder), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    constraints = os.path.join("constraints", kind + ".txt")
    print("set-up: installing what %s pins (a minute or so, the first time)" % constraints, flush=True)
    # Wheels only: building one from source would fetch build tools that nothing pins.
    if subprocess.call(pip + ["--require-hashes", "--only-binary", ":all:", "-r", constraints], cwd=ROOT):
        stop("could not install what %s pins; the lines above say why" % constraints)
    if subprocess.call(pip + ["--no-deps", "--no-build-isolation", "--editable", "."], cwd=ROOT):
        stop("could not install detente itself; the lines above say why")


def main():
    """Check this Python, make the environment, fill it, and leave the stamp that tells make so."""
    if sys.version_info < OLDEST:
        found = sysconfig.get_python_version()
        stop("found Python %s; expected %d.%d or newer: make PYTHON=python3.12" % ((found,) + OLDEST))
    if len(sys.argv) != 3 or sys.argv[2] not in ("demo", "dev"):
        stop("expected a folder and demo or dev")
    folder, kind = os.path.abspath(sys.argv[1]), sys.argv[2]
    make(folder)
    install(folder, kind)
    with open(os.path.join(folder, kind + ".stamp"), "w", encoding="utf-8") as stamp:
        stamp.write("made by scripts/set_up.py\n")


if __name__ == "__main__":
    main()
