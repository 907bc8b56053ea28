"""`python -m detente`."""

from detente.cli import program

program()
