"""What a statement does: demands, offers, threatens, refuses, sets a condition, shows willing or presses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.evidence.findings import Stance
from detente.evidence.statements import Statement
from detente.evidence.windows import Span

_TALK = r"(?:negotiat\w*|talk\w*|dialogue|meet\w*|discuss\w*|sit\s+down|engage|engaging|come\s+to\s+the\s+table|compromise|make\s+peace|attend|take\s+part|participate|return\s+to\s+(?:the\s+)?(?:talks|table|negotiations))"
_WE = r"(?:we|I|our\s+side|the\s+(?:US|UN)|US|UN)"
# The patterns of each signal, in the content; the more telling signal stands first.
SIGNAL_PATTERNS: dict[str, tuple[str, ...]] = {
    "refusal": (
        r"\b(?:will|would|shall|can|could|do|does|did|are|is|was|were)\s+(?:not|never)\s+(?:\w{1,40}\s+)?(?:accept|negotiat|talk|meet|recogni[sz]e|agree|allow|give|sit|attend|join|sign|withdraw|surrender|disarm|discuss|compromise|yield|return|speak|be\s+part|take\s+part|participate|tolerate|resign|step\s+down|leave|bow|retreat|support|hand|lift|release|ready|willing|prepared|share)\w*",
        r"\b(?:won|can|wouldn|couldn|don|doesn)['’]t\s+(?:\w{1,40}\s+)?(?:accept|negotiat|talk|meet|recogni[sz]e|agree|allow|give|sit|attend|join|sign|withdraw|surrender|disarm|discuss|compromise|yield|speak|take\s+part)\w*",
        r"\bcannot\s+(?:\w{1,40}\s+)?(?:accept|negotiat|talk|agree|allow|sit|discuss|tolerate)\w*",
        r"\b(?:refus|reject|rul)(?:es?|ed|ing)\s+(?:out\b|to\b|any\b|all\b|the\b|talks|negotiations)",
        r"\bno\s+(?:talks|negotiations?|dialogue|concessions|compromise|deal|ceasefire|place|role|question\s+of)\b",
        r"\bnot\s+(?:a\s+topic|negotiable|acceptable|up\s+for\s+(?:discussion|negotiation)|on\s+the\s+table)\b|\bnon-negotiable\b|\bunacceptable\b",
    ),
    "threat": (
        r"\bthreaten\w*",
        r"\b(?:face|suffer|bear|pay)\s+(?:the\s+|grave\s+|severe\s+|serious\s+|heavy\s+|dire\s+|a\s+heavy\s+)*(?:consequences|price|retaliation)",
        r"\b(?:will|shall|would)\s+(?:\w{1,40}\s+)?(?:attack|strike|retaliate|bomb|destroy|crush|invade|respond\s+with\s+force|resume\s+(?:the\s+)?(?:war|fighting|offensive)|punish|expel|impose\s+sanctions|cut\s+off|hit\s+back|boycott|walk\s+out)\b",
        r"\ball\s+options\s+(?:are|remain|were)\s+on\s+the\s+table|\bor\s+else\b|\bred\s+lines?\b|\bfinal\s+warning\b",
    ),
    "precondition": (
        r"\b(?:unless|until|only\s+if|only\s+after|only\s+when|provided\s+that|on\s+condition\s+that|as\s+long\s+as|so\s+long\s+as)\b",
        r"\bbefore\s+(?:any|there\s+can\s+be|we|the)\s*(?:talks|negotiations?|\w+)",
        r"\bpre-?conditions?\b|\bwith(?:out)?\s+(?:no\s+)?conditions\b",
        r"\b(?:first|prior\s+to)\s+(?:have|has|must|withdraw|any)\b",
        r"\bin\s+order\s+to\s+negotiate\b|\bto\s+get\s+the\s+\w+(?:\s+\w{1,40})?\s+to\s+negotiate\b",
    ),
    "willingness": (
        rf"\b(?:willing|ready|prepared|open|happy|eager|keen)\s+(?:to|for)\s+(?:\w{{1,40}}\s+){{0,3}}?{_TALK}",
        r"\b(?:willing|ready|prepared)\s+to\s+(?:compromise|withdraw|stop|cease|halt|release|lift|disarm|recogni[sz]e|sign|consider|forgive|share)\b",
        rf"\b(?:have|has|had|need|needs|will|would|shall|must)\s+(?:to\s+)?(?:\w{{1,40}}\s+)?{_TALK}",
        rf"\b(?:want|wants|hope|hopes|intend|intends|agree|agreed|agrees|seek|seeks)\s+(?:to\s+)?(?:\w{{1,40}}\s+){{0,2}}?{_TALK}",
        r"\bwelcom\w{1,40}\s+(?:the\s+|any\s+|this\s+)?(?:talks|initiative|offer|proposal|plan|invitation)\b|\baccept\w*\s+(?:the\s+|an\s+|any\s+)?(?:invitation|offer|plan|proposal|talks|ceasefire|truce)\b",
    ),
    "offer": (
        r"\b(?:offer|propos|promis|pledg|volunteer)(?:e|es|ed|s|ing)?\b",
        r"\bin\s+(?:return|exchange)\s+for\b|\bready\s+to\s+(?:release|withdraw|lift|halt|hand)\b",
    ),
    "demand": (
        r"\b(?:must|should|ought\s+to|needs?\s+to|has\s+to|have\s+to|had\s+to|have\s+got\s+to)\s+(?!(?:be\s+able|say|admit)\b)\w+",
        r"\b(?:demand|urg|insist|call|appeal|press)(?:s|e|es|ed|ing)?\s+(?:for|on|that|upon|an|the|him|her|them)\b|\bcall(?:s|ed|ing)?\s+(?:on|for)\b|\bdemand\w*",
        r"\blost\s+(?:all\s+|any\s+|its\s+|his\s+)?legitimacy\b",
    ),
    "pressure": (
        r"\b(?:increas\w*|more|further|maximum|mount\w*|put|keep\w*|appl\w*|exert\w*)\W{1,3}(?:\w{1,40}\W{1,3})?pressure\b|\bpressure\W{1,3}on\b|\bpressuring\b",
        r"(?<!their )(?<!its )(?<!the )(?<!armed )(?<!our )\b(?:forc|compel|coerc|isolat|squeez)(?:e|es|ed|ing|l|led|ling)\s+(?:him|her|them|it|the|[A-Z]\w*)\b(?!\s+within)",
        r"\bchange\s+(?:his|her|its|their|the)\s+(?:calculations?|calculus|mind|behaviou?r|course)\b|\bdetermination\s+by\b",
    ),
}  # fmt: skip
SIGNAL_RULES = {name: re.compile("|".join(patterns), re.IGNORECASE) for name, patterns in SIGNAL_PATTERNS.items()}
FIRST_PERSON = re.compile(rf"\b{_WE}\b", re.IGNORECASE)
TALKING = re.compile(_TALK, re.IGNORECASE)
# What the verb that reports it makes of a statement.
CUES = {
    "demand": re.compile(r"\b(?:demand|urg|insist|call(?:s|ed|ing)?\s+(?:on|for)|appeal|order|press(?:es|ed|ing)?\b)\w*", re.I),
    "threat": re.compile(r"\b(?:threaten|warn|vow)\w*", re.I),
    "refusal": re.compile(r"\b(?:refus|reject|rul(?:es?|ed|ing)\s+out|dismiss|declin)\w*", re.I),
    "offer": re.compile(r"\b(?:offer|propos|promis|pledg)\w*", re.I),
    "willingness": re.compile(r"\b(?:agree|accept|welcom)\w*", re.I),
}  # fmt: skip
CLASSES = {
    "refusal": ("REJECT", "120"),
    "threat": ("THREATEN", "130"),
    "demand": ("DEMAND", "100"),
    "precondition": ("DEMAND", "100"),
    "willingness": ("AGREE", "036"),
    "offer": ("AGREE", "030"),
    "pressure": ("THREATEN", None),
}
ORDER = ("threat", "refusal", "precondition", "demand", "offer", "willingness", "pressure")
CONFIDENCE = {
    "threat": 0.75,
    "refusal": 0.75,
    "precondition": 0.65,
    "demand": 0.7,
    "offer": 0.7,
    "willingness": 0.75,
    "pressure": 0.6,
}
LONGEST = 1_000  # characters of a piece of content in which signals are looked for
ACCUSING = re.compile(r"\b(?:accus|blam|condemn|denounc|criticiz|criticis|deplor|slam|lash)\w*", re.I)
DEPLORING = re.compile(r"\b(?:condemns?|deplores?|denounces?|outrageous|unforgivable|appalled)\b", re.I)
PRAISING = re.compile(r"\b(?:prais|hail|endors|applaud|commend|thank)\w*", re.I)


def stance(text: str, told: Statement, number: int | None = None) -> Stance | None:
    """The stance of a statement, None where its words take none that the rules know.

    A class goes by the most telling signal, that of the verb of reporting first: whoever demands, demands.

    >>> from detente.evidence import rules
    >>> from detente.evidence.statements import statements
    >>> said = "The rebels will never accept the plan, their envoy said."
    >>> found = stance(said, statements(said, rules.attribute(said))[0])
    >>> found.cls, found.code, [name for name, _ in found.signals]
    ('REJECT', '120', ['refusal'])
    """
    signals = signals_in(text, told.content)
    cue = text[slice(*told.cue)] if told.cue else ""
    by_cue = next((name for name, pattern in CUES.items() if pattern.search(cue)), None)
    if by_cue == "threat" and cue.lower().startswith("warn") and not any(name == "threat" for name, _ in signals):
        by_cue = None  # a warning of what may happen threatens nobody
    if told.cue and by_cue:
        signals.insert(0, (by_cue, told.cue))
    names = {name for name, _ in signals}
    if not names:
        said = text[told.content[0][0] : min(told.content[0][1], told.content[0][0] + LONGEST)]
        if condemned := DEPLORING.search(said):
            place = told.content[0][0] + condemned.start(), told.content[0][0] + condemned.end()
            return _made(text, told, number, "DISAPPROVE", "110", [("", place)], "stance-deploring", 0.6)
        for pattern, cls, code in ((ACCUSING, "DISAPPROVE", "110"), (PRAISING, "SUPPORT", "051")):
            if pattern.search(cue):
                return _made(text, told, number, cls, code, [("", told.cue or told.content[0])], "stance-cue", 0.7)
        return None
    best = by_cue or next(name for name in ORDER if name in names)
    of, number_of = CLASSES[best]
    rule = f"stance-{best}" + ("-cue" if by_cue else "")
    return _made(text, told, number, of, number_of, signals, rule, CONFIDENCE[best] * min(1.0, told.confidence + 0.3))


def _made(
    text: str, told: Statement, number: int | None, cls: str, code: str | None, signals: Sequence[tuple[str, Span]], rule: str, sure: float
) -> Stance:  # fmt: skip
    return Stance(
        cls=cls,
        code=code,
        signals=tuple((name, span) for name, span in signals if name),
        dropped=told.negated,
        evidence=tuple(span for _, span in signals),
        rule=rule,
        confidence=sure,
        statement=number,
        text=text,
    )


def signals_in(text: str, content: Sequence[Span]) -> list[tuple[str, Span]]:
    """Each signal with its first place in some stretches of a text, the most telling first."""
    found: list[tuple[str, Span]] = []
    for start, stop in content:
        end = min(stop, start + LONGEST)
        for name, pattern in SIGNAL_RULES.items():
            if any(other == name for other, _ in found):
                continue
            match = next((m for m in pattern.finditer(text, start, end) if _meant(text, name, m, start)), None)
            if match:
                found.append((name, match.span()))
    return sorted(found, key=lambda one: ORDER.index(one[0]))


def _meant(text: str, name: str, match: re.Match[str], start: int) -> bool:
    """Whether words of a signal are meant so: "we have to talk" shows willing, "they have to talk" demands it."""
    before = text[max(start, match.start() - 60) : match.start()]
    words = match.group()
    if name in ("demand", "threat", "offer") and re.search(r"\b(?:no\s+longer|not)\s+$", before):
        return False
    if name in ("willingness", "offer") and re.search(r"\b(?:not|never|no\s+longer)\b|n['’]t\b", before[-20:]):
        return False  # "will never accept the plan"
    if name == "willingness" and re.match(r"(?:have|has|had|need|must|will|would|shall)", words, re.I):
        if re.search(r"\b(?:not|never|n['’]t)\b", words, re.I):
            return False
        return bool(FIRST_PERSON.search(before))
    if name == "demand" and TALKING.search(words) and FIRST_PERSON.search(before):
        return False
    if name == "demand" and re.match(r"(?:must|should|ought|need|ha)", words, re.I):
        # "We have to make it clear" asks nothing of anybody else; "there may need to be" neither.
        near = before.split()[-3:]
        return not any(word.strip("\"“'’").lower() in ("we", "i", "there", "may", "we're", "going") for word in near)
    return True
