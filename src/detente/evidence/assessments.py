"""Who is said to rise, fall or hold, in strength, security or territory, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detente.evidence.clauses import HYPOTHETICAL, Clauses
from detente.evidence.findings import SURE, Actor, Assessment
from detente.evidence.statements import Pieces, Statement, teller, told_pieces

_A = r"(?:a\s+|an\s+|the\s+|its\s+|his\s+|their\s+|more\s+|much\s+|some\s+|further\s+|significant\s+|new\s+)*"
_WEIGHT = r"(?:influence|power|strength|standing|clout|sway|reach|authority)"
# (of, direction, whether the one meant comes after the words, pattern)
RULES: tuple[tuple[str, str, bool, str], ...] = (
    ("strength", "rising", True, r"\b(?:the\s+)?(?:rapid\s+|swift\s+)?(?:rise|resurgence|ascendancy|growing\s+(?:strength|power|influence))\s+of\b"),
    ("strength", "falling", True, r"\b(?:the\s+)?(?:decline|fall|weakening|demise|defeat|collapse|disintegration)\s+of\b(?!\s+(?:the\s+)?(?:talks|negotiations|truce|ceasefire))"),
    ("security", "steady", False, r"\bas\s+secure\b|\b(?:firmly|securely|still)\s+in\s+(?:power|control|charge|place)\b|\b(?:looks?|appears?|seems?|is|remains?)\s+(?:to\s+be\s+)?(?:more\s+)?(?:secure|safe|entrenched|unassailable)\b|\bgrip\s+on\s+power\s+(?:is|remains|looks)\s+(?:firm|secure|tight)\b|\b(?:grip|hold)\s+on\s+(?:\w{1,40}\s+){1,3}?(?:is|remains|looks)\s+as\s+(?:firm|secure|tight|strong)\b|\bfac(?:es|ed|ing)\s+no\s+(?:serious\s+|real\s+)?(?:challenge|rival|threat)\b"),
    ("security", "falling", False, r"\b(?:on\s+the\s+(?:verge|brink|edge)\s+of\s+(?:collapse|defeat)|days\s+(?:\w{1,20}\s+){0,3}?(?:are|were)\s+numbered|grip\s+on\s+(?:power|the\s+\w{1,20})\s+(?:is|has|was|looks?)\s+(?:been\s+)?(?:slipp|loosen|weaken|shak)\w*|clinging\s+(?:on\s+)?to\s+power|los(?:es|ing|t)\s+(?:its|his|her|their)\s+grip|(?:looks?|is|appears?|seems?)\s+(?:increasingly\s+)?(?:vulnerable|isolated|shaky|insecure|beleaguered))\b"),
    ("territory", "rising", False, rf"\b(?:gain(?:s|ed|ing)?|made|make|makes|making)\s+{_A}(?:ground|gains|advances|headway)\b|\b(?:captur(?:es?|ed|ing)|seiz(?:es?|ed|ing)|retak(?:es?|en|ing)|retook|recaptur(?:es?|ed|ing)|overran|overrun|conquer(?:s|ed)?|took\s+control\s+of|taken\s+control\s+of)\b(?=\s+(?:\w{{1,40}}\s+){{0,5}}(?:town|city|cities|village|province|territory|base|airport|district|region|capital|area|crossing|[A-Z]))|\badvanc(?:es|ed|ing)\s+(?:on|into|towards?)\b|\b(?:is|are|was|were)\s+(?:\w+ly\s+)?advancing\b|\b(?:regain|recover|reclaim|w[io]n\s+back)\w*\s+(?:\w{{1,40}}\s+){{0,4}}?(?:ground|territory|towns?)\b"),
    ("territory", "falling", False, rf"\b(?:los(?:es|t|ing)|ced(?:es?|ed|ing))\s+{_A}(?:ground|territory|control\s+of)\b|\blos(?:es|t|ing)\s+(?:\w{{1,40}}\s+){{0,5}}?(?:towns|villages|bases|outposts|positions|cities|territory)\b|\b(?:retreat(?:s|ed|ing)?|withdr[ae]w|pulled?\s+back|driven|forced|pushed)\s+(?:out\s+of|back\s+from|from)\b(?!\s+(?:the\s+)?(?:talks|negotiations|deal|agreement|accord|position|stance|line|this|its|his|their|that))|\b(?:is|are|was|were)\s+(?:in\s+(?:full\s+)?retreat|besieged|surrounded|encircled)\b"),
    ("strength", "rising", False, rf"\b{_WEIGHT}\s+(?:\w{{1,40}}\s+){{0,4}}?(?:is|are|has|have|was|were)\s+(?:been\s+)?(?:growing|grown|rising|risen|increasing|increased|spreading|spread)\b"),
    ("strength", "falling", False, rf"\b{_WEIGHT}\s+(?:\w{{1,40}}\s+){{0,4}}?(?:(?:is|are|has|have|was|were)\s+(?:been\s+)?)?(?:wan(?:ed|ing)|shr[au]nk|shrinking|declin(?:ed|ing)|erod(?:ed|ing)|dwindl(?:ed|ing)|fad(?:ed|ing)|crumbl(?:ed|ing)|ebb(?:ed|ing)|sapped|drained|broken)\b"),
    ("strength", "steady", False, r"\b(?:still|remains?|remained)\s+(?:by\s+far\s+)?the\s+(?:strongest|most\s+powerful|dominant|leading)\b"),
    ("strength", "rising", False, r"\b(?:(?:is|are|was|were|has|have|had|grows?|growing|grew|become|becoming|emerge[sd]?|emerging)\s+(?:been\s+|emerged\s+|ever\s+|now\s+|much\s+|growing\s+|getting\s+)*(?:stronger|strengthened|emboldened|more\s+powerful|resurgent|on\s+the\s+rise|gaining\s+(?:strength|momentum|influence)))\b"),
    ("strength", "falling", False, r"\b(?:(?:is|are|was|were|has|have|had|grows?|growing|grew|become|becoming|looks?)\s+(?:been\s+|ever\s+|now\s+|much\s+|badly\s+|severely\s+|greatly\s+|being\s+|getting\s+)*(?:weaker|weakened|exhausted|depleted|overstretched|crumbling|collapsing|demoralised|demoralized|on\s+the\s+back\s+foot|losing\s+(?:strength|momentum|support)|stretched\s+thin|reeling|on\s+the\s+defensive|(?:only\s+)?a\s+shadow\s+of))\b"),
)  # fmt: skip
PATTERNS = [(of, way, after, re.compile(pattern)) for of, way, after, pattern in RULES]
PASSIVE = re.compile(r"\b(?:was|were|been|being)\s+(?:\w{1,40}\s+)?$")
BY = re.compile(r"\s+(?:[\w'’-]+\s+){0,4}?by\s+(?:the\s+)?")
HEDGE = re.compile(r"\b(?:appear|seem|look|perhaps|may|might|apparent)\w*\b", re.I)


def assessments(clauses: Clauses, told: Sequence[Statement], speakers: Sequence[Actor | None]) -> list[Assessment]:
    """The assessments of a document in the order of the text, each with whoever makes it."""
    pieces = told_pieces(told)
    found = [one for rule in PATTERNS for one in _by_rule(clauses, pieces, speakers, *rule)]
    kept: dict[tuple[str | None, str, str, int], Assessment] = {}
    for one in sorted(found, key=lambda a: a.evidence[0]):
        sentence = clauses.sentence(one.evidence[0][0])[0]
        kept.setdefault((one.actor.name, one.of, one.direction, sentence), one)
    return list(kept.values())


def _by_rule(
    clauses: Clauses, pieces: Pieces, speakers: Sequence[Actor | None],
    of: str, way: str, after: bool, pattern: re.Pattern[str],
) -> Iterator[Assessment]:  # fmt: skip
    text = clauses.text
    for match in clauses.matches(pattern):
        if clauses.denied(match.start()) or HYPOTHETICAL.search(
            text, max(clauses.sentence(match.start())[0], match.start() - 40), match.start()
        ):
            continue
        if after:
            mentions = clauses.objects(match.end(), 30)
        else:
            subject = clauses.subject(match.start())
            mentions = clauses.listed_before(subject) if subject else []
            if (
                of == "territory"
                and PASSIVE.search(text, max(0, match.start() - 25), match.start())
                and way == "rising"
            ):
                agent = BY.match(text, match.end())
                mentions = clauses.objects(agent.end(), 5) if agent else []
        number = teller(match.span(), pieces)
        for mention in mentions:
            actor = clauses.cast.actor(mention)
            if actor.name is None or actor.confidence < SURE or mention.pronoun in ("we", "i"):
                continue
            by = speakers[number] if number is not None else None
            start, end = min(mention.start, match.start()), max(mention.end, match.end())
            hedged = bool(HEDGE.search(text, clauses.sentence(match.start())[0], match.end()))
            yield Assessment(
                actor=actor,
                of=of,
                direction=way,
                by=by,
                hedged=hedged,
                evidence=((start, end),),
                rule=f"assessment-{of}-{way}",
                confidence=min(0.7 - 0.1 * hedged, actor.confidence),
                statement=number,
                text=text,
            )
