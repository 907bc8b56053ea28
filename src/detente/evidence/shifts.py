"""Lines that soften or harden: by a reporter's word for it, by an earlier line in the text, by the scenario's stance in force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.evidence.clauses import Clauses
from detente.evidence.findings import SURE, Actor, Shift, Stance
from detente.evidence.stance import signals_in
from detente.evidence.statements import Statement
from detente.evidence.windows import Span

_LINE = r"(?:stance|stand|line|position|tone|rhetoric|demands?|language|approach|opposition|terms|conditions|policy|view|attitude)"
_AGAINST = r"(?:insistence|refusal|objections?|resistance|reluctance|hostility)"  # what only a hard line has
_POSS = r"(?:(?:his|her|its|their|the|a|an|this|that|any)\s+)?(?:(?!\b(?:and|but)\b)[\w’'-]{1,40}\s+){0,3}?"
SOFTENING = re.compile(
    rf"\b{_LINE}\s+(?:(?:on|towards?|over|about)\s+(?:[\w’'-]{{1,40}}\s+){{1,4}}?)?(?:(?:has|have|had|is|was)\s+)?(?:softened|mellowed|eased|softening|(?:grown|become|turned|got)\s+(?:softer|milder|less\s+rigid))\b|"
    rf"\b(?:soften(?:s|ed|ing)?|moderat(?:es?|ed|ing)|relax(?:es|ed|ing)?|eas(?:es|ed|ing)|tempers?|tempered|watered?\s+down|ton(?:es?|ed|ing)\s+down|dial(?:s|led|ed|ling|ing)?\s+(?:down|back)|abandon(?:s|ed|ing)?|drop(?:s|ped|ping)?|scal(?:es?|ed|ing)\s+back|retreat(?:s|ed|ing)?\s+from)\s+{_POSS}{_LINE}(?:\s+(?:on|towards?|against|that)\s+(?:the\s+)?[\w’'-]{{1,40}})?"
    rf"|\b(?:row(?:s|ed|ing)|back(?:s|ed|ing)?|climb(?:s|ed|ing)?|roll(?:s|ed|ing))\s+(?:back|down|off|away|pedall?ed|tracked|tracking)\b(?:\s+(?:on|from)\s+{_POSS}{_LINE}(?:\s+(?:on|towards?)\s+[\w’'-]{{1,40}})?)?"
    rf"|\b(?:soften(?:s|ed|ing)?|moderat(?:es?|ed|ing)|eas(?:es|ed|ing)|abandon(?:s|ed|ing)?|drop(?:s|ped|ping)?|(?:mov|back|shift|step)(?:es?|s|ed|ing)\s+(?:away|back)\s+from)\s+{_POSS}{_AGAINST}"
    rf"|\b(?:mov|back|shift|step)(?:es?|s|ed|ing)\s+(?:away|back)\s+from\s+{_POSS}(?:demands?|threats?|ultimatum)"
    r"|\brelent(?:s|ed|ing)?\b|\bg(?:ives?|ave|iven|iving)\s+(?:way|ground)\b|\b(?:ma[dk]e|makes|making|offer(?:s|ed|ing)?)\s+(?:an?\s+|some\s+|several\s+)?(?:\w{1,20}\s+)?concessions?\b"
    r"|\bbacktrack(?:s|ed|ing)?\b|\bu-turn\b|\bno\s+longer\s+(?:insist|demand|call|rul|oppos|rejec|seek|requir)\w*"
    rf"|\b(?:did|does|do)\s+not\s+(?:repeat|reiterate|restate|mention|insist\s+on)\s+{_POSS}{_LINE}"
    rf"|\bstopp(?:ed|ing)\s+short\s+of\s+(?:repeating|demanding|insisting|calling)\b|\bmore\s+(?:conciliatory|flexible)\b|\bshow(?:s|ed|ing)?\s+(?:more\s+|new\s+|some\s+)?flexibility\b",
    re.IGNORECASE,
)  # fmt: skip
HARDENING = re.compile(
    rf"\b{_LINE}\s+(?:(?:on|towards?|over|about)\s+(?:[\w’'-]{{1,40}}\s+){{1,4}}?)?(?:(?:has|have|had|is|was)\s+)?(?:hardened|stiffened|toughened|hardening|(?:grown|become|turned|got)\s+(?:harder|tougher|more\s+(?:rigid|hawkish|hostile)|less\s+flexible))\b|"
    rf"\b(?:harden(?:s|ed|ing)?|toughen(?:s|ed|ing)?|stiffen(?:s|ed|ing)?|sharpen(?:s|ed|ing)?|escalat(?:es?|ed|ing)|rais(?:es?|ed|ing)|up(?:s|ped|ping)|heighten(?:s|ed|ing)?)\s+{_POSS}{_LINE}(?:\s+(?:on|towards?|against)\s+[\w’'-]{{1,40}})?"
    rf"|\b(?:tak(?:es?|en|ing)|took|adopt(?:s|ed|ing)?)\s+(?:a\s+)?(?:harder|tougher|firmer|more\s+hawkish)\s+{_LINE}"
    rf"|\b(?:dug|digging|digs?)\s+in\b|\bdoubl(?:es?|ed|ing)\s+down\b|\b(?:withdr[ae]w|withdrawn|retract(?:s|ed|ing)?|rescind(?:s|ed|ing)?)\s+{_POSS}(?:offer|proposal|pledge|promise|concession)\b"
    rf"|\b(?:harden(?:s|ed|ing)?|stiffen(?:s|ed|ing)?)\s+{_POSS}{_AGAINST}"
    rf"|\b(?:revers(?:es?|ed|ing)|revok(?:es?|ed|ing)|back(?:s|ed|ing)?\s+out\s+of|(?:go|goes|going|gone|went)\s+back\s+on|reneg\w+\s+on)\s+{_POSS}(?:offers?|promises?|pledges?|commitments?|word)\b"
    r"|\bno\s+longer\s+(?:willing|ready|prepared|open)\b|\bnew\s+pre-?conditions?\b",
    re.IGNORECASE,
)  # fmt: skip
MOVED = re.compile(
    rf"\b(?:shift(?:s|ed|ing)?|mov(?:es?|ed|ing)|chang(?:es?|ed|ing)|depart(?:s|ed|ing)?|drift(?:s|ed|ing)?)\s+(?:slightly\s+|subtly\s+|markedly\s+|sharply\s+|somewhat\s+)?(?:away\s+)?(?:from\s+)?{_POSS}{_LINE}\b",
    re.IGNORECASE,
)  # fmt: skip
# At the head of a sentence, before whoever it is said of: "In a marked change of tone, Pakistan invited".
CHANGED = re.compile(
    r"\bin\s+(?:an?|what\s+\w+\s+an?)\s+(?:\w{1,20}\s+){0,2}?(?:shift|reversal|turnabout|about-face|about-turn|climbdown|retreat|change\s+of\s+(?:tone|heart|line|course|mind))\b",
    re.IGNORECASE,
)
# Two lines in one sentence: "had ruled out any contact, now says it would talk".
ONCE = re.compile(
    r"\b(?:had|once|previously|formerly|earlier|used\s+to)\b[^.;]{3,160}?\b(?:but\s+)?now\b"
    r"|\buntil\s+(?:last|this|recently|\w{2,6}day)\b[^.;]{3,160}?\b(?:now|said|says|agreed|accepted|signalled)\b",
    re.IGNORECASE,
)
# A turn whose way is told by what follows: "reversed course and said it would".
REVERSED = re.compile(
    r"\brevers(?:es?|ed|ing)\s+(?:course|itself|its\s+position)\b|\bchang(?:es?|ed|ing)\s+(?:course|tack)\b",
    re.IGNORECASE,
)
SLIGHT = re.compile(r"\b(?:slight|subtl|somewhat|a\s+little|partial|modest|nuanc)\w*", re.IGNORECASE)
HEDGE = re.compile(r"\b(?:appear|seem|look)\w*\b|\b(?:apparent|perceived|suggest|signal)\w*", re.IGNORECASE)
HARDNESS = {"refusal": 3, "threat": 3, "demand": 2, "precondition": 2, "pressure": 1, "offer": -2, "willingness": -2}
LEAST = 3  # difference in hardness that counts as a shift
STOP = frozenset(
    "the and that with from will would have has been must should their they this into for not are was were who its his her said says more than over under about after before between".split()
)
STEM = 5  # letters by which two words are the same topic
MOST = 3  # lines that are shown as the earlier or the later one


@dataclass(frozen=True)
class Line:
    """A stance in force in a scenario: whose, on what, in whose words."""

    actor: str
    issue: str
    said: str


@dataclass(frozen=True)
class _Marker:
    span: Span
    actor: Actor
    direction: str
    slight: bool
    hedged: bool


def shifts(
    clauses: Clauses, told: Sequence[Statement], speakers: Sequence[Actor | None], stances: Sequence[Stance | None],
    lines: Iterable[Line] = (),
) -> list[Shift]:  # fmt: skip
    """The shifts of a document: one for each side and direction, with everything that speaks for it.

    `speakers` and `stances` are those of the statements `told`; `lines` are the stances in force in a scenario.
    """
    found = list(_marked(clauses, told, speakers, stances))
    marked = {shift.actor.side for shift in found}
    for shift in _contrasts(clauses.text, told, speakers, stances):
        if shift.actor.side not in marked:
            found.append(shift)
    return found + list(_against(clauses.text, told, speakers, stances, list(lines)))


def _marked(
    clauses: Clauses, told: Sequence[Statement], speakers: Sequence[Actor | None], stances: Sequence[Stance | None]
) -> Iterable[Shift]:
    by_side: dict[tuple[str, str], list[_Marker]] = defaultdict(list)
    for marker in _markers(clauses, told, speakers, stances):
        by_side[str(marker.actor.side), marker.direction].append(marker)
    for (side, direction), markers in by_side.items():
        before, after = _lines_of(side, direction, told, speakers, stances)
        persons = [m.actor for m in markers if m.actor.kind == "person"]
        first = markers[0].actor
        actor = Actor(
            side,
            first.span,
            first.method,
            first.confidence,
            None,
            first.id,
            first.antecedent,
            first.candidates,
            first.kind,
        )
        yield Shift(
            actor=actor,
            voiced_by=persons[0].name if persons else None,
            direction=direction,
            before=before,
            after=after,
            slight=any(m.slight for m in markers),
            hedged=any(m.hedged for m in markers),
            evidence=tuple(m.span for m in markers),
            rule="shift-marker",
            confidence=min(0.6 + 0.1 * len(markers), 0.9),
            text=clauses.text,
        )


def _markers(
    clauses: Clauses, told: Sequence[Statement], speakers: Sequence[Actor | None], stances: Sequence[Stance | None]
) -> Iterable[_Marker]:
    text, cast = clauses.text, clauses.cast
    ways: dict[str, str] = {}
    cues = {place: n for n, one in enumerate(told) if one.cue for place in range(*one.cue)}
    for pattern, direction in (
        (SOFTENING, "softening"),
        (HARDENING, "hardening"),
        (MOVED, ""),
        (CHANGED, ""),
        (ONCE, ""),
        (REVERSED, ""),
    ):
        for match in clauses.matches(pattern):
            if cast.quoted(match.start()) or (
                clauses.denied(match.start(), 25) and match.group().lower().startswith(("soft", "hard"))
            ):
                continue
            actor = _whose(clauses, match, cues, speakers, ahead=pattern is CHANGED)
            if actor is None:
                continue
            side = str(actor.side)
            if pattern in (ONCE, REVERSED):
                way = _turn(clauses, match)
            else:
                way = direction or ways.setdefault(side, _way(side, told, speakers, stances))
            if not way:
                continue
            begin = max(clauses.sentence(match.start())[0], match.start() - 60)
            frame = text[begin : match.end() + 20]
            yield _Marker(match.span(), actor, way, bool(SLIGHT.search(frame)), bool(HEDGE.search(frame)))


def _turn(clauses: Clauses, match: re.Match[str]) -> str:
    """Which way a sentence turns at its "now", by what is said on either side of it, or at "reversed course"; empty where that is not told."""
    _, stop = clauses.sentence(match.start())
    before, now = (
        [name for name, _ in signals_in(clauses.text, [piece]) if name in HARDNESS]
        for piece in (match.span(), (match.end(), stop))
    )
    step = (HARDNESS[now[0]] if now else 0) - (HARDNESS[before[0]] if before else 0)
    return "" if abs(step) < LEAST - 1 else "hardening" if step > 0 else "softening"


def _whose(
    clauses: Clauses, match: re.Match[str], cues: Mapping[int, int], speakers: Sequence[Actor | None], *, ahead: bool
) -> Actor | None:
    """Whose line it is: the speaker of the statement of which the marker is the cue, else the clause's subject, which may be ahead."""
    place = match.start()
    if ahead:
        following = next(iter(clauses.after(match.end())), None)
        actor = clauses.cast.actor(following) if following else None
        return actor if actor and actor.side and actor.confidence >= SURE else None
    if (number := cues.get(place)) is not None and (speaker := speakers[number]) and speaker.name:
        return speaker
    mention = clauses.subject(place)
    if mention is None:
        return None
    actor = clauses.cast.actor(mention)
    return actor if actor.side and actor.confidence >= SURE else None


def _way(
    side: str, told: Sequence[Statement], speakers: Sequence[Actor | None], stances: Sequence[Stance | None]
) -> str:
    """Which way "shifted from this position" goes: away from an earlier demand it softens, from an earlier offer it hardens."""
    for one, speaker, stance in zip(told, speakers, stances, strict=True):
        if speaker and speaker.side == side and stance and (one.earlier or one.negated) and _hardness(stance) < 0:
            return "hardening"
    return "softening"


def _hardness(stance: Stance) -> int:
    """How hard a stance is, by its most telling signal."""
    names = [name for name, _ in stance.signals if name in HARDNESS]
    return HARDNESS[names[0]] if names else 0


def _lines_of(
    side: str,
    direction: str,
    told: Sequence[Statement],
    speakers: Sequence[Actor | None],
    stances: Sequence[Stance | None],
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """A side's earlier lines and those that go the way of the shift."""
    before: list[Span] = []
    after: list[Span] = []
    for one, speaker, stance in zip(told, speakers, stances, strict=True):
        if speaker is None or speaker.side != side:
            continue
        if one.earlier or one.negated:
            before += one.content
        elif stance and (
            (_hardness(stance) < 0 or _mild(stance)) if direction == "softening" else _hardness(stance) > 0
        ):
            after += one.content
    return tuple(before[:MOST]), tuple(after[:MOST])


def _mild(stance: Stance) -> bool:
    return any(name in ("willingness", "offer") for name, _ in stance.signals)


def _contrasts(
    text: str, told: Sequence[Statement], speakers: Sequence[Actor | None], stances: Sequence[Stance | None]
) -> Iterable[Shift]:
    """An earlier line and a present one of the same side that differ in hardness and speak of the same."""
    seen: set[tuple[str, str]] = set()
    earlier: dict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(told):
        who = speakers[i]
        if one.earlier and not one.negated and who and who.side and stances[i]:
            earlier[who.side].append(i)
    for k, other in enumerate(told):
        second, b = speakers[k], stances[k]
        if other.earlier or other.negated or not (second and second.side and b):
            continue
        for i in earlier[second.side][:MOST]:
            one, a = told[i], stances[i]
            assert a is not None
            step = _hardness(b) - _hardness(a)
            direction = "hardening" if step > 0 else "softening"
            if abs(step) < LEAST or (second.side, direction) in seen:
                continue
            if not _shared(_topics(text, one.content), _topics(text, other.content)):
                continue
            seen.add((second.side, direction))
            yield Shift(
                actor=second,
                voiced_by=second.name if second.kind == "person" else None,
                direction=direction,
                before=one.content,
                after=other.content,
                evidence=(*one.content, *other.content),
                rule="shift-contrast",
                confidence=0.6,
                statement=k,
                text=text,
            )


def _against(
    text: str,
    told: Sequence[Statement],
    speakers: Sequence[Actor | None],
    stances: Sequence[Stance | None],
    lines: Sequence[Line],
) -> Iterable[Shift]:
    """A statement harder or softer than the words of the stance that is in force in the scenario, on the same matter."""
    for k, (one, speaker, stance) in enumerate(zip(told, speakers, stances, strict=True)):
        if not (speaker and speaker.id and stance) or one.earlier or one.negated or one.attitude:
            continue
        topics = _topics(text, one.content)
        for line in lines:
            if line.actor != speaker.id or not _shared(topics, _words(line.said)):
                continue
            signals = [name for name, _ in signals_in(line.said, [(0, len(line.said))])]
            step = _hardness(stance) - (HARDNESS[signals[0]] if signals else 0)
            if not signals or abs(step) < LEAST:
                continue
            yield Shift(
                actor=speaker,
                voiced_by=speaker.name if speaker.kind == "person" else None,
                direction="hardening" if step > 0 else "softening",
                before=(),
                after=one.content,
                against="scenario",
                issue=line.issue,
                in_force=line.said,
                evidence=one.content,
                rule="shift-in-force",
                confidence=0.6,
                statement=k,
                text=text,
            )


def _topics(text: str, content: Sequence[Span]) -> set[str]:
    return set().union(*(_words(text[a:b]) for a, b in content))


def _words(text: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if word not in STOP}


def _shared(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= 2
