"""What people decided in projects, by what they decided on: the content of a page and a quadrilateral on it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from nomina_cluster.readings import Row, tables

SAME = 0.5
"""Of two boxes' common area to their whole: from here on they are the same field."""

TEXTS = ("accepted", "corrected")
WORDS = ("blank", "illegible")
"""Kinds of decision that say a text, and that say something in place of one: src/shared/states.ts, held to it by a test."""

Key = tuple[str, int]


@dataclass(frozen=True)
class Decision:
    """The one that holds in its project."""

    project: str
    kind: str
    text: str
    reviewer: str
    at: str
    by_person: bool
    seen: str
    name: str | None
    """Of the field; None: told apart by `quad`."""
    quad: tuple[float, ...] | None


class Decisions:
    """Those of all projects, at hand for each field of a reading."""

    def __init__(self) -> None:
        self._by_page: dict[Key, list[Decision]] = {}
        self.contents: set[str] = set()

    def add(self, key: Key, decision: Decision) -> None:
        self._by_page.setdefault(key, []).append(decision)
        self.contents.add(key[0])

    def of(self, row: Row) -> list[Decision]:
        """Decisions on a reading's field: what holds comes first, a person's before a rule's, the latest before earlier ones."""
        found = [one for one in self._by_page.get((row["sha256"], row["page"]), []) if _is_of(one, row)]
        return sorted(found, key=lambda one: (one.by_person, one.at, one.project), reverse=True)


def _is_of(decision: Decision, row: Row) -> bool:
    if decision.quad is None or row["quad"] is None:
        return bool(decision.name == row["name"])
    return overlap(decision.quad, row["quad"]) >= SAME


def overlap(one: tuple[float, ...], other: list[float]) -> float:
    """Of the boxes around two quadrilaterals: common area by the area of both, 0 to 1."""
    (left, top, right, bottom), (left2, top2, right2, bottom2) = _box(one), _box(other)
    width, height = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    if width <= 0 or height <= 0:
        return 0
    both = (right - left) * (bottom - top) + (right2 - left2) * (bottom2 - top2)
    return width * height / (both - width * height)


def _box(quad: tuple[float, ...] | list[float]) -> tuple[float, float, float, float]:
    return min(quad[0::2]), min(quad[1::2]), max(quad[0::2]), max(quad[1::2])


QUERY = f"""
    SELECT sources.sha256, fields.page, fields.name, fields.quad, images.sha256 AS crop,
      decisions.kind, coalesce(decisions.text, ''), decisions.reviewer, decisions.at, decisions.origin, decisions.seen
    FROM fields JOIN decisions ON decisions.id = fields.decision_id JOIN sources ON sources.id = fields.source_id
      LEFT JOIN images ON images.id = fields.image_id
    WHERE decisions.kind IN {TEXTS + WORDS} AND sources.sha256 IS NOT NULL"""


def load_decisions(projects: list[Path], readings: str) -> Decisions:
    """Raises ValueError for a folder that is no project, or one of a Nomina that this does not know."""
    fetched = _fetched(readings)
    decisions = Decisions()
    for project in projects:
        for sha256, page, name, quad, crop, kind, text, reviewer, at, origin, seen in _decided(project):
            said = (str(project), kind, text, reviewer, at, origin == "person", seen)
            pictured = fetched.get(crop) if crop else None
            for content, original, field in pictured or ():
                decisions.add((content, original), Decision(*said, name=field, quad=None))
            if not pictured:
                corners = tuple(json.loads(quad)) if quad else None
                decisions.add((sha256, page), Decision(*said, name=name, quad=corners))
    return decisions


def _fetched(readings: str) -> dict[str, set[tuple[str, int, str]]]:
    found: dict[str, set[tuple[str, int, str]]] = {}
    for row in fetched_rows(readings):
        found.setdefault(row["crop"], set()).add((row["sha256"], row["page"], row["name"]))
    return found


def fetched_rows(readings: str) -> list[Row]:
    noted = tables(f"{readings.rstrip('/')}/fetched", "fetched-")
    return [row for _, table in noted for row in table.to_pylist()]


def _decided(project: Path) -> list[tuple[str, int, str, str | None, str | None, str, str, str, str, str, str]]:
    database = project / "nomina.db"
    if not database.is_file():
        raise ValueError(f"{project} is no project: there is no nomina.db in it.")
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(QUERY).fetchall()
    except sqlite3.Error as error:
        raise ValueError(f"{project} can't be read: {error}.") from error
    finally:
        connection.close()
