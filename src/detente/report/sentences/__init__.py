"""Results in words. A sentence is made from figures only and never claims more than the draws do."""

from detente.report.sentences.other import (
    compare_sentences,
    explain_sentences,
    judgement_sentence,
    score_sentences,
    sensitivity_sentences,
)
from detente.report.sentences.run import outcome_sentences, required_of, run_sentences
from detente.report.sentences.tip import cheapest_words, parties_sentences, ranking_row_words, tip_sentences
from detente.report.sentences.verdict import verdict_sentence

__all__ = [
    "cheapest_words",
    "compare_sentences",
    "explain_sentences",
    "judgement_sentence",
    "outcome_sentences",
    "parties_sentences",
    "ranking_row_words",
    "required_of",
    "run_sentences",
    "score_sentences",
    "sensitivity_sentences",
    "tip_sentences",
    "verdict_sentence",
]
