"""Who backs, arms, sanctions, fights, presses or mediates between whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.evidence.clauses import Clauses
from detente.evidence.findings import SURE, Actor, Event, Tie
from detente.evidence.gazetteer import PEOPLE
from detente.evidence.mentions import Mention
from detente.evidence.statements import Pieces, Statement, teller, told_pieces

_THE = r"(?:the\s+|both\s+|its\s+|his\s+|their\s+|all\s+)?"
_ADV = r"(?:\w+ly\s+|also\s+|long\s+|now\s+)?"
CUT = 8  # objects or subjects of one tie


@dataclass(frozen=True)
class Rule:
    """A pattern and how its two sides lie around it.

    ``form`` is "active" (A backs B), "passive" (B is backed by A), "has" (B has the backing of A), "noun" (A's support for B),
    "compound" (A-backed B), "between" (A mediates between B and C) or "mutual" (A and B are allies).
    """

    kind: str
    form: str
    pattern: re.Pattern[str]
    confidence: float


def _rule(kind: str, form: str, pattern: str, confidence: float = 0.75) -> Rule:
    return Rule(
        kind,
        form,
        re.compile((r"" if form == "compound" else r"(?<![\w-])") + rf"(?:{pattern})", re.IGNORECASE),
        confidence,
    )


_ARM = r"arm|suppl(?:y|ie)|train|equip"
_MATERIEL = (
    r"(?:arms|weapons|weaponry|missiles|drones|ammunition|tanks|rockets|artillery|guns|rifles|mortars|shells|military\s+aid|"
    r"military\s+equipment|jets|fighters|warplanes|helicopters|gunships|fuel)"
)
_ARMED = r"(?:forces|men|groups?|conflict|struggle|wing|police|rebels|militants|guards|fighters|opposition|robber\w+|and)\b"  # "armed" says how they are
_MATTER = r"(?:the\s+|an?\s+|any\s+|its\s+)?(?:plan|idea|talks|negotiations|proposal|move|initiative|deal|call|resolution|ceasefire|truce|decision|bill|law|ban|right|measure|view|claim)s?\b|that\b"
RULES = (
    _rule("backs", "active", rf"(?:back|support|financ|fund|bankroll|sponsor)(?:s|es|ed)(?=\s+{_THE}[\w’'-])(?!\s+(?:by|from|down|away|up|in|to|out|off|{_MATTER}))"),
    _rule("backs", "active", rf"(?:is|are|was|were|been)\s+(?:back|support|financ|fund|bankroll|sponsor)ing(?=\s+{_THE}[\w’'-])|(?:(?:will|to|continue\s+to)\s+|(?<=not\s))(?:back|support)(?=\s+{_THE}[\w’'-])(?!\s+(?:by|from|{_MATTER}))"),
    _rule("backs", "active", r"prop(?:s|ped|ping)\s+up|st(?:and|ands|ood|anding)\s+(?:firmly\s+)?(?:by|behind)|side[sd]?\s+with|thr(?:ows?|own|ew)\s+(?:its|his|their)\s+weight\s+behind"),
    _rule("backs", "active", r"(?:com(?:es?|ing)|came)\s+(?:\w{1,20}\s+){0,2}?on\s+the\s+side\s+of|(?:tak(?:es?|ing|en)|took)\s+the\s+side\s+of|rall(?:y|ies|ied|ying)\s+(?:behind|to\s+the\s+(?:side|aid)\s+of)"),
    _rule("backs", "has", r"counts?(?:ed|ing)?(?=\s+[^,;.]{2,80}?\s+among\s+(?:its|his|her|their)\s+(?:\w{1,20}\s+)?(?:patrons|backers|supporters|sponsors|friends))"),
    _rule("backs", "active", r"den(?:y|ies|ied)\s+(?:backing|supporting|funding|financing|sponsoring)"),
    _rule("arms", "active", r"den(?:y|ies|ied)\s+(?:arming|training|supplying)"),
    _rule("backs", "passive", rf"{_ADV}(?:backed|supported|financed|funded|bankrolled|sponsored|propped\s+up)\s+by"),
    _rule("backs", "has", r"(?:has|have|had|with|enjoys?|enjoyed|won|keeps|retains)\s+(?:the\s+)?(?:\w{1,40}\s+)?(?:backing|support)\s+(?:of|from)", 0.85),
    _rule("backs", "noun", r"(?:backing|support|military\s+support|aid|assistance)\s+(?:for|to)", 0.7),
    _rule("backs", "compound", r"-(?:backed|supported|funded|sponsored)"),
    _rule("arms", "active", rf"(?:(?<!\bthe\s)(?<!\bfor\s)(?<!\bof\s)(?<!\ban\s)(?<!\bby\s)(?<!\bwith\s)(?-i:armed)|(?-i:arm)(?:s|ing)|(?:suppl(?:y|ie)|train|equip)(?:s|d|ed|ing)?)(?=\s+{_THE}[\w’'-])(?!\s+(?:by|{_ARMED}))|(?:provid|giv|gave|sen|deliver|sell|sold|ship|suppl|fly|flies|flew|airlift|smuggl|funnel)\w*\s+(?:\w{{1,40}}\s+){{0,4}}?{_MATERIEL}\s+(?:to|for)"),
    _rule("arms", "active", rf"(?:sen(?:ds?|t|ding)|giv(?:es?|en|ing)|gave|s(?:ells?|old|elling)|shipp(?:ed|ing)|hand(?:s|ed|ing))(?=\s+(?:the\s+)?(?-i:[A-Z])[\w’'-]*\s+(?:[\w,’'-]+\s+){{0,7}}?{_MATERIEL}\b)"),
    _rule("arms", "has", rf"(?:receiv|obtain|import|buy|bought|g[eo]t(?:s|ting)?\b)\w*\s+(?:[\w’'-]+\s+){{0,5}}?{_MATERIEL}\s+from"),
    _rule("arms", "passive", rf"{_ADV}(?:armed|supplied|trained|equipped)\s+(?:and\s+\w{{1,40}}\s+)?by"),
    _rule("arms", "compound", r"-(?:armed|trained|supplied|equipped)"),
    _rule("sanctions", "active", r"(?:impos|slapp|plac|tighten|extend|renew)\w*\s+(?:\w{1,40}\s+){0,3}?(?:sanctions|an?\s+(?:\w{1,40}\s+)?embargo)\s+(?:on|against)|(?:sanction|blacklist)(?:s|ed|ing)(?=\s+(?:the\s+)?(?-i:[A-Z]))"),
    _rule("sanctions", "active", r"(?:impos|slapp|plac|tighten|extend|renew)\w*\s+(?:\w{1,40}\s+){0,3}?(?:bans?|embargo|restrictions|curbs)\s+on\s+(?:\w{1,40}\s+){0,2}?(?:trade|imports|exports|sales|flights|travel|investment)\s+(?:with|from|to|in)"),
    _rule("sanctions", "has", r"(?:under|faces?|faced|hit\s+by|subject\s+to)(?=\s+(?-i:[A-Z])[\w’'.]{0,40}\s+(?:\w{1,40}\s+)?sanctions\b)"),
    _rule("sanctions", "noun", r"sanctions\s+(?:on|against)", 0.7),
    _rule("sanctions", "passive", r"(?:sanctioned|blacklisted)\s+by|(?:under|faces?|faced|hit\s+by)\s+(?:\w{1,40}\s+)?sanctions\s+(?:\w{1,40}\s+)?(?:by|from)"),
    _rule("fights", "active", r"(?:attack|bomb|shell|invad|ambush|raid|bombard|fight|fought|battl|assault)(?:s|es|ed|ing|e|le|les|led|ling)?(?=\s+(?:with\s+|against\s+)?(?:the\s+|a\s+)?[\w’'-])(?!\s+(?:drones?|helicopters?|aircraft|planes?|jets?|craft|by|in|at|on|near|for|as|back|over|to|that|which|broke|killed|have|has|was|were))|(?:clash|battl|at\s+war)\w*\s+with|wag(?:es|ed|ing|e)\s+(?:a\s+)?(?:war|campaign)\s+(?:against|on)|(?:launch|carri|mount|conduct)\w*\s+(?:out\s+)?(?:\w{1,40}\s+){0,3}?(?:strikes?|raids?|offensives?|attacks?|airstrikes?)\s+(?:on|against)"),
    _rule("fights", "active", r"(?:repel|repuls|beat|push|fought|fend|thwart|fight)\w*\s+(?:back\s+|off\s+)?(?:an?\s+|the\s+)?(?:\w{1,40}\s+)?(?:offensive|attack|assault|raid|incursion|advance)s?\s+by"),
    _rule("fights", "passive", r"(?:attacked|bombed|shelled|invaded|ambushed|raided|bombarded)\s+by"),
    _rule("fights", "noun", r"(?:war|offensive|campaign|fight|battle|strikes|airstrikes)\s+(?:against|on)", 0.65),
    _rule("mediates", "active", r"(?:mediat|broker|facilitat)(?:es?|ed|ing|s)(?=\s+(?:\w{1,40}\s+){0,4}?(?:between|talks|negotiations|truce|ceasefire|deal|agreement))(?:\s+(?:\w{1,40}\s+){0,5}?between)?|act(?:s|ed|ing)?\s+as\s+(?:an?\s+)?(?:mediator|go-between|intermediary)(?:\s+between)?|(?:is|are|was|were|been)\s+mediating(?:\s+between)?|(?:carr(?:y|ies|ied|ying)|pass(?:es|ed|ing)?)\s+messages\s+between|shuttl(?:es?|ed|ing)\s+between"),
    _rule("mediates", "active", r"(?:bring(?:s|ing)?|brought)(?=\s+[^,;.]{3,80}?\s+(?:together|(?:back\s+)?to\s+the\s+(?:negotiating\s+|same\s+)?table)\b)"),
    _rule("mediates", "noun", r"(?:mediation|good\s+offices|shuttle\s+diplomacy)\s+(?:\w{1,40}\s+){0,2}?between", 0.7),
    _rule("mediates", "passive", r"(?:mediated|brokered|facilitated)\s+by"),
    _rule("mediates", "compound", r"-(?:mediated|brokered)"),
    _rule("pressures", "active", r"(?:seek(?:s|ing)?|sought|try(?:ing)?|tries|tried|want(?:s|ed)?|aim(?:s|ed|ing)?)\s+to\s+(?:force|compel|push|press|coerce|pressure)|pressur(?:es|ed|ing)|(?:has|have|had|is|are|was|were|been)\s+pressing(?=\s+(?:the\s+)?[\w’'-])|(?:put|puts|putting|exert|exerts|exerted|pil|piling|keep|keeping|increas|increasing)\w*\s+(?:\w{1,40}\s+)?pressure\s+on|lean(?:s|ed|ing)\s+on"),
    _rule("pressures", "active", r"(?:told|warned|ordered)(?=\s+(?:the\s+)?(?-i:[A-Z])[^.;]{3,80}?\s+or\s+(?:lose|face|risk|forfeit)\b)"),
    _rule("pressures", "has", r"(?:c[ao]m(?:es?|ing)|came|is|are|was|were|been)\s+under\s+(?:\w{1,40}\s+){0,2}?pressure\s+from"),
    _rule("pressures", "noun", r"pressure\s+on", 0.6),
    _rule("hosts", "active", r"(?:host(?:s|ed|ing)?)\s+(?:\w{1,40}\s+){0,4}?(?:talks|negotiations|conference|summit)(?:\s+(?:between|with))?"),
    _rule("hosts", "passive", r"hosted\s+by"),
    _rule("allied", "mutual", r"(?:is|are|was|were|remains?)\s+(?:\w{1,40}\s+){0,2}?(?:an\s+all(?:y|ies)\s+of|allied\s+(?:with|to)|all(?:y|ies))|(?:an?|its|the)\s+(?:\w{1,40}\s+){0,2}?ally\s+of", 0.7),
)  # fmt: skip
TALKS = re.compile(
    r"\s+(?:\w{1,40}\s+){0,2}?(?:talks|negotiations|conference|summit|process|plan|truce|ceasefire|deal|dialogue|mission|agreement)\b",
    re.I,
)
KNOWN_KINDS = frozenset(("state", "people", "armed group", "igo", "body", "actor"))
STATED = 0.8  # how sure a group is whose own noun says whose it is: "Syrian rebels"
DENIAL = re.compile(r"den(?:y|ies|ied)\b", re.IGNORECASE)
BETWEEN = re.compile(r"between\s*$|^br(?:ing|ought)", re.IGNORECASE)
# Words of SUPPORT that take a side, where others praise, thank or recognise.
BACKING = re.compile(
    r"(?:back|support|endors|stand|stood|sid|rall|thr|lend|lent|put|champion|defend|all(?:y|ies))\w*", re.I
)
# What is given to a side of a conflict, where food and blankets take none.
FOR_WAR = re.compile(r"\b(?:money|cash|funds|funding|bases|sanctuary|shelter|advisers|instructors|troops|soldiers)\b")
# "attack drones", "fought for the medal": nobody is attacked.
NO_ATTACK = re.compile(r"\s+(?:(?:drone|helicopter|aircraft|plane|jet|craft|boat)s?|for)\b")
OWNER = re.compile(r"['’]s\s+")  # "Yemen's Saudi-backed government"
# "farmers in Ghana": not Ghana.
ELSEWHERE = re.compile(r"\w\s+(?:in|at|near|from|outside)\s+(?:the\s+)?$")
FORMS_FIRST = {"compound": 0, "has": 1, "passive": 2, "between": 3, "active": 4, "noun": 5, "mutual": 6}


def ties(clauses: Clauses, told: Sequence[Statement], done: Sequence[Event] = ()) -> list[Tie]:
    """The ties that a document states, in its order, one for each pair, kind and sentence; an event that makes one is such a statement."""
    pieces = told_pieces(told)
    found: dict[tuple[str | None, str | None, str, int], Tie] = {}
    for rule in sorted(RULES, key=lambda rule: FORMS_FIRST[rule.form]):
        for match in clauses.matches(rule.pattern):
            if clauses.supposed(match.start(), 25):
                continue
            for tie in _of_match(clauses, rule, match, pieces):
                key = (tie.source.side, tie.target.side, tie.kind, clauses.sentence(match.start())[0])
                found.setdefault(key, tie)
    patterns = [tie.evidence[0] for tie in found.values()]
    for made in filter(None, map(_of_event, done)):
        begin, end = made.evidence[0]
        if not any(a < end and begin < b for a, b in patterns):  # what a pattern says goes before
            found.setdefault((made.source.side, made.target.side, made.kind, clauses.sentence(begin)[0]), made)
    return sorted(found.values(), key=lambda tie: tie.evidence[0])


def _of_match(clauses: Clauses, rule: Rule, match: re.Match[str], pieces: Pieces) -> Iterator[Tie]:
    sources, targets = _sides(clauses, rule, match)
    for source in sources[:CUT]:
        for target in targets[:CUT]:
            first, second = clauses.cast.actor(source), clauses.cast.actor(target)
            if not (_sure(first) and _sure(second)) or first.side == second.side or first.name == second.name:
                continue
            if rule.kind == "fights" and second.kind == "person" and not second.represents:
                continue  # whom a politician attacks in words
            start = min(source.start, target.start, match.start())
            end = max(source.end, target.end, match.end())
            yield Tie(
                source=first,
                target=second,
                kind=rule.kind,
                denied=clauses.denied(match.start(), 25) or DENIAL.match(match.group()) is not None,
                evidence=((start, end),),
                rule=f"tie-{rule.kind}-{rule.form}",
                confidence=min(rule.confidence, first.confidence, second.confidence),
                statement=teller(match.span(), pieces),
                text=clauses.text,
            )


def _of_event(event: Event) -> Tie | None:
    """The tie that an event makes between two sides: whoever sends arms arms, whoever attacks fights."""
    source, target, kind = event.source, event.target, _kind(event)
    compound = event.text[event.evidence[0][1] :].startswith("-")  # "supports UN-backed talks"
    if kind is None or compound or not (source and target and _is_side(source) and _is_side(target)):
        return None
    return Tie(
        source=source,
        target=target,
        kind=kind,
        evidence=event.evidence,
        rule=f"tie-{kind}-event",
        confidence=event.confidence,
        statement=event.statement,
        text=event.text,
    )


def _kind(event: Event) -> str | None:
    """What kind of tie an event of a class makes, if it makes any."""
    words = event.text[event.words[0] : event.evidence[0][1]].lower()
    if event.cls == "ASSAULT":
        thing = NO_ATTACK.match(event.text, event.words[1])
        return None if thing or (event.target and event.target.kind == PEOPLE) else "fights"
    if event.cls == "AID":
        if event.code == "072" or re.search(rf"\b{_MATERIEL}\b", words):
            return "arms"
        return "backs" if event.code in ("071", "074") or FOR_WAR.search(words) else None
    if event.cls == "SANCTION":
        return "sanctions" if event.code == "163" else None
    noun = re.match(r"\w+\s+(?:for|to|among)\b", words)  # "support for NATO"
    return "backs" if event.cls == "SUPPORT" and BACKING.match(words) and not noun else None


def _sides(clauses: Clauses, rule: Rule, match: re.Match[str]) -> tuple[list[Mention], list[Mention]]:
    """The mentions on either side: who does it, and to whom."""
    start, end = match.span()
    if rule.form == "compound":
        # "UN-backed talks" back talks, and no party to them.
        if TALKS.match(clauses.text, end):
            return [], []
        before = [one for one in clauses.before(start) if one.end == start]
        owner = [
            one for one in clauses.before(start) if before and OWNER.fullmatch(clauses.text, one.end, before[0].start)
        ]
        return before, owner or [one for one in clauses.objects(end, 15) if not one.pronoun]
    after = [one for one in clauses.objects(end, 25) if not ELSEWHERE.search(clauses.text, end, one.start)]
    if rule.form in ("passive", "has"):
        subject = clauses.subject(start)
        if rule.form == "passive" and (near := _noun_before(clauses, start)):
            subject = near
        return after, clauses.listed_before(subject) if subject else []
    if rule.form == "active" and clauses.passive(start, match.group()):
        return [], []
    if rule.kind == "mediates" and rule.form == "active" and not BETWEEN.search(match.group()):
        return [], []
    subject = clauses.subject(start)
    if match.group().lower().startswith("to ") and (others := [one for one in clauses.before(start) if not one.place]):
        subject = others[-1]  # "Uganda sent troops to support": not the troops
    if subject is None or (rule.form == "noun" and not _possesses(clauses, subject, start)):
        return [], []
    if rule.kind == "fights" and rule.form == "active" and not after:
        return [], []
    return clauses.listed_before(subject), after


def _noun_before(clauses: Clauses, start: int) -> Mention | None:
    """The mention right before a reduced clause: "rebels backed by Turkey"."""
    for one in clauses.before(start):
        return one if start - one.end <= 2 else None
    return None


def _possesses(clauses: Clauses, one: Mention, start: int) -> bool:
    """Whether a noun belongs to a mention: "Russia's support for", "US sanctions on", "Iran gave support to"."""
    gap = clauses.text[one.end : start]
    return len(gap) <= 40 and not re.search(r"[,;:.()]|\b(?:of|for|to|said|says)\b", gap)


def _is_side(actor: Actor) -> bool:
    """Whether an actor is one that is known to be of a conflict, a state or a body: what an event is told of may be anybody."""
    known = actor.id is not None or actor.represents is not None or actor.kind in KNOWN_KINDS
    return _sure(actor) and (known or (actor.kind == "group" and actor.confidence >= STATED))


def _sure(actor: Actor) -> bool:
    return actor.name is not None and actor.confidence >= SURE and actor.kind not in ("media", "event")
