"""Who did what to whom, a sentence an event: PLOVER classes with CAMEO codes, by patterns and their place in the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.evidence.actors import Cast
from detente.evidence.clauses import Clauses
from detente.evidence.findings import SURE, Actor, Event
from detente.evidence.mentions import Mention
from detente.evidence.statements import Statement, teller, told_pieces
from detente.evidence.windows import Span

# PLOVER's classes (FIGHT of its first records is ASSAULT), each with its quarter: words or deeds, with or against.
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), "verbal cooperation"),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT", "INVESTIGATE"), "material cooperation"),
    **dict.fromkeys(("DEMAND", "DISAPPROVE", "REJECT", "THREATEN"), "verbal conflict"),
    **dict.fromkeys(("SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT"), "material conflict"),
}
_W = r"(?:[\w’'.$-]{1,30}\s+)"  # a word between
_HURT = r"(?:attack|strike|retaliate|bomb|kill|destroy|invade|punish|boycott|expel|arrest|impose|cut|halt|suspend|break\s+off|resign|resume\s+fighting|launch|close|ban|stop|withdraw\s+from)"
_HELP = r"(?:support|back|help|aid|release|free|withdraw\s+(?:its|their|his|the)?\s*(?:troops|forces)|cooperate|co-operate|meet|attend|sign|join|send\s+(?:aid|food|peacekeepers|observers)|hold\s+(?:talks|elections)|provide|give|lift|allow|open|recogni[sz]e|participate|take\s+part|begin\s+talks|hand\s+over|accept|restore|resume\s+talks|negotiate|discuss|visit|host|normali[sz]e|ease|contribute)"
_TALK = r"(?:talks|meeting|summit|negotiations|discussions|consultations|conference)"
_PAST = r"(?:s|es|d|ed|ing)?"


@dataclass(frozen=True)
class Rule:
    """A pattern of a class; ``weight`` says how telling it is beside another of the same sentence."""

    cls: str
    code: str | None
    pattern: re.Pattern[str]
    weight: float = 1.0


def _rule(cls: str, code: str | None, pattern: str, weight: float = 1.0) -> Rule:
    return Rule(cls, code, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), weight)


RULES = (
    # Verbs that say what kind of word it is go before the deeds they speak of.
    _rule("THREATEN", "130", r"(?<!-)threaten\w*(?!\s+by)|threat\s+to", 1.4),
    _rule("THREATEN", "130", rf"warn(?:s|ed|ing)?\s+(?:that\s+)?{_W}{{0,4}}?(?:would|will|could|may|might|against|of)|warn(?:s|ed|ing)?", 1.2),
    _rule("THREATEN", "130", rf"(?:sa(?:id|ys?)|vow(?:s|ed)?|announc\w*|declar\w*)\s+(?:on\s+\w+\s+)?(?:that\s+)?{_W}{{0,3}}?(?:will|would)\s+(?:\w{{1,30}}\s+)?{_HURT}|vow(?:s|ed)?\s+to\s+(?:\w{{1,30}}\s+)?(?:{_HURT}|avenge|fight|continue)|ultimatum", 1.35),
    _rule("REJECT", "120", r"reject\w*|refus(?:e|es|ed|ing|al)|declin(?:e|es|ed|ing)\s+to|rul(?:e|es|ed|ing)\s+out|veto\w*|turn(?:s|ed)?\s+down|rebuff\w*|spurn\w*|den(?:y|ies|ied)\s+(?:a\s+|the\s+)?(?:request|visa|permission|access|entry)", 1.3),
    _rule("REJECT", "120", rf"(?:sa(?:id|ys?)|insist\w*|announc\w*|vow\w*)\s+(?:on\s+\w+\s+)?(?:that\s+)?{_W}{{0,4}}?(?:will|would|could|can|do|does|did|is|are|was|were)\s*(?:not|never|n['’]t)|(?:will|would|can|could)\s*not\s+(?:accept|negotiate|agree|allow|recogni[sz]e|withdraw|attend|meet|bow|tolerate|be)|(?:won|wouldn|can)['’]t\s+\w+", 1.2),
    _rule("REJECT", "129", r"fail(?:s|ed|ing)?\s+to\s+(?:reach|agree|resolve|comply|attend|secure|win)|oppos(?:e|es|ed|ing)|dismiss(?:es|ed|ing)?|def(?:y|ies|ied)|ignor(?:e|es|ed|ing)|resist(?:s|ed)?|boycott(?:s|ed)?\s+(?:the\s+)?(?:talks|meeting|vote|election\w*)|stall(?:s|ed)?|deadlock\w*", 1.05),
    _rule("DEMAND", "100", rf"demand(?:s|ed|ing)?(?!\s+(?:for|of)\s+oil)|call(?:s|ed|ing)?\s+(?:\w{{1,30}}\s+)?(?:for|on|upon)|urg(?:e|es|ed|ing)|appeal(?:s|ed|ing)?\s+(?:to|for)|ask(?:s|ed|ing)?\s+(?:for\s+|that\s+)?|request(?:s|ed|ing)?|insist(?:s|ed|ing)?|press(?:es|ed|ing)\s+(?:for|the)|sought|seek(?:s|ing)?|plead(?:s|ed)?|reiterated?\s+{_W}{{0,2}}?demand", 1.2),
    _rule("DEMAND", "100", rf"(?:sa(?:id|ys?)|announc\w*|insist\w*|declar\w*|stress\w*)\s+(?:on\s+\w+\s+)?(?:that\s+)?{_W}{{1,14}}?(?:must|should|ought\s+to|ha(?:s|ve|d)\s+to|needs?\s+to)", 1.3),
    _rule("DEMAND", "100", r"must|should", 0.6),
    _rule("DISAPPROVE", "110", r"accus(?:e|es|ed|ing)|critici[sz](?:e|es|ed|ing|m)|condemn(?:s|ed|ing)?|denounc(?:e|es|ed|ing)|blam(?:e|es|ed|ing)|complain(?:s|ed|ing|t)?|lodg(?:e|es|ed|ing)\s+(?:an?\s+)?(?:\w{1,30}\s+)?(?:protest|complaint)|deplor(?:e|es|ed|ing)|rebuk(?:e|es|ed)|lash(?:es|ed)?\s+out|sue(?:s|d)?|lament\w*|express(?:es|ed)?\s+(?:\w{1,30}\s+)?(?:concern|anger|regret|outrage|dismay|displeasure)|summon(?:s|ed)|charg(?:es|ed)\s+(?:that|with)|alleg(?:e|es|ed)|slam(?:s|med)?|attack(?:s|ed)\s+(?:\w{1,30}\s+)?(?:decision|policy|policies)|insult\w*|ridicul\w*|disagree\w*|collaborating", 1.2),
    _rule("DISAPPROVE", "112", r"arrested\s+(?:in\s+\w+\s+)?for\s+collaborating|guilty\s+of", 1.25),
    _rule("PROTEST", "140", r"demonstrat(?:e|es|ed|ing|ion|ions|ors)|protest(?:s|ed|ing|ers)?|rall(?:y|ies|ied)|march(?:es|ed|ing)\b|riot(?:s|ed|ing|ers)?|hunger\s+strikes?|(?:general\s+|open-ended\s+)?strike\s+(?:over|against|to|in\s+protest)|(?:went|go|gone|began|staged?|stages|called)\s+(?:\w{1,30}\s+){0,2}?(?:on\s+)?strike|stopped\s+work|walkout|sit-in|(?:block(?:s|ed|ing)?|barricad\w*)\s+(?:\w{1,30}\s+){0,3}?(?:road|roads|highway|streets?|transport|traffic|border\s+crossing|entrance)\w*|took\s+to\s+the\s+streets|clashed\s+with\s+(?:riot\s+)?police", 1.3),
    _rule("SANCTION", "160", rf"(?:impos|extend|tighten|appl|slapp)\w*\s+{_W}{{0,4}}?(?:sanctions|embargo|boycott|blockade|restrictions\s+on\s+trade)|(?:suspen[ds]\w*|cut(?:s|ting)?(?:\s+off)?|halt\w*|fr(?:oze|eez)\w*|cancel\w*|br(?:oke|eak|oken)\w*(?:\s+off)?|sever\w*|withh[eo]ld\w*|reduc\w*|downgrad\w*|end(?:s|ed))\s+(?:of\s+)?{_W}{{0,5}}?(?:aid|relations|ties|links|talks|negotiations|cooperation|contacts|deliveries|diplomatic|assistance|trade|supplies|loans|membership|accounts|assets|mediation|flights)|expel(?:s|led|ling)\s+{_W}{{0,5}}?(?:diplomat|ambassador|envoy|inspector|attach|observer|official|mission|staff|aid)\w*|expulsion\s+of|recall(?:s|ed)\s+{_W}{{0,3}}?(?:ambassador|envoy|diplomats)|withdr[ae]w\w*\s+{_W}{{0,4}}?(?:ambassador|envoy|diplomats|recognition|from\s+(?:the\s+)?(?:talks|treaty|coalition|negotiations))|suspension\s+of|walk(?:s|ed)?\s+out|sanctions\s+(?:on|against)|boycott(?:s|ed|ing)?", 1.25),
    _rule("COERCE", "170", rf"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?|kidnap(?:s|ped|ping)?|abduct(?:s|ed|ing)?|hostages?|seiz(?:e|es|ed|ing)|confiscat\w*|curfew|martial\s+law|state\s+of\s+emergency|censor\w*|bann?(?:s|ed|ing)|clos(?:es|ed|ing|ure\s+of)\s+{_W}{{0,4}}?(?:newspaper|border|office|radio|station|university|universities|schools?|airport|mosque)\w*|deport\w*|jail(?:s|ed|ing)?|imprison\w*|sentenc(?:e|es|ed|ing)|order(?:s|ed|ing)\s+{_W}{{1,8}}?to\s+(?:suspend|leave|close|stop|shut)|blew\s+up|blow(?:s|n|ing)?\s+up\s+{_W}{{0,5}}?(?:lines?|pipelines?|bridges?|stations?|power)|destroy(?:s|ed|ing)?\s+{_W}{{0,4}}?(?:homes?|houses?|property|crops|buildings?)|demolish\w*|raid(?:s|ed)?\s+{_W}{{0,4}}?(?:offices?|homes?|houses?|headquarters)|evict\w*|blockad(?:e|ed|ing)|dissolv(?:e|es|ed)|expel(?:s|led)|hack(?:s|ed)\s+into|sabotag\w*|dispers(?:e|ed|ing)|repress\w*|crack\w*\s+down|tear\s+gas", 1.1),
    _rule("ASSAULT", "180", r"attack(?:s|ed|ing)?|bomb(?:s|ed|ing|ings|ardment|arded)?|kill(?:s|ed|ing)?|shell(?:s|ed|ing)|sho(?:t|ot|oting)\s*(?:dead|down|at|and)?|invad(?:e|es|ed|ing)|invasion|clash(?:es|ed|ing)?|fought|fighting|fights?|battl(?:e|es|ed|ing)|tortur(?:e|es|ed|ing)|rap(?:ed|es|ing)|execut(?:ed|es|ing)|assassinat\w*|ambush\w*|wound(?:s|ed|ing)|suicide\s+(?:bomb\w*|attack)|massacr\w*|murder\w*|beat(?:s|en|ing)?\s+(?:up\s+)?|storm(?:s|ed|ing)|raid(?:s|ed|ing)?|air\s?strikes?|(?:launch|mount|carri)\w*\s+(?:out\s+)?(?:\w{1,30}\s+){0,3}?(?:offensive|attacks?|invasion|strikes?|raids?)|fir(?:ed|es|ing)\s+(?:on|at|rockets|missiles|mortars?|tear|rubber)|captur(?:e|es|ed|ing)|overr[au]n|explo(?:ded|sion)|stabb\w*|drove\s+(?:\w{1,30}\s+)?(?:out|from)|forc(?:ed|ing)\s+(?:out|from)|chemical\s+weapons|occup(?:y|ies|ied)|hijack\w*|ethnic\s+cleansing|lynch\w*", 1.0),
    _rule("MOBILIZE", "150", r"mobili[sz](?:e|es|ed|ing|ation)|(?:on|heightened|full|military|high)\s+(?:\w{1,30}\s+)?alert|mass(?:es|ed|ing)\s+(?:\w{1,30}\s+)?(?:troops|forces)|deploy(?:s|ed|ing)?\s+(?:\w{1,30}\s+){0,4}?(?:troops|forces|soldiers|warships|police|tanks|missiles|ships|aircraft|army|carriers?)|prepar(?:ed|es|ing)\s+(?:to\s+(?:resume|attack|launch|invade)|for\s+war)|call(?:s|ed)\s+up\s+(?:\w{1,30}\s+)?reserv\w*|reinforc(?:ed|es|ing|ements)|put\s+(?:\w{1,30}\s+){0,4}?on\s+(?:\w{1,30}\s+)?alert|buil(?:d|t|ding)\s+up\s+(?:\w{1,30}\s+){0,2}?(?:troops|forces)|troop\s+build-?up|military\s+build-?up|sent\s+(?:\w{1,30}\s+){0,3}?(?:warships|troops|tanks|fighter)", 1.25),
    _rule("INVESTIGATE", "090", r"investigat\w*|prob(?:e|es|ed|ing)\b|inquir(?:y|ies)|inspect(?:ed|s|ing|ion)|fact-finding|examin(?:e|ed|es|ing)|monitor(?:ed|s|ing)?\s+(?:the\s+)?(?:elections?|truce|ceasefire|human)|under\s+investigation|forensic|war\s+crimes\s+(?:tribunal|court)", 1.2),
    _rule("RETREAT", "080", rf"withdr[ae]w\w*(?:\s+(?:of\s+)?{_W}{{0,4}}?(?:troops|forces|soldiers|army|tanks|from))|withdrawal|pull(?:ed|s|ing)?\s+(?:out|back)|pullout|lift(?:s|ed|ing)\s+{_W}{{0,4}}?(?:blockade|siege|sanctions|embargo|ban|restrictions|curfew|emergency)|resign(?:s|ed|ing|ation)?|step(?:s|ped)\s+down|ceasefire\s+(?:took|came|went|held)|surrender(?:s|ed|ing)?|demobili[sz]\w*|disarm(?:s|ed|ing|ament)?|lay\s+down|laid\s+down|hand(?:s|ed)\s+(?:over|in)\s+{_W}{{0,3}}?(?:weapons|arms)|releas(?:e|es|ed|ing)\s+{_W}{{0,6}}?(?:prisoners?|hostages?|detainees?|soldiers|captives?)|freed|set\s+free|peacekeep\w*\s+{_W}{{0,3}}?arriv\w*|observers?\s+arriv\w*|evacuat\w*|retreat(?:s|ed|ing)?|end(?:s|ed)\s+(?:its|the|their)\s+(?:occupation|siege|blockade|boycott|strike|hunger)|dismantl\w*|declar\w*\s+(?:a\s+)?(?:\w{{1,30}}\s+)?(?:truce|cease-?fire)|repatriat\w*|return(?:s|ed)\s+{_W}{{0,4}}?(?:bodies|prisoners|property|land)|allow(?:s|ed)\s+{_W}{{0,5}}?(?:inspectors|observers|peacekeepers)", 1.2),
    _rule("CONCEDE", "080", rf"(?:eas|relax|shorten|loosen|reduc)(?:e|es|ed|ing)\s+{_W}{{0,6}}?(?:curfew|restrictions|sanctions|controls|censorship|rules|ban|penalt\w*|emergency)|(?-i:amnesty)|pardon(?:s|ed)?|accept(?:s|ed|ing)?\s+{_W}{{0,3}}?(?:demands?|conditions|resignation|reforms?|terms)|(?:political|democratic)\s+(?:freedoms|reforms?)|legali[sz](?:e|es|ed|ing)|yield(?:s|ed)?|g[ai]ve\s+in|back(?:s|ed)\s+down|conced(?:e|es|ed|ing)|compromis(?:e|es|ed)|took\s+steps|taken\s+{_W}{{0,3}}?steps|allow(?:s|ed)\s+{_W}{{0,4}}?(?:to\s+return|multi-?party|elections?|opposition)|agreed\s+to\s+(?:step\s+down|resign)|commut(?:e|ed|es)|lift(?:s|ed)\s+{_W}{{0,3}}?(?:state\s+of\s+emergency|martial|press|censorship|curfew)|reinstat\w*|promote\s+{_W}{{0,5}}?openness", 1.25),
    _rule("AID", "070", rf"(?:g[ai]ve|giv(?:es|en|ing)|provid\w*|grant\w*|donat\w*|deliver\w*|extend\w*|send(?:s|ing)?|sent|suppl\w*|allocat\w*|approv\w*|shipp?\w*)\s+{_W}{{0,8}}?(?:aid|assistance|dollars|loans?|food|medicine|medical|supplies|relief|asylum|refuge|credit|grain|tents|arms|weapons|doctors|million|tonnes|tons|help|wheat|equipment|humanitarian)|opened\s+(?:its|their|the)\s+borders?|(?:political\s+)?asylum\s+to|aid\s+(?:package|shipment|convoy)|peacekeep\w+\s+(?:troops|force)\s+to|airlift\w*|train(?:s|ed|ing)\s+{_W}{{0,3}}?(?:police|troops|soldiers|forces|officers)|rescu(?:e|ed|es)", 1.2),
    _rule("COOPERATE", "060", r"(?:joint|military)\s+(?:\w{1,30}\s+){0,2}?(?:exercises?|manoeuvres|maneuvers|patrols?|operation|drills?)|war\s+games|shar(?:e|es|ed|ing)\s+(?:\w{1,30}\s+)?(?:intelligence|information)|extradit(?:ed|es|ing|ion)|(?:economic|military|judicial|nuclear)\s+co-?operation|trade\s+(?:deal|agreement|fair)|co-?operat(?:ed|es|ing)|joint\s+venture|exchang(?:ed|es|ing)\s+(?:\w{1,30}\s+)?(?:prisoners|information|ambassadors)", 1.4),
    _rule("CONSULT", "040", rf"met\b(?:\s+with)?|meets?\s+with|meeting\s+(?:with|between)|held\s+{_W}{{0,5}}?{_TALK}|hold(?:s|ing)?\s+{_W}{{0,5}}?{_TALK}|host(?:s|ed|ing)|visit(?:s|ed|ing)?|arriv(?:e|ed|es)\s+{_W}{{0,5}}?(?:visit|talks)|mediat(?:e|ed|es|ing|ion)|discuss(?:es|ed|ing)|negotiat(?:e|ed|es|ing)\s+with|confer(?:s|red)?\s+with|telephon\w*|consult(?:s|ed|ing|ations)?|receiv(?:es|ed)\s+{_W}{{0,5}}?(?:envoy|delegation|minister|president|ambassador)|travel(?:l?ed|s)\s+to|summit\s+(?:with|between)|(?:began|begin|open|opened|launch|launched|resume|resumed)\s+{_W}{{0,5}}?(?:talks|negotiations|dialogue|mediation)", 1.05),
    _rule("SUPPORT", "050", rf"prais(?:e|es|ed|ing)|hail(?:s|ed|ing)?|defend(?:s|ed)\b|endors(?:e|es|ed|ing)|(?<!-)back(?:s|ed)\b(?!\s+(?:down|away|out|by))|support(?:s|ed|ing)\s+(?!by)|express(?:es|ed|ing)?\s+{_W}{{0,3}}?(?:support|solidarity|sympathy|condolences|confidence|optimism)|apologi[sz]\w*|forgiv(?:e|es|en)|congratulat\w*|thank(?:s|ed)\b|recogni[sz](?:e|es|ed|ing)|establish(?:es|ed)?\s+{_W}{{0,3}}?(?:diplomatic|relations|ties)|restor(?:es|ed|ing)\s+{_W}{{0,3}}?(?:ties|relations)|commend\w*|applaud\w*|welcom(?:e|es|ed|ing)|urged?\s+{_W}{{1,5}}?to\s+support|ratif(?:y|ied|ies)|sympath\w*|campaign(?:ed|s)?\s+for|rallied\s+behind|vot(?:ed|es)\s+(?:for|in\s+favou?r)", 1.1),
    _rule("AGREE", "030", rf"agree(?:s|d|ing)?\s+(?:on|to|that|in|with|upon)?|offer(?:s|ed|ing)\s+(?:to)?|promis(?:e|es|ed|ing)|pledg(?:e|es|ed|ing)|(?:is|are|was|were|be)\s+(?:now\s+)?(?:willing|ready|prepared)\s+to|willing(?:ness)?\s+to|intend(?:s|ed)?\s+to|sign(?:s|ed|ing)?\s+{_W}{{0,6}}?(?:agreement|accord|treaty|pact|deal|protocol|truce|ceasefire|contract)|accept(?:s|ed|ing)?\s+{_W}{{0,4}}?(?:plan|proposal|invitation|offer|ceasefire|truce|mediation)|approv(?:e|es|ed|ing)|propos(?:es|ed|ing)|volunteer(?:s|ed)\s+to|reach(?:es|ed)\s+{_W}{{0,4}}?(?:agreement|accord|deal|understanding)", 1.2),
    _rule("AGREE", "030", rf"(?:sa(?:id|ys?)|announc\w*|declar\w*|confirm\w*)\s+(?:on\s+\w+\s+)?(?:that\s+)?{_W}{{0,6}}?(?:will|would|is\s+willing\s+to|are\s+willing\s+to|plans?\s+to|is\s+ready\s+to|are\s+ready\s+to|was\s+ready\s+to|were\s+ready\s+to)\s+(?!not\b|never\b)(?:\w{{1,30}}\s+)?{_HELP}", 1.35),
    _rule("AGREE", "030", rf"will\s+(?!not\b|never\b)(?:\w{{1,30}}\s+)?{_HELP}|plans?\s+to\s+(?:{_HELP})", 0.9),
    # Rarer words of the same classes.
    _rule("AGREE", "030", rf"express(?:es|ed|ing)?\s+(?:its|his|her|their)?\s*(?:willingness|readiness|interest|intention)|announc(?:es|ed|ing)\s+{_W}{{0,2}}?plans?\s+to|consent(?:s|ed)?\s+to|authori[sz](?:e|es|ed|ing)|decided\s+to\s+{_HELP}|committed\s+(?:itself|himself|themselves)?\s*to|(?:ready|open)\s+(?:for|to)\s+(?:talks|dialogue|negotiat\w*|discuss\w*)|hop(?:es|ed)\s+to|vow(?:s|ed)\s+to\s+(?:improve|help|cooperate|work|support)", 1.15),
    _rule("CONSULT", "040", rf"talk(?:s|ed)\s+(?:with|to)|spoke\s+(?:with|to|by)|(?:pa(?:id|ys?)|began|ended)\s+{_W}{{0,4}}?visit|fl(?:ew|ies)\s+to|tour(?:s|ed)\b|brief(?:s|ed)\b|greet(?:s|ed)", 1.0),
    _rule("SUPPORT", "050", r"rall(?:y|ied)\s+support|mourn(?:s|ed)|honou?r(?:s|ed)|lauded|stand(?:s|ing)?\s+by|stood\s+by|sided\s+with|reassur\w*", 1.1),
    _rule("AID", "070", rf"assist(?:s|ed)\b|aided|contribut(?:es|ed)|debt\s+relief|forg[ai]ve\s+{_W}{{0,4}}?debts?|shelter(?:s|ed)|humanitarian\s+(?:aid|supplies|assistance)|pledg(?:es|ed)\s+{_W}{{0,4}}?(?:million|billion|dollars|aid)", 1.1),
    _rule("INVESTIGATE", "090", r"look(?:s|ed|ing)?\s+into|uncovered|found\s+evidence|verif(?:y|ied|ies)", 1.1),
    _rule("DEMAND", "100", r"petition(?:s|ed)?|plea(?:s)?\s+(?:for|to)|beg(?:s|ged)\b|implor(?:es|ed)|lobb(?:y|ied|ies)", 1.15),
    _rule("DISAPPROVE", "110", rf"voic(?:es|ed)\s+{_W}{{0,2}}?(?:concern|anger|alarm|opposition)|brand(?:s|ed)\b|disappoint\w*|question(?:s|ed)\s+the|regrett(?:s|ed)|scold(?:s|ed)|chastis\w*|decr(?:y|ied)|cast(?:s)?\s+doubt|reproach\w*|assail(?:s|ed)", 1.15),
    _rule("REJECT", "120", rf"snub(?:s|bed)|turn(?:s|ed)?\s+away|abandon(?:s|ed)?|disregard(?:s|ed)|block(?:s|ed)\s+{_W}{{0,3}}?(?:resolution|motion|proposal|bid|access|plan)|prevent(?:s|ed)\s+{_W}{{0,4}}?from|bar(?:s|red)\s+{_W}{{0,4}}?from", 1.1),
    _rule("PROTEST", "140", rf"burn(?:s|ed|ing|t)\s+{_W}{{0,3}}?(?:effig\w*|flags?)|picket(?:s|ed|ing)?|vigil|mutin\w*|rampag\w*|chant(?:s|ed|ing)|(?:crippl|paraly[sz])\w*\s+{_W}{{0,4}}?strike|strikers|uprising|boycott(?:s|ed)?\s+classes|general\s+strike|on\s+strike", 1.25),
    _rule("SANCTION", "160", rf"clos(?:es|ed|ing)\s+{_W}{{0,3}}?(?:embassy|consulate|mission)|bann?(?:s|ed|ing)?\s+(?:on\s+)?{_W}{{0,4}}?(?:imports?|exports?|flights?|trade|sales?|visas?)|postpon(?:es|ed)\s+{_W}{{0,4}}?(?:talks|visit|meeting)|call(?:s|ed)\s+off\s+{_W}{{0,4}}?(?:talks|visit|meeting)|pull(?:s|ed)\s+out\s+of\s+{_W}{{0,3}}?(?:talks|coalition|treaty|government)|quit(?:s)?\s+{_W}{{0,3}}?(?:talks|coalition|government)|embargo(?:es|ed)?|revok(?:es|ed)", 1.25),
    _rule("COERCE", "170", rf"loot(?:s|ed|ing)|set\s+(?:fire|ablaze)|torch(?:es|ed)|burn(?:ed|t)\s+(?:down\s+)?{_W}{{0,3}}?(?:houses?|homes?|villages?|buildings?|churches|mosques|offices?)|prohibit\w*|shut(?:s)?\s+down|house\s+arrest|round(?:s|ed)\s+up|outlaw(?:s|ed)?|interrogat\w*|impos(?:es|ed)\s+{_W}{{0,5}}?(?:curfew|ban|censorship|emergency|restrictions|rule)|clamp\w*\s+down|tap(?:s|ped)\s+{_W}{{0,2}}?phones?|vandali[sz]\w*", 1.15),
    _rule("ASSAULT", "180", r"gunned\s+down|open(?:s|ed)\s+fire|blast(?:s|ed)?|grenades?|mortars?|rocket(?:s|ed)|injur(?:es|ed|ing)|strik(?:es|ing)\b|struck|slain|slaughter\w*|behead\w*|sexually\s+assault\w*|downed|sank|seized\s+control|push(?:es|ed)\s+into|cross(?:es|ed)\s+into", 0.95),
    _rule("MOBILIZE", "150", rf"amass\w*|(?:step|gear)(?:s|ped|ed)?\s+up\s+{_W}{{0,3}}?(?:patrols?|security|military|presence|preparations)|(?:carri|conduct|stag|held|hold|begin|began|launch)\w*\s+(?:out\s+)?{_W}{{0,3}}?(?:military|naval)\s+(?:exercises?|manoeuvres|maneuvers|drills?)|test-?fir\w*|troops\s+to\s+(?:the|its)\s+border|rearm\w*|expand(?:s|ed|ing)\s+{_W}{{0,2}}?(?:army|forces|military)", 1.2),
    _rule("RETREAT", "080", rf"(?:truce|cease-?fire)\s+(?:took|came|went|held|holds|began|entered)|quit(?:s)?\s+(?:office|post|power)|relinquish\w*|vacat(?:e|es|ed)|stand(?:s|ing)?\s+down|stood\s+down|scrap(?:s|ped)\s+{_W}{{0,4}}?(?:missiles|weapons|nuclear)|decommission\w*|reopen(?:s|ed)?|halt(?:s|ed)\s+{_W}{{0,3}}?(?:fighting|offensive|attacks|shelling|bombing|hostilities)|end(?:s|ed)\s+{_W}{{0,3}}?(?:war|fighting|hostilities|offensive|siege)", 1.15),
    _rule("CONCEDE", "080", rf"bow(?:s|ed)\s+to|(?:gave|giv(?:es|en))\s+in\s+to|drop(?:s|ped)\s+{_W}{{0,4}}?(?:charges|demands?|conditions|objections?)|meet(?:s)?\s+{_W}{{0,3}}?demands|met\s+{_W}{{0,3}}?demands?|waiv(?:es|ed)|relent(?:s|ed)?|releas(?:es|ed)\s+{_W}{{0,3}}?political\s+prisoners", 1.3),
)  # fmt: skip
SUBORDINATE = re.compile(
    r"(?:,\s*|\s)(?:after|as|which|who|whom|whose|if|unless|when|where|because|despite|although|though|since|while|until|before|amid|following|in\s+response\s+to|for\s+its|for\s+their|suspected|aimed\s+at|aiming|accused\s+of|expected|ending|so\s+that)\b",
    re.I,
)  # fmt: skip
TRAILING = re.compile(
    r",\s+(?:[^,\s]+\s+){1,14}?(?:said|says|reported|reports|told|announced|quoted)\b[^,]{0,60}$", re.I
)
OPENING = re.compile(r"\s*[“\"{`']*(?:(?:On|In|At|After|Late|Early|Last|During)\s+[^,]{1,60},\s*)?")
BY = re.compile(r"\s+(?:[\w’'-]{1,30}\s+){0,4}?by\s+")
PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w{1,20}\s+)?$", re.I)
STATED = re.compile(r"\b(?:must|should|ought|ha[sd]\s+to|have\s+to|needs?\s+to)\s*$", re.I)
NOUN_END = re.compile(r"\s+(?:in|on|at|to|from|with|by|for|as|after|who|which|that|and|of)\b|[,.;]", re.I)
WORD = re.compile(r"\w+")
VERB_END = re.compile(r"(?:ed|ing|ly)\Z")
PHRASE_ENDS = frozenset(
    "the a an in on at to from with by for as after who which that and or of but has have had is are was were will would can could "
    "may must should not be been monday tuesday wednesday thursday friday saturday sunday today yesterday last this its his her their "
    "over under against between into during said says".split()
)
FAR = 0.045  # what each word between costs
UNDER = 0.5  # what standing in a subordinate clause costs
RIVALS = 200  # matches weighed in a sentence


@dataclass(frozen=True)
class Coded:
    """An event of a sentence before its actors are named: the rule, where it stands, and who stands where."""

    rule: Rule
    words: Span
    source: Span | None
    target: Span | None
    first: Mention | None
    second: Mention | None


def code(clauses: Clauses, begin: int, stop: int) -> Coded | None:
    """The event of a sentence: the pattern that tells most and stands nearest its main verb; None where none fits."""
    text = clauses.text
    tail = TRAILING.search(text, begin, stop)
    end = tail.start() if tail and tail.start() > begin + 20 else stop
    lead = OPENING.match(text, begin, end)
    start = lead.end() if lead else begin
    under = [m.start() for m in SUBORDINATE.finditer(text, start, end)]
    best: tuple[float, Rule, Span] | None = None
    for rule in RULES:
        for count, match in enumerate(rule.pattern.finditer(text, start, end)):
            if count >= RIVALS:
                break
            words = text.count(" ", start, match.start())
            below = sum(1 for place in under if place < match.start()) if match.start() > start else 0
            score = rule.weight - FAR * min(words, 30) - UNDER * min(below, 2)
            if best is None or score > best[0]:
                best = (score, rule, match.span())
    if best is None:
        return None
    _, rule, span = best
    return _with_sides(clauses, rule, span, start, end)


def _with_sides(clauses: Clauses, rule: Rule, span: Span, start: int, stop: int) -> Coded:
    """The event with who acts and who is acted on."""
    text, cast = clauses.text, clauses.cast
    before = [one for one in cast.within(start, span[0]) if _may_act(one)]
    after = [one for one in cast.within(span[0], stop) if one.start >= span[0] and _may_act(one)]
    gerund = text[span[0] : span[1]].split()[0].endswith("ing")
    if not gerund and PASSIVE.search(text, max(start, span[0] - 25), span[0]):
        return _passive(text, rule, span, before, after, start, stop)
    source = before[0] if before else None
    noun = None if source else _noun_before(text, start, span[0])
    if source is None and noun is None and after:
        source, after = after[0], after[1:]
    own = {
        known.name for known in (*(source.of if source else ()), *([source.known] if source and source.known else []))
    }
    inner = [one for one in before[1:] if not (one.known and one.known.name in own)]
    # "X said that Y must": whom the demand is made of stands before the verb.
    asked = rule.cls == "DEMAND" and STATED.search(text, span[0], span[1]) is not None
    within = [one for one in cast.within(span[0], span[1]) if _may_act(one)]
    others = [
        one
        for one in after
        if not (one.known and one.known.name in own) and not (set(one.of) and {k.name for k in one.of} <= own)
    ]
    chosen = [
        *(within if asked else []),
        *(one for one in others if _is_named(one)),
        *(one for one in inner[::-1] if _is_named(one)),
        *others,
        *inner[::-1],
        *after,
    ]
    target = chosen[0] if chosen else None
    return Coded(
        rule,
        span,
        _phrase(text, source.span, start, span[0])
        if source and source.end <= span[0]
        else source.span
        if source
        else noun,
        _phrase(text, target.span, span[1], stop) if target else _noun_after(text, span[1], stop),
        source,
        target,
    )


def _passive(
    text: str, rule: Rule, span: Span, before: Sequence[Mention], after: Sequence[Mention], start: int, stop: int
) -> Coded:
    """ "X was attacked by Y"; without a "by", whoever stands after it is taken to act."""
    agent = BY.match(text, span[1], stop)
    acting = [one for one in after if agent and one.start >= agent.end() - 1] or list(after)
    first = acting[0] if acting else None
    second = before[0] if before else None
    noun = _noun_after(text, agent.end(), stop) if agent and first is None else None
    return Coded(
        rule,
        span,
        _phrase(text, first.span, span[1], stop) if first else noun,
        _phrase(text, second.span, start, span[0]) if second else _noun_before(text, start, span[0]),
        first,
        second,
    )


def _phrase(text: str, span: Span, start: int, stop: int) -> Span:
    """A mention with the words of its noun phrase on either side, up to three: "about 100 ethnic Albanians"."""
    begin, end = span
    for word in WORD.findall(text[max(start, begin - 60) : begin])[:-4:-1]:
        at = text.rfind(word, max(start, begin - 60), begin)
        if word.lower() in PHRASE_ENDS or at < start or text[at + len(word) : begin].strip(" -’'"):
            break
        begin = at
    for found in list(WORD.finditer(text, end, max(end, min(stop, end + 60))))[:3]:
        if text[end : found.start()].strip(" -’'") or found[0].lower() in PHRASE_ENDS or VERB_END.search(found[0]):
            break
        end = found.end()
    return begin, end


def _may_act(one: Mention) -> bool:
    return not one.pronoun and not (one.known and one.known.kind == "media")


def _is_named(one: Mention) -> bool:
    """Whether a mention says whom it means, and not only what ("troops") or one word that may be a town."""
    return bool(one.known or one.of or one.of_person or len(one.person) > 1 or (one.person and one.role))


def _noun_before(text: str, start: int, end: int) -> Span | None:
    """The words before a verb, where no actor is named there: "A minefield explosion"."""
    stretch = text[start:end].rstrip()
    return (start, start + len(stretch)) if re.search(r"\w", stretch) else None


def _noun_after(text: str, start: int, stop: int) -> Span | None:
    """The words after a verb up to a preposition or a comma."""
    begin = start + len(text[start:stop]) - len(text[start:stop].lstrip())
    cut = NOUN_END.search(text, min(begin + 3, stop), stop)
    end = min(cut.start() if cut else stop, begin + 60)
    return (begin, end) if end > begin and re.search(r"\w", text[begin:end]) else None


def events(clauses: Clauses, told: Sequence[Statement]) -> Iterator[Event]:
    """The events of a document whose two actors are named: one a sentence, in its order, quotations left out."""
    pieces = told_pieces(told)
    for begin, stop in clauses.sentences:
        coded = code(clauses, begin, stop)
        if (
            coded is None
            or not coded.first
            or not coded.second
            or not _is_named(coded.second)
            or clauses.cast.quoted(coded.words[0])
        ):
            continue
        if clauses.denied(coded.words[0], 20) or clauses.supposed(coded.words[0], 30):
            continue
        source, target = clauses.cast.actor(coded.first), clauses.cast.actor(coded.second)
        if not (_named(source) and _named(target)) or source.side == target.side:
            continue
        start = min(coded.first.start, coded.second.start, coded.words[0])
        end = max(coded.first.end, coded.second.end, coded.words[1])
        yield Event(
            cls=coded.rule.cls,
            code=coded.rule.code,
            words=coded.words,
            source=source,
            target=target,
            evidence=((start, end),),
            rule=f"event-{coded.rule.cls.lower()}",
            confidence=0.6 * min(source.confidence, target.confidence),
            statement=teller(coded.words, pieces),
            text=clauses.text,
        )


def _named(actor: Actor) -> bool:
    return actor.name is not None and actor.confidence >= SURE


def sentence_event(text: str) -> Coded | None:
    """The event of a text that is one sentence, whatever its full stops.

    >>> found = sentence_event("Turkey has threatened to close the border with Syria.")
    >>> found.rule.cls, found.first.known.name, found.second.known.name
    ('THREATEN', 'Turkey', 'Syria')
    """
    clauses = Clauses(Cast(text))
    return code(clauses, 0, len(text))
