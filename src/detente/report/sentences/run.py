"""Who comes, on what terms and how the talks go, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.sentences.deals import deal_sentences
from detente.report.sentences.models import disagreement_sentence
from detente.report.sentences.verdict import verdict_sentence, verdict_sentences
from detente.report.words import (
    anchor_words,
    figure,
    hundredths,
    issue_name,
    listed,
    of_draws,
    on_scale,
    party_words,
    sentence_case,
    simulation_error,
    term_words,
)
from detente.scenario.reads import numbers_read
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MODELS_NAMED = 3  # models named one by one in a sentence; more are given as a range
STAKES = "The stakes are, to each party, the difference between its way on every issue and outcomes a whole scale away from it."
SECOND = 0.3  # a second reason is named where it weighs this share of the first


def run_sentences(situation: Situation, run: Found) -> list[str]:
    """The main result in words: who comes, on what terms, how the talks go, and whether the model can say."""
    talks, rounds = run.get("talks"), run.get("rounds")
    central = bool(run.get("central"))
    found: list[str] = []
    if talks:
        found.append(convene_sentence(situation, talks, central=central))
        found += verdict_sentences(situation, run.get("verdicts") or ())
        away = [s for actor in required_of(situation, talks) if (s := away_sentence(situation, talks, actor))]
        found += [*away, STAKES] if away else []
        found += settlement_sentences(situation, talks, central=central)
        found += [range_sentence(situation, talks, issue, central=central) for issue in talks["bargaining_range"]]
        found.append(ripe_sentence(talks, central=central))
    else:
        found += outcome_sentences(situation, run)
        found.append(_no_talks(run))
    if rounds:
        found.append(rounds_sentence(situation, rounds))
    if disagree := disagreement_sentence(situation, run):
        found.append(disagree)
    found += deal_sentences(situation, run.get("dealings"))
    if run.get("verdict"):
        found.append(verdict_sentence(situation, run["verdict"]))
    return found


def grounds_sentences(situation: Situation, answer: Found) -> list[str]:
    """What an answer's numbers rest on where a reader should know: defaults, nothing, and sources of after the day."""
    found = []
    numbers = numbers_read(situation, _models_of(answer))
    default = sum(number.origin == "default" for number in numbers)
    bare = sum(not number.provenance.cite and not number.provenance.because for number in numbers)
    if 2 * default > len(numbers):
        found.append(
            f"{default} of the {len(numbers)} numbers that this answer reads are defaults, and {bare} rest on no source "
            "and no reason: simulation error does not tell of that."
        )
    if late := situation.hindsight():
        found.append(
            f"{late} of the {len(situation.numbers)} numbers in force {'cites a source' if late == 1 else 'cite sources'} of after "
            f"{situation.as_of}: hindsight (detente check names the sources)."
        )
    return found


def _models_of(answer: Found) -> set[str]:
    """The models that an answer comes from: a run's, those of a comparison's measures, else who comes."""
    if "answers" in answer:
        names = [measure.split(".") for measure in answer["answers"]]
        played = {"rounds"} if any(name[0] in ("agreement", "collapse", "expiry") for name in names) else set()
        talks = {"readiness"} if any(name[0] not in ("outcome", "stable", "hypergame") for name in names) else set()
        graph = {"graph"} if any(name[0] in ("stable", "hypergame") for name in names) else set()
        return {name[1] for name in names if name[0] == "outcome"} | played | talks | graph
    if "terms" in answer:
        return {"readiness"}
    talks = {model for model, part in (("readiness", "talks"), ("rounds", "rounds")) if answer.get(part)}
    return talks | set(answer.get("outcomes") or ())


def required_of(situation: Situation, talks: Found) -> list[str]:
    """The required parties, as the result names them or, failing that, the situation."""
    return list(talks.get("required") or situation.required)


def _no_talks(run: Found) -> str:
    lacking = (run.get("missing") or {}).get("readiness")
    if lacking == "talks.required":
        return "Nobody is required at the table, so the question who comes does not arise."
    if lacking:
        return "The scenario has no talks, so it says nothing about who would come to a table."
    return "Who comes to the table was not among the models asked for."


def convene_sentence(situation: Situation, talks: Found, *, central: bool) -> str:
    """Whether talks convene, and how often each required party comes."""
    required = required_of(situation, talks)
    comes = {a: talks["parties"][a]["comes"]["p"] for a in required}
    share = talks["convene"]
    if central:
        sides = [
            (listed(party_words(situation, a) for a in required if bool(comes[a]) == come), verbs)
            for come, verbs in ((True, ("comes", "come")), (False, ("stays away", "stay away")))
        ]
        counts = [sum(bool(p) for p in comes.values()), sum(not p for p in comes.values())]
        who = "; ".join(f"{names} {verbs[n != 1]}" for (names, verbs), n in zip(sides, counts, strict=True) if n)
        does = "convene" if share["p"] else "do not convene"
        return f"At the central values talks {does}: {who}. One draw does not say how sure that is."
    error = simulation_error(share["low"], share["high"])
    if len(required) == 1:
        name = sentence_case(party_words(situation, required[0]))
        return f"{name} comes to the table {of_draws(share['p'])} ({error})."
    each = listed(f"{party_words(situation, a)} {_comes(p)}" for a, p in comes.items())
    return f"Talks convene {of_draws(share['p'])} ({error}): {each}."


def _comes(p: float) -> str:
    if p in (0, 1):
        return "comes in all of them" if p else "comes in none"
    return f"comes in {hundredths(p)}"


def away_sentence(situation: Situation, talks: Found, actor: str) -> str | None:
    """What keeps a party away, where it stays away in half of the draws or more."""
    party = talks["parties"][actor]
    terms = [(value["mean"], term) for term, value in party["terms"].items() if value["mean"] is not None]
    against = sorted(term for term in terms if term[0] < 0)
    toward = sorted((term for term in terms if term[0] > 0), reverse=True)
    if party["comes"]["p"] >= 0.5 or not against:
        return None
    size = sum(abs(value) for value, _ in terms) / 3

    def words(value: float, term: str) -> str:
        return f"{term_words(situation, term, value)} ({figure(value, size, sign=True)})"

    text = f"What keeps {party_words(situation, actor)} away is above all {words(*against[0])}"
    if len(against) > 1 and against[1][0] < SECOND * against[0][0]:
        text += f", then {words(*against[1])}"
    if toward:
        text += f"; what speaks most for coming is {words(*toward[0])}"
    return text + ", in shares of the stakes."


def settlement_sentences(situation: Situation, talks: Found, *, central: bool) -> list[str]:
    """The expected settlement on each issue."""
    found = (settlement_sentence(situation, talks, issue, central=central) for issue in talks["settlement"])
    return [sentence for sentence in found if sentence]


def settlement_sentence(situation: Situation, talks: Found, issue: str, *, central: bool) -> str | None:
    """The expected settlement on an issue, by its median as in the tables, on the issue's own labelled scale."""
    value = talks["settlement"].get(issue)
    if not value or value["q50"] is None:
        return None
    spread = _spread(value, central)
    low, high = situation.scales[issue]
    at = on_scale(situation, issue, value["q50"], spread)
    text = f"On “{issue_name(situation, issue)}” the deal that the parties would expect of talks is {at} on a scale of {low:g} to {high:g}"
    if spread is not None:
        ends = (on_scale(situation, issue, value[q], spread) for q in ("q05", "q95"))
        text += f" (median; {' to '.join(ends)} in 90 of 100 draws)"
    place = anchor_words(situation, issue, value["q50"])
    return text + (f"; {place}." if place else ".")


def range_sentence(situation: Situation, talks: Found, issue: str, *, central: bool) -> str:
    """Whether there is an outcome on the issue that every required party could sign; else between whom the gap is."""
    found = talks["bargaining_range"][issue]
    name, empty = f"“{issue_name(situation, issue)}”", found["p_empty"]
    low, high = found["low"]["q50"], found["high"]["q50"]
    if empty is None:
        return f"On {name} no bargaining range could be computed."
    if empty < 0.5 and low is not None and high is not None:
        where = "at the central values" if central else of_draws(1 - empty)
        ends = " to ".join(on_scale(situation, issue, end) for end in (low, high))
        typically = "" if central else "typically "
        text = f"On {name} there is something that every required party could sign {where}: {typically}{ends}"
    else:
        where = "at the central values" if central else of_draws(empty)
        text = f"On {name} there is nothing that every required party could sign {where}"
    why = _why_empty(situation, issue, found, central)
    if not empty or not why:
        return text + "."
    return f"{text}: {why}." if central else f"{text}; where there is nothing, it is mostly because {why}."


def _why_empty(situation: Situation, issue: str, found: Found, central: bool) -> str:
    """The party that can be met by no outcome, or the two whose demands do not meet: whichever is the more frequent."""
    alone, p_alone = max((found.get("p_unmeetable") or {}).items(), key=lambda row: row[1] or 0, default=(None, 0))
    gap = max(found.get("p_gap") or [], key=lambda row: row["p"] or 0, default=None)
    if gap and gap["p"] and gap["p"] >= (p_alone or 0):
        first, second = (party_words(situation, party) for party in gap["between"])
        notes = [] if central else [of_draws(gap["p"])]
        if gap.get("distance") is not None:
            points = on_scale(situation, issue, gap["distance"])
            notes.append(f"{points} points apart{'' if central else ' on average'}")
        return f"the demands of {first} and {second} do not meet ({', '.join(notes)})"
    if alone and p_alone:
        often = "" if central else f" ({of_draws(p_alone)})"
        return f"{party_words(situation, alone)} alone could be met by no outcome on it{often}"
    return ""


def ripe_sentence(talks: Found, *, central: bool) -> str:
    """Zartman's ripeness: a stalemate that hurts, and a way out of it."""
    hurts, way, ripe = (talks[key]["p"] for key in ("hurting_stalemate", "way_out", "ripe"))
    if central:
        first = "hurts every required party" if hurts else "does not hurt every required party"
        second = "each sees a way out" if way else "not every one sees a way out"
        verdict = "ripe" if ripe else "not ripe, though talks convene" if talks["convene"]["p"] else "not ripe"
        return f"The stalemate {first} and {second}: by Zartman's test the conflict is {verdict}."
    text = (
        f"The conflict is ripe in Zartman's sense {of_draws(ripe)}: the stalemate hurts every required party "
        f"{of_draws(hurts)}, and each sees a way out {of_draws(way)}."
    )
    unripe = talks["convene_unripe"]["p"]
    if unripe:
        text += (
            f" Talks convene without its being ripe {of_draws(unripe)}: to come, a party must gain by a deal over "
            "fighting on; that the stalemate hurts is no condition."
        )
    return text


def rounds_sentence(situation: Situation, rounds: Found) -> str:
    """How the talks go once convened: agreement, collapse, expiry, when and who walks."""
    given = rounds.get("given_convened")
    start = "Where talks convene, they end"
    if given is None:
        given, start = (
            rounds,
            "Talks convene in no draw; had the parties sat down all the same, talks would end",
        )
    endings = (("agreement", "in agreement"), ("collapse", "in collapse"), ("expiry", "without a result"))
    ends = [f"{words} in {hundredths(given[key]['p'])}" for key, words in endings if given[key]["p"]]
    share = given["agreement"]
    text = f"{start} {listed(ends)} of 100 plays ({simulation_error(share.get('low'), share.get('high'))})"
    if given["median_collapse_month"] is not None:
        text += f". Half of these collapses come by month {given['median_collapse_month']:g}"
        walked = {a: v["p"] for a, v in given["walked_out"].items() if v["p"]}
        if walked:
            most = max(walked, key=walked.__getitem__)
            text += f"; {party_words(situation, most)} walks out most often, in {hundredths(walked[most])} of the 100"
    return text + "."


def expected_against_models(run: Found) -> str | None:
    """Why the settlement that parties expect and the outcomes of the decision models are not the same figure."""
    settled = ((run.get("talks") or {}).get("settlement") or {}).values()
    if not run.get("outcomes") or not any(value and value["mean"] is not None for value in settled):
        return None
    return (
        "Expected at talks: the deal that the required parties would expect if they sat down; by it each decides whether "
        "to come. The decision models forecast something else: where a decision of all who have a stake and the means to "
        "press it would settle. The two need not agree."
    )


def outcome_sentences(situation: Situation, run: Found) -> list[str]:
    """What each decision model settles on, issue by issue."""
    return [s for issue in situation.issues if (s := outcome_sentence(situation, run, issue))]


def outcome_sentence(situation: Situation, run: Found, issue: str) -> str | None:
    """What each decision model settles on, on one issue."""
    central = bool(run.get("central"))
    of_issue = {m: (issues or {}).get(issue) for m, issues in (run.get("outcomes") or {}).items()}
    values = {m: v for m, v in of_issue.items() if v and v["mean"] is not None}
    if not values:
        return None
    middle = {m: v["mean"] if v.get("q50") is None else v["q50"] for m, v in values.items()}
    texts = {m: on_scale(situation, issue, middle[m], _spread(v, central)) for m, v in values.items()}
    low, high = situation.scales[issue]
    text = f"On “{issue_name(situation, issue)}” (scale of {low:g} to {high:g}) "
    if len(texts) > 1 and len(set(texts.values())) == 1:
        text += f"every model settles near {next(iter(texts.values()))}"
    elif len(texts) <= MODELS_NAMED:
        text += listed(f"{m} settles near {t}" for m, t in texts.items())
    else:
        least, most = (pick(values, key=lambda m: middle[m]) for pick in (min, max))
        text += f"the models settle between {texts[least]} ({least}) and {texts[most]} ({most})"
    spreads = [s for v in values.values() if (s := _spread(v, central)) is not None]
    if spreads and max(spreads) > 0:
        text += f"; within one model 90 of 100 draws lie up to {figure(max(spreads), max(spreads))} apart"
    return text + "."


def _spread(value: Found, central: bool) -> float | None:
    """The width of the middle 90 % of draws; None in a central run."""
    if central or value.get("q05") is None or value.get("q95") is None:
        return None
    return float(value["q95"] - value["q05"])
