"""Questions to a table of statements that `detente read ARCHIVE --out` wrote, answered by DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.evidence.bulk import COLUMNS

LIMIT = 200  # rows shown unless told otherwise
MANY = 400  # statements a speaker that are held against each other: the surest ones

# PLOVER's cooperative and conflictual classes (verbal and material), from +1 to -1.
_SIDES = """
    CASE WHEN stance IN ('AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE', 'COOPERATE', 'AID', 'RETREAT') THEN 1
         WHEN stance IN ('DEMAND', 'DISAPPROVE', 'REJECT', 'THREATEN', 'SANCTION', 'PROTEST', 'MOBILIZE', 'COERCE', 'ASSAULT',
                         'INVESTIGATE') THEN -1
         WHEN stance IS NULL AND negated THEN -1
         WHEN stance IS NULL THEN 1 ELSE 0 END * CASE WHEN negated AND stance IS NOT NULL THEN -1 ELSE 1 END
"""
QUESTIONS = {
    "who": """
        SELECT date, coalesce(speaker, '(nobody named)') AS speaker, cue, content, stance, publisher, url, name, "start", "end",
               round(confidence::DOUBLE, 2) AS confidence
        FROM statements
        WHERE finding = 'statement' AND about(content)
        ORDER BY date NULLS LAST, place, number
        LIMIT $limit""",
    "speakers": """
        SELECT coalesce(represents, speaker, '(nobody named)') AS speaker, count(*) AS statements,
               count(DISTINCT document) AS documents, min(date) AS first, max(date) AS last
        FROM statements
        WHERE finding = 'statement' AND about(content)
        GROUP BY ALL
        ORDER BY statements DESC, speaker
        LIMIT $limit""",
    "shifts": """
        SELECT coalesce(represents, speaker) AS actor, date, kind AS direction, content, publisher, url, name, "start", "end",
               round(confidence::DOUBLE, 2) AS confidence
        FROM statements
        WHERE finding = 'shift' AND about(content)
        ORDER BY actor, date NULLS LAST, place
        LIMIT $limit""",
    "refused": """
        SELECT name, place, content AS reason
        FROM statements
        WHERE finding = 'refused' AND about(content)
        ORDER BY place
        LIMIT $limit""",
    "contradictions": f"""
        WITH said AS (
            SELECT coalesce(represents, speaker) AS actor, speaker, date, content, name, place, number, {_SIDES} AS side,
                   list_distinct(regexp_extract_all(lower(content), '[[:alpha:]]{{4,}}')) AS words,
                   row_number() OVER (PARTITION BY coalesce(represents, speaker) ORDER BY confidence DESC, place, number) AS nth
            FROM statements
            WHERE finding = 'statement' AND speaker IS NOT NULL AND about(content)
        ), pairs AS (
            SELECT a.actor, a.date AS earlier, a.content AS said_earlier, b.date AS later, b.content AS said_later,
                   len(list_intersect(a.words, b.words)) / greatest(least(len(a.words), len(b.words)), 3) AS shared,
                   a.name AS earlier_name, b.name AS later_name, a.place AS p, b.place AS q, a.number AS n, b.number AS m
            FROM said a JOIN said b
              ON a.actor = b.actor AND a.side * b.side = -1 AND a.nth <= {MANY} AND b.nth <= {MANY}
             AND (coalesce(a.date, DATE '0001-01-01'), a.place, a.number) < (coalesce(b.date, DATE '0001-01-01'), b.place, b.number)
        )
        SELECT actor, earlier, said_earlier, later, said_later, round(shared, 2) AS shared, earlier_name, later_name
        FROM pairs WHERE shared >= 0.3
        ORDER BY pairs.shared DESC, actor, p, q, n, m
        LIMIT $limit""",
}


def query(tables: list[Path], question: str, *, about: str = "", limit: int = LIMIT) -> list[dict[str, Any]]:
    """The rows that answer a question of `QUESTIONS` from tables of statements; `about` keeps contents with all its words.

    Raises `InputError` where a table cannot be read or is none of statements.
    """
    if question not in QUESTIONS:
        expected = f"expected one of {', '.join(QUESTIONS)}"
        raise InputError(Fault(f"'{question}'", expected, file="--query", suggestion=nearest(question, QUESTIONS)))
    try:
        import duckdb
    except ImportError as error:
        expected = "expected: pip install 'detente[archive]'"
        raise InputError(Fault("what answers is not installed", expected, file="--query")) from error
    for table in tables:
        _check(table)
    words = [word for word in about.lower().split() if word]
    with duckdb.connect() as base:
        base.execute("CREATE TABLE statements AS SELECT * FROM read_parquet($1)", [[str(table) for table in tables]])
        base.execute("SET enable_external_access = false")
        base.execute("CREATE TABLE words AS SELECT unnest($1::VARCHAR[]) AS word", [words])
        base.execute(
            "CREATE MACRO about(text) AS (SELECT coalesce(bool_and(contains(lower(text), word)), true) FROM words)"
        )
        found = base.execute(QUESTIONS[question], {"limit": limit})
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _check(table: Path) -> None:
    import pyarrow.parquet as pq

    try:
        names = set(pq.read_schema(table).names)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "is no Parquet file").lower()
        expected = "expected a table that `detente read ARCHIVE --out FILE.parquet` wrote"
        raise InputError(Fault(reason, expected, file=str(table))) from error
    if missing := set(COLUMNS) - names:
        expected = "expected a table that `detente read ARCHIVE --out FILE.parquet` wrote"
        raise InputError(Fault(f"has no column {min(missing)}", expected, file=str(table)))
