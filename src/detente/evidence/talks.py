"""What became of talks: announced, opened, a round, suspended, collapsed, none scheduled, an accord, a ceasefire kept or broken."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.evidence.clauses import Clauses
from detente.evidence.dates import DAYS, MONTHS, When, dates
from detente.evidence.findings import SURE, Actor, TalksEvent
from detente.evidence.mentions import COMMON, SIDES, Mention
from detente.evidence.quantities import SMALL
from detente.evidence.statements import Pieces, Statement, teller, told_pieces
from detente.evidence.tolls import ORDINALS
from detente.evidence.windows import Span

_TALKS = r"(?:talks|negotiations|discussions|dialogue|consultations|conference|summit|peace\s+process|meeting|round)"
# A bounded number of words, with commas; what follows "after" or "because" is of something else.
_NEAR = r",?(?:\s+(?!(?:after|because|when|while|once|as|until)\b)[\w’'“”\",-]{1,40}){0,12}?\s+"
_PACT = r"(?:peace\s+|framework\s+|final\s+|interim\s+|power-sharing\s+|political\s+)*(?:deal|agreement|accord|accords|pact|settlement|treaty)"
_TRUCE = r"(?:ceasefire|cease-fire|truce|armistice|(?:cessation|suspension)\s+of\s+hostilities|(?:halt|end|pause)\s+(?:to|in)\s+(?:all\s+|the\s+|offensive\s+|military\s+)*(?:operations|hostilities|fighting))"
_NTH = rf"(?P<nth>{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|new|fresh|latest|final|last|another|next)"
_NUMBER = "|".join(name for name, n in SMALL.items() if 0 < n < 20)


@dataclass(frozen=True)
class Rule:
    """Words that say what happened to talks; the first rule that fits a clause counts."""

    event: str
    name: str
    pattern: re.Pattern[str]
    confidence: float


def _rule(event: str, name: str, pattern: str, confidence: float = 0.8) -> Rule:
    return Rule(event, name, re.compile(rf"\b(?:{pattern})", re.IGNORECASE), confidence)


# Forms of verbs with talks, a truce or an accord as subject or object.
_FAIL = (
    r"(?:collaps(?:e|ed|es|ing)|fail(?:ed|s)?\b(?!\s+to\s+(?:attend|appear|arrive))|f(?:e|a)ll(?:en|s)?\s+(?:apart|through)|"
    r"br(?:oke|eak|oken)(?:s)?\s+(?:down|up)|founder(?:ed|s)?|unravel\w*|disintegrat\w+|r(?:a|u)n\s+aground|"
    r"(?:c(?:a|o)me|comes|led|lead|got|gone|go)\s+(?:to\s+)?(?:nothing|naught|nowhere|a\s+dead\s+end)|produced\s+(?:no|nothing)\b|"
    r"(?:ended|end|ends|broke\s+up|closed|concluded)\s+(?:[\w,]{1,40}\s+){0,4}?(?:without|with\s+no)\s+(?:an?\s+|any\s+)?(?:\w{1,40}\s+)?(?:agreement|deal|accord|progress|results?|breakthrough|outcome)|"
    r"(?:ended|end|ends|broke\s+up)\s+in\s+(?:failure|deadlock|acrimony|stalemate|disarray|disagreement))"
)
_HALT = (
    r"(?:suspended|paus(?:ed|es)|halted|postponed|adjourned|interrupted|frozen|shelved|deferred|delayed|put\s+(?:on\s+hold|off)|"
    r"called\s+off|cancelled|canceled|stalled|broken\s+off|broke\s+off|on\s+hold|on\s+ice|in\s+limbo|at\s+a\s+standstill|deadlocked)"
)
_LEAVE = (
    r"(?:(?:suspend|paus|halt|postpon|adjourn|boycott|abandon|shelv|defer|cancel|quit|froze|freez)(?:e|ed|es|s|ing|led|ling|n|red)?|"
    r"(?:br(?:eak|oke|oken)|call|cut|put)\w*\s+off|left|(?:walk|pull|storm|dropp?|back)\w*\s+out\s+of|withdr[ae]w\w*\s+from|"
    r"withdr[ae]w\s+(?:its|their)\s+(?:delegation|delegates|negotiators|team)\s+from)"
)
_HOLD = r"(?:signed|reached|concluded|sealed|struck|initiall?ed|ratified|finali[sz]ed|agreed|clinched)"
_BEGIN = r"(?:begin|start|open|resume|reopen|restart|be\s+held|take\s+place|convene|go\s+ahead|get\s+under\s*way)"


RULES = (
    _rule("none-scheduled", "none-scheduled", rf"neither\s+(?:\w{{1,40}}\s+){{1,4}}?(?:propos|set|nam|suggest|offer)\w*\s+a\s+date\s+for\s+(?:\w{{1,40}}\s+){{0,4}}?{_TALKS}|no\s+(?:new\s+|further\s+|more\s+|fresh\s+|other\s+|second\s+|third\s+)*(?:peace\s+)?{_TALKS}(?:\s+of\s+talks)?(?:\s+(?:between|with|among|on|over|in)(?:\s+[\w’'-]{{1,40}}){{1,8}}?)?\s+(?:have|has|are|is|were|was|had)?\s*(?:been\s+|yet\s+|currently\s+)*(?:scheduled|planned|set|expected|in\s+sight|on\s+the\s+(?:horizon|calendar|agenda)|foreseen|arranged|agreed|announced)|no\s+plans?\s+(?:for|to\s+(?:hold|resume))\s+(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TALKS}|no\s+date\s+(?:has\s+been\s+|was\s+|had\s+been\s+|is\s+)?(?:set|fixed|given|agreed|announced)?\s*for\s+(?:\w{{1,40}}\s+){{0,4}}?{_TALKS}|(?:without\s+(?:setting\s+|agreeing\s+(?:on\s+)?|fixing\s+)?|(?:yet|failed|unable)\s+to\s+(?:set|agree\s+on|agree|fix|name)\s+)a\s+date\s+for\s+(?:\w{{1,40}}\s+){{0,4}}?{_TALKS}|{_TALKS}\s+(?:have|has|are|is)\s+not\s+(?:been\s+)?(?:scheduled|planned|set)", 0.85),
    _rule("ceasefire-violated", "truce-broken", rf"(?:violat|breach|break|broke|shatter)\w*\s+(?:of\s+)?(?:the\s+|a\s+|an\s+|any\s+)?(?:[\w’'-]{{1,40}}\s+){{0,2}}?{_TRUCE}|{_TRUCE}{_NEAR}(?:was|were|been|is|has|had)?\s*(?:repeatedly\s+)?(?:violated|breached|broken|shattered|in\s+tatters)|{_TRUCE}(?:\s+\w{{1,40}}){{0,3}}?\s+(?:collapsed|broke\s+down|unravel\w*|fell\s+apart|failed)|{_TRUCE}\s+violations?"),
    _rule("ceasefire", "truce", rf"(?:agree|declar|announc|observ|respect|honou?r|proclaim|extend|prolong|restor|renew|sign|br[oe]ker|reach|accept|negotiat|implement|call(?!\w*\s+(?:for|on)\b))\w*\s+(?:\w{{1,40}}\s+){{0,2}}?(?:to\s+|on\s+|upon\s+|up\s+)?(?:a\s+|an\s+|the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TRUCE}|{_TRUCE}{_NEAR}(?:came|come|comes|went|goes|go|entered|enters|took|takes|take)\s+(?:in|into|effect|hold|force)|{_TRUCE}\s+(?:is|was|has\s+been|remains)\s+(?:in\s+(?:force|effect|place)|agreed|declared|announced|signed|reached)|{_TRUCE}{_NEAR}(?:holds|held|is\s+holding|began|begins|started|starts)\b|under\s+(?:a|the)\s+(?:[\w’'-]{{1,40}}\s+){{0,2}}?{_TRUCE}|{_TRUCE}\s+(?:holds|held|is\s+holding|began|begins|started|starts)\b"),
    _rule("framework", "communique", rf"communiqu[eé]|joint\s+declaration|road\s?map|declaration\s+of\s+principles|framework\s+(?:agreement|accord|deal|document|for\s+(?:\w{{1,40}}\s+){{0,3}}?(?:talks|negotiations|peace|a\s+settlement))|{_TALKS}\s+(?:that|which)\s+(?:called\s+for|agreed|adopted|endorsed)|agreed\s+(?:on\s+)?(?:a\s+)?(?:set\s+of\s+)?principles", 0.75),
    _rule("round", "round-ended", rf"{_NTH}\s+round\s+of\s+(?:[\w’'-]{{1,40}}\s+){{0,4}}?{_TALKS}{_NEAR}(?:ended|ends|concluded|closed|wrapped\s+up)\b(?!\s+in\s+(?:failure|deadlock|acrimony))"),
    _rule("collapse", "talks-failed", rf"{_TALKS}{_NEAR}{_FAIL}|(?:collapse|failure|breakdown)\s+of\s+(?:the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,4}}?{_TALKS}|(?:mediation|efforts?\s+to\s+(?:revive|save|resume|restart|rescue)\s+(?:the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,2}}?{_TALKS}){_NEAR}(?:failed|collapsed|came\s+to\s+nothing)"),
    _rule("suspended", "talks-suspended", rf"{_TALKS}{_NEAR}{_HALT}|{_LEAVE}\s+(?:(?:its|their|his|her|all)\s+(?:participation|involvement|part|role|presence)\s+in\s+)?(?:the\s+|all\s+|any\s+)?(?:[\w’'-]{{1,40}}\s+){{0,3}}?(?:{_TALKS}|session)|put\s+(?:the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TALKS}\s+on\s+(?:hold|ice)|(?:suspension|postponement|boycott)\s+of\s+(?:the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TALKS}"),
    _rule("agreement", "accord", rf"(?:sign|reach|conclud|clinch|seal|initiall?|ink|finali[sz]|hammer(?:ed)?\s+out|struck|strike|ratif)(?:s|ed|es|ing|ies|ied)?\s+(?:on\s+)?(?:a\s+|an\s+|the\s+)?(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_PACT}|{_PACT}{_NEAR}(?:was|has\s+been|had\s+been|is|were|have\s+been)\s+(?:finally\s+|formally\s+)?{_HOLD}|{_PACT},?\s+{_HOLD}\b"),
    _rule("announced", "talks-announced", rf"(?:agree\w*|announc\w*|will|would|to|plan\w*|due|expected|scheduled|set|invit\w*\s+(?:\w{{1,40}}\s+){{1,6}}?to)\s+(?:to\s+)?(?:hold|attend|resume|begin|start|open|join|host|convene|return\s+to|enter|take\s+part\s+in|(?:sit\s+down|meet|gather)\s+(?:[\w’'-]{{1,40}}\s+){{0,3}}?(?:for|at|in))\s+(?:a\s+|the\s+|new\s+|direct\s+|fresh\s+)*(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TALKS}|{_TALKS}{_NEAR}(?:will|would|(?:are\s+|is\s+)?(?:to|due\s+to|expected\s+to|scheduled\s+to|set\s+to))\s+{_BEGIN}|{_TALKS}{_NEAR}(?:(?:are|is|were|was|have\s+been|has\s+been)\s+)?(?:scheduled|planned|due|arranged)\s+(?:for|in|on|to)\b|(?:are|is|were)\s+(?:due\s+|set\s+|scheduled\s+|expected\s+)?to\s+meet{_NEAR}{_TALKS}|(?:accept|issu|extend)\w*\s+(?:an\s+|the\s+)?invitations?\s+to\s+(?:[\w’'-]{{1,40}}\s+){{0,3}}?{_TALKS}|announc\w*\s+(?:a\s+|an\s+|the\s+)?(?:new\s+|fresh\s+|direct\s+|peace\s+|further\s+)*{_TALKS}"),
    _rule("round", "round", rf"{_NTH}\s+round\s+of\s+(?:[\w’'-]{{1,40}}\s+){{0,4}}?{_TALKS}"),
    _rule("opened", "talks-opened", rf"(?:met|meet|meets|meeting|gathered|convened)\s+(?:[\w’',-]{{1,40}}\s+){{0,6}}?for\s+(?:[\w’'-]{{1,40}}\s+){{0,3}}?(?:talks|negotiations)|{_TALKS}{_NEAR}(?:opened|opens|began|begins|begun|commenc(?:ed|es)|(?:was|were)\s+(?:launched|inaugurated|opened)|start(?:ed|s)|resumed?s?|convened|kicked\s+off|got\s+under\s*way|get\s+under\s*way|were\s+held|was\s+held|took\s+place|under\s*way)\b|(?:open|began|begin|start|resum|held|hold|launch|conven|host)(?:s|ed|e|es|ing)?\s+(?:a\s+|the\s+|new\s+|direct\s+|fresh\s+|indirect\s+|formal\s+|their\s+)*(?:[\w’'-]{{1,40}}\s+){{0,2}}?(?:peace\s+)?(?:talks|negotiations|conference|dialogue)"),
)  # fmt: skip
ROUNDS = re.compile(
    rf"\b(?:after|in|over|of|for|during|held|and)\s+(?:just\s+|only\s+|another\s+)?(?P<n>\d{{1,2}}|{_NUMBER})\s+rounds\b",
    re.I,
)
SPONSOR = re.compile(
    r"[-\s](?:led|backed|sponsored|brokered|mediated|hosted|chaired|facilitated)\s+(?:[\w’'-]{1,30}\s+){0,3}?"
    r"(?:efforts?|talks|negotiations|conference|summit|peace|truce|cease-?fire|deal|plan|process|initiative|mediation|agreement|meeting)",
    re.I,
)
SPONSORED_BY = re.compile(
    r"\b(?:mediated|brokered|hosted|sponsored|convened|chaired|facilitated|organised|organized)\s+by\s+(?:the\s+)?",
    re.I,
)
PLACE = re.compile(
    r"\bin\s+(?:the\s+\w{1,40}\s+(?:city|town|capital|resort)\s+of\s+)?(?P<place>[A-Z][\w’'-]{1,40}(?:\s+[A-Z][\w’'-]{1,40})?)"
)
NAMED = re.compile(
    r"\b(?P<name>[A-Z][\w’'-]{1,40}(?:\s+(?:[IVX]{1,4}|\d))?)\s+(?:peace\s+)?(?:process|talks|conference|negotiations|accords?|agreement|communiqu[eé]|round)\b"
)
NUMBERED = re.compile(r"\b(?P<name>[A-Z][\w’'-]{1,40}\s+[IVX]{1,4})\b")
NAMES_TALKS = re.compile(rf"\s+(?:peace\s+)?{_TALKS}\b", re.I)  # "Juba talks": where, and no party
IGNORED = COMMON | frozenset((*MONTHS, *DAYS, "previous", "peace", "first", "second", "third", "all-party", "direct"))


def talks(clauses: Clauses, told: Sequence[Statement], day: dt.date | None) -> list[TalksEvent]:
    """The talks events of a document in its order, one of a kind in a sentence.

    What is only supposed ("if the talks fail"), denied, or wished for is none; `day` is that of the document.
    """
    pieces = told_pieces(told)
    found = []
    for begin, stop in clauses.sentences:
        seen: set[str] = set()
        taken: list[Span] = []
        for rule in RULES:
            for match in rule.pattern.finditer(clauses.text, begin, stop):
                clash = any(a < match.end() and b > match.start() for a, b in taken)
                if rule.event in seen or clash or not _happened(clauses, rule, match):
                    continue
                seen.add(rule.event)
                taken.append(match.span())
                found.append(_event(clauses, rule, match, day, pieces))
    return sorted(_joined(found), key=lambda event: event.evidence[0])


TRADE = re.compile(
    r"\b(?:company|companies|firms?|airlines?|(?<!central\s)banks?|(?:pay|wage|trade|merger|takeover|salary|labou?r|coalition|contract)\s+(?:talks|negotiations|dispute)|merger|takeover|trade\s+(?:deal|agreement)|price\s+war|budget|(?:deal|agreement|accord|pact|treaty)\s+to\s+(?:supply|sell|buy|lease|build))\b",
    re.IGNORECASE,
)
WISH = re.compile(
    r"\b(?:if|unless|should|could|might|want\w*|hop\w+|call\w*\s+(?:for|on)|press(?:es|ed|ing)?|push(?:es|ed|ing)?|ask\w*|appeal\w*|plead\w*|doubt\w*|urg\w*|demand\w*|seek\w*|whether|fear\w*|risk\w*|threat\w*|warn\w*|try\w*|tried|efforts?|ready|willing|prepared|refus\w*|declin\w*|reject\w*|until|before|without|fail\w*\s+to|propos\w*|must|need\w*)\b[^.;]{0,60}$",
    re.IGNORECASE,
)  # fmt: skip


def _happened(clauses: Clauses, rule: Rule, match: re.Match[str]) -> bool:
    """Whether a text states it, rather than supposes, denies or wishes it."""
    begin, stop = clauses.sentence(match.start())
    if TRADE.search(clauses.text, begin, stop):
        return False
    before = clauses.text[max(begin, match.start() - 70) : match.start()]
    if rule.event == "none-scheduled":
        return not re.search(r"\b(?:if|unless|not\s+true)\b", before, re.I)
    if rule.event in ("collapse", "suspended"):
        before = re.sub(r"\befforts?\b", "", before)
    words = match.group()
    supposed = f"{before[-40:]}{words}"
    if re.search(r"\b(?:not|never|no)\b|n['’]t\b", words) or (
        rule.event != "announced" and re.search(r"\b(?:would|could|might|if|unless)\b", supposed)
    ):
        return False
    if clauses.denied(match.start(), 20):
        return False
    wished = WISH.search(before)
    return wished is None or (
        rule.event in ("framework", "round") and not re.match(r"if|unless|call|urg|demand|propos", wished.group(), re.I)
    )


def _event(clauses: Clauses, rule: Rule, match: re.Match[str], day: dt.date | None, pieces: Pieces) -> TalksEvent:
    text = clauses.text
    begin, stop = clauses.sentence(match.start())
    when = _when(clauses, rule, match, day)
    rounds = ROUNDS.search(text, begin, stop)
    nth = match.groupdict().get("nth")
    start, end = _clause(clauses, rule, match, when)
    return TalksEvent(
        event=rule.event,
        forum=_forum(text, match, begin, stop),
        date=when.date if when else None,
        precision=when.precision if when else None,
        date_from=when.how if when else None,
        rounds=_number(rounds["n"]) if rounds and rule.event in ("collapse", "suspended", "agreement") else None,
        number=_ordinal(nth) if nth else None,
        parties=tuple(_parties(clauses, rule, match, begin, stop)),
        sponsors=tuple(_sponsors(clauses, begin, stop)),
        evidence=((start, end),),
        rule=rule.name,
        confidence=rule.confidence,
        statement=teller(match.span(), pieces),
        text=text,
    )


def _clause(clauses: Clauses, rule: Rule, match: re.Match[str], when: When | None) -> Span:
    """The words an event rests on: its sentence, or for a document that is only referred to, the phrase about it."""
    if rule.event != "framework":
        return clauses.whole(match.start())
    _, end = clauses.whole(match.start())
    comma = re.compile(r",\s").search(clauses.text, match.end(), end)
    begin = min(match.start(), when.span[0]) if when and abs(match.start() - when.span[0]) < 60 else match.start()
    before = clauses.text[max(0, begin - 4) : begin]
    for determiner in ("the ", "a "):
        if before.lower().endswith(determiner):
            begin -= len(determiner)
            break
    return begin, comma.start() if comma else end


def _when(clauses: Clauses, rule: Rule, match: re.Match[str], day: dt.date | None) -> When | None:
    """The date nearest the words, of their sentence; "none scheduled" holds on the day of the document."""
    if rule.event == "none-scheduled":
        return When(match.span(), day.isoformat(), "day", "the document's own") if day else None
    begin, stop = clauses.sentence(match.start())
    near = [when for when in dates(clauses.text, begin, stop, day)]
    past = [when for when in near if rule.event == "announced" or day is None or when.date[:4] <= str(day.year)]
    return min(past, key=lambda when: _gap(when.span, match.span()), default=None)


def _gap(one: Span, other: Span) -> int:
    return max(other[0] - one[1], one[0] - other[1], 0)


def _forum(text: str, match: re.Match[str], begin: int, stop: int) -> str | None:
    """What the talks are called: "Geneva II", or where they are held."""
    for pattern in (NAMED, NUMBERED, PLACE):
        found = [
            m
            for m in pattern.finditer(text, begin, stop)
            if m[1].split()[0].lower() not in IGNORED and not re.search(r"[-’'][a-z]", m[1])
        ]
        if found:
            nearest = min(found, key=lambda m: _gap(m.span(), match.span()))
            return " ".join(nearest[1].split())
    return None


def _parties(clauses: Clauses, rule: Rule, match: re.Match[str], begin: int, stop: int) -> Iterator[Actor]:
    """Between whom: those after "between", else two sides named in the sentence, else whoever acts."""
    if rule.event == "none-scheduled":
        return
    between = re.compile(r"\bbetween\s+(?:the\s+)?").search(clauses.text, begin, stop)
    if between:
        chosen = clauses.objects(between.end(), 30)
    else:
        chosen = [
            one
            for one in clauses.cast.within(begin, stop)
            if one.side in SIDES.values() or (one.known and one.known.kind == "group")
        ]
        if len(chosen) < 2 and rule.event != "framework":
            subject = clauses.subject(match.start())
            chosen = clauses.listed_before(subject) if subject and not subject.place else []
        chosen = [one for one in chosen if not NAMES_TALKS.match(clauses.text, one.end)]
    seen: set[str] = set()
    sponsors = {one.start for one in _sponsoring(clauses, begin, stop)}
    for one in chosen:
        actor = clauses.cast.actor(one)
        if (
            actor.name
            and actor.confidence >= SURE
            and actor.kind not in ("media", "igo", "event")
            and one.start not in sponsors
        ):
            name = actor.side if actor.kind == "person" and actor.side else actor.name
            if name not in seen:
                seen.add(str(name))
                yield replace(actor, name=name)


def _sponsoring(clauses: Clauses, begin: int, stop: int) -> Iterator[Mention]:
    for one in clauses.cast.within(begin, stop):
        if SPONSOR.match(clauses.text, one.end) and not one.pronoun:
            yield one
    for found in SPONSORED_BY.finditer(clauses.text, begin, stop):
        yield from clauses.objects(found.end(), 10)


def _sponsors(clauses: Clauses, begin: int, stop: int) -> Iterator[Actor]:
    seen: set[str] = set()
    for one in _sponsoring(clauses, begin, stop):
        actor = clauses.cast.actor(one)
        if actor.name and actor.confidence >= SURE and actor.name not in seen:
            seen.add(actor.name)
            yield actor


def _number(word: str) -> int:
    return int(word) if word.isdigit() else SMALL[word.lower()]


def _ordinal(word: str) -> int | None:
    digits = re.sub(r"\D", "", word)
    return int(digits) if digits else ORDINALS.get(word.lower())


def _joined(found: Sequence[TalksEvent]) -> list[TalksEvent]:
    """Without those that say again what a fuller one of the same kind, date and forum says."""
    kept: list[TalksEvent] = []
    dated = {event.event for event in found if event.date}
    told: set[str] = set()
    for event in found:
        # A headline says without a date what the report below it dates.
        if event.date is None and (event.event in dated or event.event in told):
            continue
        told.add(event.event)
        if not any((k.event, k.date, k.forum) == (event.event, event.date, event.forum) for k in kept):
            kept.append(event)
    return kept
