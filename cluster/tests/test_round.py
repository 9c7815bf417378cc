"""Readings to people and back: fetch, import, decide, merge."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from conftest import ROOT, quoted, run, text_of, write_bars

from nomina_cluster.command import main
from nomina_cluster.readings import Row, Store, rows_of, tables, write_part
from nomina_cluster.worker import Worker, WorkerCommand

FILES = 12


def read_here(nomina: list[str], sources: list[str], out: Path, template: str | None = None) -> None:
    """As the cluster does it, without Ray."""
    worker = Worker(WorkerCommand(tuple(nomina), "bars", template=Path(template) if template else None))
    rows = [row for place, answer in worker.read(sources) for row in rows_of(sources[place], answer)]
    worker.close()
    write_part(Store(str(out), "bars", "none").part_of(sources), rows)


def decide(nomina: list[str], project: Path, rows: list[tuple[str, str]], field: tuple[str, str] = ("1", "")) -> None:
    table = project.parent / f"{project.name}.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(["file", "page", "field", "text", "state", "reviewer"])
        csv.writer(file).writerows((name, *field, text, "text", project.name) for name, text in rows)
    run(nomina, "decide", str(project), "--from", str(table))


@pytest.fixture
def readings(nomina: list[str], tmp_path: Path) -> Path:
    sources = [str(tmp_path / "scans" / f"{number:02}.png") for number in range(FILES)]
    for number, source in enumerate(sources):
        write_bars(Path(source), text_of(number))
    read_here(nomina, sources, tmp_path / "readings")
    return tmp_path / "readings"


def final_rows(out: Path) -> dict[str, Row]:
    rows = [row for _, table in tables(str(out / "final"), "part-") for row in table.to_pylist()]
    assert len({(row["source"], row["page"], row["name"]) for row in rows}) == len(rows)
    return {Path(row["source"]).name + row["name"]: row for row in rows}


def test_decisions_of_two_people_come_back_to_their_readings(
    nomina: list[str], readings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for what in ("all", "sample"):
        assert main(["fetch", str(readings), "--for", what, "--size", "4", "--out", str(tmp_path / what)]) == 0
    project, other = tmp_path / "project", tmp_path / "other"
    run(nomina, "import", str(project), "--readings", str(tmp_path / "all"))
    run(nomina, "import", str(other), "--readings", str(tmp_path / "sample"))
    brought = [json.loads(line) for line in (tmp_path / "sample" / "readings.jsonl").read_text().splitlines()]
    first, second, third, fourth = brought
    decide(nomina, project, [(first["file"], first["text"]), (second["file"], "MINE")])
    decide(
        nomina,
        other,
        [(row["file"], text) for row, text in ((first, first["text"]), (second, "THEIRS"), (third, third["text"]))],
    )
    capsys.readouterr()
    out = tmp_path / "final"
    assert main(["--json", "merge", str(readings), str(project), str(other), "--out", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["fields"], found["decided"], found["conflicts"]) == (FILES, 3, 1)
    rows = final_rows(out)
    assert rows[Path(first["source"]).name]["origin"] == "accepted"
    contested = rows[Path(second["source"]).name]
    assert (contested["contested"], contested["text"]) == (True, "THEIRS")
    assert rows[Path(fourth["source"]).name]["origin"] == "reading"
    with (out / "conflicts.csv").open(encoding="utf-8") as file:
        assert {row["text"] for row in csv.DictReader(file)} == {"MINE", "THEIRS"}
    with (out / "final.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == FILES


def test_fields_of_a_form_come_back_by_their_crops(nomina: list[str], tmp_path: Path) -> None:
    forms = ROOT / "resources" / "samples" / "forms"
    template, page = str(forms / "template.json"), str(forms / "pages" / "form-01.jpg")
    readings = tmp_path / "readings"
    read_here(nomina, [page], readings, template)
    given = ["--for", "all", "--template", template, "--nomina", quoted(nomina), "--model", "bars"]
    assert main(["fetch", str(readings), *given, "--out", str(tmp_path / "crops")]) == 0
    brought = [json.loads(line) for line in (tmp_path / "crops" / "readings.jsonl").read_text().splitlines()]
    assert len(brought) == len(json.loads((forms / "template.json").read_text())["fields"])
    run(nomina, "import", str(tmp_path / "project"), "--readings", str(tmp_path / "crops"))
    decide(nomina, tmp_path / "project", [(brought[1]["file"], "WRITTEN")])
    assert main(["merge", str(readings), str(tmp_path / "project"), "--out", str(tmp_path / "final")]) == 0
    rows = final_rows(tmp_path / "final")
    decided = [row["name"] for row in rows.values() if row["text"] == "WRITTEN"]
    assert decided == [brought[1]["name"]]


def test_a_project_of_whole_pages_is_joined_by_quadrilateral(nomina: list[str], tmp_path: Path) -> None:
    forms = ROOT / "resources" / "samples" / "forms"
    template, page = str(forms / "template.json"), str(forms / "pages" / "form-01.jpg")
    readings = tmp_path / "readings"
    read_here(nomina, [page], readings, template)
    project = tmp_path / "project"
    run(nomina, "import", str(project), page, "--template", template)
    name = json.loads((forms / "template.json").read_text())["fields"][2]["name"]
    decide(nomina, project, [("form-01.jpg", "WRITTEN")], ("1", name))
    assert main(["merge", str(readings), str(project), "--out", str(tmp_path / "final")]) == 0
    assert [row["name"] for row in final_rows(tmp_path / "final").values() if row["text"] == "WRITTEN"] == [name]


def test_what_is_no_project_is_refused(readings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["merge", str(readings), str(tmp_path), "--out", str(tmp_path / "final")]) == 1
    assert "is no project" in capsys.readouterr().err
