"""XML of other programs as a plain tree with lines; nothing in it is expanded, fetched or run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from detente.errors import Fault, InputError

MAX_DEPTH = 64
MAX_ELEMENTS = 500_000


@dataclass
class Element:
    """An element: its name, attributes, text and children, and the line that it begins on."""

    tag: str
    attributes: Mapping[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """The text directly in it, trimmed."""
        return "".join(self.parts).strip()

    def find(self, tag: str) -> Element | None:
        """The first child of a name, None where there is none."""
        return next(self.all(tag), None)

    def all(self, tag: str) -> Iterator[Element]:
        """The children of a name."""
        return (child for child in self.children if child.tag == tag)


class _Refused(Exception):
    """Raised from a handler, to stop the parser."""


def parse(data: bytes, file: str) -> Element:
    """The root element of an XML document.

    Raises `InputError` with the line where it is not well formed, and where it declares a document type: only so can a
    file name entities, which could grow without end or fetch other files.

    >>> parse(b"<a><b c='1'> x </b></a>", "f.xml").children[0].text
    'x'
    """
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    stack: list[Element] = []
    roots: list[Element] = []
    count = 0

    def refuse(found: str, expected: str) -> None:
        raise _Refused(found, expected)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            refuse(f"found more than {MAX_ELEMENTS:,} elements", "expected a smaller file")
        if len(stack) >= MAX_DEPTH:
            refuse(f"found nesting deeper than {MAX_DEPTH}", f"expected at most {MAX_DEPTH} levels")
        element = Element(tag, attributes, parser.CurrentLineNumber)
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def doctype(*_: object) -> None:
        refuse("found a document type", "expected none: entities are refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = lambda text: stack[-1].parts.append(text)
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except _Refused as error:
        found, expected = error.args
        raise InputError(Fault(found, expected, file=file, line=parser.CurrentLineNumber)) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or parser.CurrentLineNumber
        reason = expat.errors.messages.get(getattr(error, "code", 0), str(error))
        raise InputError(
            Fault(f"found no XML: {reason}", "expected a document of elements", file=file, line=line)
        ) from None
    return roots[0]
