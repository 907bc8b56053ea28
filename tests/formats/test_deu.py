"""DEU data: two tables, or three, as one scenario that can be scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente

ISSUES = """issue,proposal,name,rp,outcome,intro_year
d1i1,d1,tobacco,0,100,2000
d1i2,d1,tobacco,,40,2000
d2i1,d2,sugar,50.0,,2001
"""
POSITIONS = """issue,actor,position,salience
d1i1,com,100,50
d1i1,de,40,
d1i2,de,0,80
d2i1,fr,70,20
"""
VOTES = "regime,actor,votes\nNice,de,29\nNice,fr,29\n"


def bring(folder: Path, *tables: str) -> Any:
    files = []
    for name, text in zip(("issues", "positions", "votes"), tables, strict=False):
        files.append(folder / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    return detente.import_(*files)


def test_issues_positions_and_votes_are_one_scenario(tmp_path: Path) -> None:
    found = bring(tmp_path, ISSUES, POSITIONS, VOTES)
    data = found.scenario.data
    assert (found.format, data["as_of"]) == ("deu", "2001-12-31")
    assert data["issues"]["d1i1"]["name"] == "tobacco (d1i1)"
    assert [entry["status_quo"] for entry in data["issues"].values()] == [0, "unknown", 50]
    assert data["outcome"] == {"issues": {"d1i1": 100, "d1i2": 40}}
    assert {id_: entry["capability"] for id_, entry in data["actors"].items()} == {"com": 29, "de": 29, "fr": 29}
    assert [s["salience"] for s in data["stances"]] == [0.5, "unknown", 0.8, 0.2]
    assert any(text.startswith("capability of com: 29") for text in found.to_fill)


def test_the_scenario_can_be_scored(tmp_path: Path) -> None:
    scenario = bring(tmp_path, ISSUES, POSITIONS.replace("40,\n", "40,50\n")).scenario
    scored = detente.score(scenario, central=True).to_dict()["cases"][0]["estimates"]
    errors = {row["measure"]: row["error"] for row in scored}
    assert errors["outcome.mean.d1i1"] == pytest.approx(70 - 100)
    assert errors["outcome.mean.d1i2"] == pytest.approx(0 - 40)


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ((ISSUES,), "issues.csv: files: found 1; expected two or three"),
        ((ISSUES.replace("outcome", "decided"), POSITIONS), "of no kind that detente knows"),
        ((ISSUES, POSITIONS.replace("salience", "weight")), "positions.csv:1: salience: found no such column"),
        (
            (ISSUES.replace("100", "101"), POSITIONS),
            "issues.csv:2: outcome: found 101; expected a number from 0 to 100",
        ),
        ((ISSUES.replace("d1i2", "d1i1"), POSITIONS), "issues.csv:3: issue: found d1i1 a second time"),
        (
            (ISSUES, POSITIONS.replace("d2i1", "d2i9")),
            "positions.csv:5: issue: found d2i9; expected an issue of the first",
        ),
        ((ISSUES, POSITIONS.replace("d1i1,de", "d1i1,com")), "positions.csv:3: actor: found a second position of com"),
        ((ISSUES, POSITIONS.replace("70,20", ",20")), "positions.csv:5: position: found nothing; expected a number"),
        ((ISSUES, POSITIONS.replace("70,20", "70,x")), "positions.csv:5: salience: found x; expected a number from 0"),
        ((ISSUES, POSITIONS, VOTES + "old,de,10\n"), "votes.csv:4: votes: found 10 for de, and 29 before"),
        ((ISSUES, POSITIONS, VOTES.replace("fr,29", "fr,many")), "votes.csv:3: votes: found many; expected a number"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, tables: tuple[str, ...], line: str) -> None:
    with pytest.raises(detente.InputError) as caught:
        bring(tmp_path, *tables)
    assert line in str(caught.value.faults[0])


def test_the_shared_data_are_read_whole(shared: Path) -> None:
    folder = shared / "data" / "deu3"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    data = detente.import_(folder / "issues.csv", folder / "positions.csv").scenario.data
    assert (len(data["issues"]), len(data["stances"]), len(data["outcome"]["issues"])) == (260, 5090, 252)
