"""What a reader may see of restricted sources: nothing but their id. What is left out is counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.scenario.situation import Provenance, Situation

LEFT_OUT = "[left out: restricted source]"
NAMING = ("title", "publisher", "author", "date", "url", "sha256", "note")  # what would tell which source it is
TELLING = ("said", "because", "by", "note")  # what would tell what it says


def restricted_sources(situation: Situation) -> frozenset[str]:
    """Ids of the sources whose access is restricted."""
    sources = getattr(situation.scenario, "sources", None) or {}
    return frozenset(key for key, source in sources.items() if getattr(source, "access", "open") == "restricted")


@dataclass
class Redaction:
    """Gives out titles, quotations, reasons and coders' names, except those that rest on a restricted source.

    ``left_out`` holds each thing withheld once, so that the report can say how many there are.
    """

    situation: Situation
    restricted: frozenset[str]
    left_out: set[tuple[str, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, situation: Situation, redact: bool | None) -> Redaction:
        """Redaction as asked for; by default wherever a source is restricted."""
        return cls(situation, frozenset() if redact is False else restricted_sources(situation))

    @classmethod
    def none(cls, situation: Situation) -> Redaction:
        """Everything is given out."""
        return cls(situation, frozenset())

    @property
    def active(self) -> bool:
        """Whether anything may be withheld."""
        return bool(self.restricted)

    def hides(self, cites: Iterable[str]) -> bool:
        """Whether one of these citations is of a restricted source."""
        return any(cite.split("@", 1)[0] in self.restricted for cite in cites)

    def _give(self, value: str | None, cites: Iterable[str], *key: str) -> str | None:
        if value is None or not self.hides(cites):
            return value
        self.left_out.add(key)
        return LEFT_OUT

    def source(self, key: str) -> dict[str, Any]:
        """A source's fields; of a restricted one only its id and its access."""
        found = (getattr(self.situation.scenario, "sources", None) or {}).get(key)
        fields = {name: getattr(found, name, None) for name in ("title", "publisher", "date", "url", "access", "read")}
        if key in self.restricted:
            self.left_out.add(("source", key))
            fields = dict.fromkeys(fields, None) | {"title": LEFT_OUT, "access": "restricted"}
        return {"id": key, **fields}

    def sources(self, cites: Iterable[str]) -> str:
        """Citations in words: publisher or title, with what may be said of them."""
        words = []
        for cite in cites:
            key, _, locator = cite.partition("@")
            fields = self.source(key)
            name = f"{key} (restricted)" if key in self.restricted else fields["publisher"] or fields["title"] or key
            words.append(f"{name}, {locator}" if locator and key not in self.restricted else str(name))
        return "; ".join(words)

    def said(self, stance: Any) -> str | None:
        """A stance's quotation."""
        return self._give(stance.said, stance.provenance.cite, "said", stance.actor, stance.issue, str(stance.since))

    def event(self, event: Any) -> str | None:
        """The name given to an event of the talks."""
        return self._give(event.name, event.cite, "event", str(event.date), event.event)

    def because(self, path: str, provenance: Provenance) -> str | None:
        """The reason given for a number."""
        return self._give(provenance.because, provenance.cite, "because", path)

    def file(self) -> str:
        """The scenario file: as written or, where something must be left out, as JSON without it and without comments."""
        data = getattr(self.situation.scenario, "data", None)
        if not self.active:
            return self.situation.source_text
        if not isinstance(data, Mapping):
            return ""
        return json.dumps(self._without(data), ensure_ascii=False, indent=1, default=str)

    def _without(self, value: Any, *, cites: tuple[str, ...] = (), sources: bool = False, history: bool = False) -> Any:
        """Plain data without what tells of restricted sources; what stands within a thing that cites one counts too."""
        if isinstance(value, str) and self.hides((value,)):
            return value.split("@", 1)[0]  # a citation keeps its source and loses the place in it
        if isinstance(value, (list, tuple)):
            return [self._without(one, cites=cites, history=history) for one in value]
        if not isinstance(value, Mapping):
            return value
        if sources:
            return {k: self._anonymous(v) if k in self.restricted else self._without(v) for k, v in value.items()}
        own = value.get("cite") or ()
        cites += (own,) if isinstance(own, str) else tuple(own)
        if self.hides(cites):
            telling = (*TELLING, "name") if history else TELLING  # an actor's or an issue's name is needed to read on
            value = {k: v for k, v in value.items() if k not in telling}
        return {
            k: self._without(v, cites=cites, sources=k == "sources", history=k == "history") for k, v in value.items()
        }

    @staticmethod
    def _anonymous(source: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in source.items() if k not in NAMING} | {"title": LEFT_OUT}

    def by(self, path: str, provenance: Provenance) -> str | None:
        """Who coded a number."""
        return self._give(provenance.by, provenance.cite, "by", path)
