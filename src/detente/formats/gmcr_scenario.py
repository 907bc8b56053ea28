"""Games of the program GMCR+ as scenarios, in and out: the ``game:`` of a scenario is all that the two share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.formats import Foreign, Written, gmcr
from detente.formats.draft import Draft
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern, bits
from detente.scenario.conflict import Conflict, Preference, conflict
from detente.scenario.situation import Situation


def recognises(file: Foreign) -> bool:
    """Whether its name or its first object says so; an old pickled file too, which `read` refuses."""
    return file.path.suffix.lower() == ".gmcr" or (
        file.data.lstrip()[:1] == b"{" and b'"decisionMakers"' in file.data[:1_000_000]
    )


def read(file: Foreign) -> Draft:
    """A draft that is the game and nothing else. Raises `InputError` with one line a fault."""
    found = gmcr.game_in(file)
    draft = Draft(file.name, "a game of the program GMCR+")
    draft.data["game"] = game_data(found.conflict)
    draft.lost += found.lost
    return draft


def write(situation: Situation, path: Path) -> Written:
    """The scenario's game. Raises `InputError` where it has none, and `UsageError` for what has no form there."""
    text, lost = gmcr.write(situation.conflict or conflict(situation.scenario.document))
    return Written(text.encode(), (*lost, "all of the scenario but its game"))


def game_data(found: Conflict) -> dict[str, Any]:
    """A game in plain option form as it stands under ``game`` of a scenario."""
    form, names = found.form, found.names
    assert isinstance(form, OptionForm)
    makers, low = {}, 0
    for id_, shown, count in zip(names.makers, names.maker_names, form.owned, strict=True):
        makers[id_] = {**({"name": shown} if shown != id_ else {}), "options": list(names.options[low : low + count])}
        low += count
    details = {
        id_: {
            **({"name": shown} if shown != id_ else {}),
            **({"direction": direction} if direction != "both" else {}),
        }
        for id_, shown, direction in zip(names.options, names.option_names, form.directions, strict=True)
    }
    parts = {
        "decision_makers": makers,
        "options": {id_: entry for id_, entry in details.items() if entry},
        "infeasible": [_rule(pattern, names.options) for pattern in form.infeasible],
        "preferences": {
            id_: _preference(preference, form, names.options)
            for id_, preference in zip(names.makers, found.preferences, strict=True)
        },
        "views": {
            names.makers[view.maker]: {
                "unaware": [
                    _rule(Pattern((1 << form.options) - 1, int(form.codes[s])), names.options) for s in view.unseen
                ]
            }
            for view in found.views
        },
        "coalitions": [[names.makers[maker] for maker in group] for group in found.coalitions],
    }
    return {part: entry for part, entry in parts.items() if entry}


def _rule(pattern: Pattern, options: tuple[str, ...]) -> str:
    return " & ".join(f"{'' if pattern.value >> o & 1 else '-'}{options[o]}" for o in bits(pattern.mask))


def _preference(preference: Preference, form: OptionForm, options: tuple[str, ...]) -> dict[str, Any]:
    if preference.levels is None:
        return {"priorities": [statement.formula.words(options) for statement in preference.statements or ()]}

    def taken(state: int) -> list[str]:
        return [options[o] for o in bits(int(form.codes[state]))]

    levels = [[taken(state) for state in level] for level in preference.levels]
    return {"ranking": [level[0] if len(level) == 1 else level for level in levels]}
