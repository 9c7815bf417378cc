from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from nomina_cluster.decisions import overlap
from nomina_cluster.promise import promise, wrong_among_rest
from nomina_cluster.readings import Store, parts, rows_of, write_part
from nomina_cluster.sources import list_sources

FIELD = {"page": 1, "name": "", "quad": [[0, 0], [9, 0], [9, 8], [0, 8]], "text": "A", "confidence": 0.5}
ANSWER = {"id": "1", "sha256": "a" * 64, "fields": [FIELD | {"alternatives": [], "spans": [], "model": "m"}]}


def test_sources_are_files_once_in_order(tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", "notes.txt", "deep/c.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "list").write_text(f"{tmp_path}/notes.txt\n\n{tmp_path}/b.png\n")
    names = [
        source.removeprefix(f"{tmp_path}/") for source in list_sources([str(tmp_path), f"@{tmp_path}/list", f"{tmp_path}/*.png"])
    ]
    assert names == ["a.JPG", "b.png", "deep/c.pdf", "notes.txt"]
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list_sources([f"{tmp_path}/nowhere"])


def test_readings_lie_on_any_filesystem() -> None:
    store = Store("memory://readings", "bars", "none")
    write_part(store.part_of(["memory://x.png"]), rows_of("memory://x.png", ANSWER))
    write_part(store.part_of(["memory://y.png"]), rows_of("memory://y.png", {"id": "2", "error": "no image"}))
    assert store.sources() == {"memory://x.png", "memory://y.png"}
    rows = {row["source"]: row for _, table in parts("memory://readings") for row in table.to_pylist()}
    assert rows["memory://x.png"]["quad"] == [0, 0, 9, 0, 9, 8, 0, 8]
    assert rows["memory://y.png"]["error"] == "no image"
    fsspec.filesystem("memory").rm("readings", recursive=True)


def test_a_source_in_two_parts_counts_once(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "bars", "none")
    for sources in (["x", "y"], ["y", "z"]):
        write_part(store.part_of(sources), (row for source in sources for row in rows_of(source, ANSWER)))
    found = [row["source"] for _, table in parts(str(tmp_path)) for row in table.to_pylist()]
    assert sorted(found) == ["x", "y", "z"]


def test_a_part_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    store = Store(str(tmp_path), "bars", "none")
    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        write_part(store.part_of(["x"]), rows_of("x", ANSWER))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.sources() == set()


def test_a_form_without_a_field_is_a_row_with_its_reason() -> None:
    (row,) = rows_of("x", {"id": "1", "sha256": "b" * 64, "fields": []})
    assert row["error"]
    both = rows_of("x", ANSWER | {"problems": ["Page 2: no form"]})
    assert [row["error"] for row in both] == [None, "Page 2: no form"]


@pytest.mark.parametrize(
    ("wrong", "sampled", "rest", "expected"),
    [(0, 10, 0, (0, 0)), (0, 400, 100_000, (0, 919)), (4, 400, 100_000, (272, 2543)), (1, 2, 2, (0, 2))],
)
def test_the_interval_is_the_apps(wrong: int, sampled: int, rest: int, expected: tuple[int, int]) -> None:
    assert wrong_among_rest(wrong, sampled, rest, 0.05) == expected


def test_a_promise_without_a_sample_promises_nothing() -> None:
    nothing = promise(0.9, 1000, 0, 0)
    assert (nothing.low, nothing.high) == (0, 1)


def test_boxes_are_the_same_where_they_mostly_cover_each_other() -> None:
    box = (0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0)
    assert overlap(box, [*box]) == 1
    assert overlap(box, [x + 2 * (place % 2 == 0) for place, x in enumerate(box)]) == pytest.approx(8 / 12)
    assert overlap(box, [x + 10 for x in box]) == 0
