"""What the docs build does beside mkdocs' own work.

Formulas become MathML: browsers draw it by themselves, and nothing is fetched.
"""

from __future__ import annotations

import html
import logging
import re
from typing import Any

from latex2mathml.converter import convert

FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?:\(|\[)(?P<latex>.*?)\\(?:\)|\])</(?P=tag)>', re.DOTALL
)


# What the converter does not know, in terms of what it does.
SPELLINGS = {r"\arg\max": r"\mathrm{arg}\max", r"\arg\min": r"\mathrm{arg}\min"}
LOG = logging.getLogger("mkdocs.hooks.math")  # a warning fails the strict build


def mathml(found: re.Match[str]) -> str:
    """One formula; its LaTeX stays as the title, to be read and copied."""
    latex = html.unescape(found["latex"]).strip()
    known = latex
    for spelling, instead in SPELLINGS.items():
        known = known.replace(spelling, instead)
    made = convert(known, display="inline" if found["tag"] == "span" else "block")
    if unknown := re.findall(r"\\[a-zA-Z]+", re.sub(r"<[^>]*>", " ", made)):
        LOG.warning("%s cannot be shown; add it to SPELLINGS in scripts/docs_hooks.py: %s", ", ".join(unknown), latex)
    return made.replace("<math", f'<math title="{html.escape(latex)}"', 1)


def on_page_content(content: str, **_: Any) -> str:
    """Called by mkdocs with the HTML of each page."""
    return FORMULA.sub(mathml, content)


def on_post_page(output: str, **_: Any) -> str:
    """The theme's search dialog lacks a name, without which a screen reader cannot announce it."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')
