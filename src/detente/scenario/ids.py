"""Ids made of names, for whatever writes a scenario out of something else: files of other programs, documents read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

from detente.scenario.fields import RESERVED_IDS
from detente.scenario.shapes import ID


def slug(name: str, otherwise: str = "x") -> str:
    """An id made of a name.

    >>> [slug(n) for n in ("EU (incl Norway)", "Türkiye", "28", "中国", "No")]
    ['eu-incl-norway', 'turkiye', 'x-28', 'x', 'x-no']
    """
    if ID.fullmatch(name) and name not in RESERVED_IDS:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9_]+", "-", plain).strip("-_")
    found = words if words[:1].isalpha() else f"{otherwise}-{words}".rstrip("-")
    return f"{otherwise}-{found}" if found in RESERVED_IDS else found


def unused(name: str, taken: Container[str]) -> str:
    """The name, numbered from 2 where it is taken already.

    >>> unused("iran", {"us"}), unused("iran", {"iran", "iran-2"})
    ('iran', 'iran-3')
    """
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)
