"""Results in words. A sentence is made from figures only and never claims more than the draws do."""

from detente.report.sentences.deals import deal_sentences
from detente.report.sentences.models import disagreement_sentence, issue_disagreement
from detente.report.sentences.other import (
    compare_sentences,
    explain_sentences,
    judgement_sentence,
    score_sentences,
    sensitivity_sentences,
)
from detente.report.sentences.run import (
    STAKES,
    expected_against_models,
    grounds_sentences,
    outcome_sentences,
    required_of,
    run_sentences,
)
from detente.report.sentences.tip import (
    ALIKE,
    MOVED,
    cheapest_words,
    each_lever,
    leaves_out,
    level_words,
    parties_sentences,
    ranking_row_words,
    tip_sentences,
)
from detente.report.sentences.verdict import verdict_sentence, verdict_sentences

__all__ = [
    "ALIKE",
    "MOVED",
    "STAKES",
    "cheapest_words",
    "compare_sentences",
    "deal_sentences",
    "disagreement_sentence",
    "each_lever",
    "expected_against_models",
    "explain_sentences",
    "grounds_sentences",
    "issue_disagreement",
    "judgement_sentence",
    "leaves_out",
    "level_words",
    "outcome_sentences",
    "parties_sentences",
    "ranking_row_words",
    "required_of",
    "run_sentences",
    "score_sentences",
    "sensitivity_sentences",
    "tip_sentences",
    "verdict_sentence",
    "verdict_sentences",
]
