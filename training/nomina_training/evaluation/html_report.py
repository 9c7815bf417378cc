"""An evaluation as one HTML file that needs nothing beside it: figures, breakdowns, the worst cases as images."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from PIL import Image

from ..data.pictures import BROKEN
from .evaluate import Evaluation, FieldResult

_WORST = 60
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
body{color:#222;background:#fff}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}
td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ddd}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}img{max-height:48px;max-width:30rem;display:block}
code{background:#f2f2f2;padding:0 .3em}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}td,th{border-color:#444}code{background:#333}}"""
_RATES = ("character_error_rate", "word_error_rate", "exact", "exact_ignoring_case", "character_accuracy")


def html_report(title: str, evaluation: Evaluation, figures: Mapping[str, Any]) -> str:
    """The page; `figures` are the evaluation's `as_json`."""
    calibration = figures["calibration"]
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{figures['fields']} fields, {figures['characters']} characters; 95 % bootstrap intervals.</p>",
        "<h2>Figures</h2>",
        _table(
            ("figure", "value", "95 % interval"),
            [(name.replace("_", " "), *_cells(name, interval)) for name, interval in figures["intervals"].items()],
        ),
        *_sets(figures["by_source"]),
        "<h2>By class of character</h2>",
        _table(
            ("class", "characters", "error rate", "95 % interval"),
            [(name, int(row["characters"]), *_cells("exact", row)) for name, row in figures["by_class"].items()],
        ),
        "<h2>By length</h2>",
        _table(
            ("characters", "fields", "CER", "95 % interval", "exact", "95 % interval"),
            [
                (f"{row['from']}-{row['to']}", row["fields"], *_cells("exact", row["character_error_rate"]),
                 *_cells("exact", row["exact"]))
                for row in figures["by_length"]
            ],
        ),
        "<h2>Commonest confusions</h2>",
        _table(
            ("written", "read", "times"),
            [(_shown(row["written"]), _shown(row["read"]), row["count"]) for row in figures["confusions"]],
        ),
        "<h2>Calibration</h2>",
        _table(
            ("expected calibration error", "95 % interval"),
            [_cells("exact", calibration["expected_calibration_error"])],
        ),
        _table(
            ("confidence from", "fields", "mean confidence", "exact"),
            [(row["from"], row["fields"], f"{row['confidence']:.3f}", f"{row['exact']:.3f}")
             for row in calibration["bins"]],
        ),
        "<h2>Worst cases</h2>",
        _worst_cases(evaluation.results),
    ]  # fmt: skip
    if evaluation.broken:
        parts += ["<h2>Not read</h2>", _table(("file", "reason"), evaluation.broken)]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _sets(by_source: Mapping[str, Any]) -> list[str]:
    """A table of the sets, where there are several."""
    if not by_source:
        return []
    rows = [
        (name, row["fields"], *_cells("exact", row["character_error_rate"]), *_cells("exact", row["word_error_rate"]),
         *_cells("exact", row["exact"]))
        for name, row in by_source.items()
    ]  # fmt: skip
    header = ("set", "fields", "CER", "95 % interval", "WER", "95 % interval", "exact", "95 % interval")
    return ["<h2>By set</h2>", _table(header, rows)]


def _worst_cases(results: Sequence[FieldResult]) -> str:
    wrong = [result for result in results if result.edits]
    wrong.sort(key=lambda result: (-result.edits, -result.confidence, result.filename))
    rows = "".join(
        f"<tr><td>{_image(result)}</td><td>{escape(result.truth)}</td><td>{escape(result.reading)}</td>"
        f'<td class="n">{result.edits}</td><td class="n">{result.confidence:.2f}</td>'
        f"<td>{escape(result.filename)}</td></tr>"
        for result in wrong[:_WORST]
    )
    header = "<tr><th>image</th><th>truth</th><th>reading</th><th>edits</th><th>confidence</th><th>file</th></tr>"
    return f"<p>{len(wrong)} of {len(results)} fields are not exact.</p><table>{header}{rows}</table>"


def _image(result: FieldResult) -> str:
    if result.picture is None:
        return ""
    try:
        buffer = io.BytesIO()
        Image.fromarray(result.picture.grey()).save(buffer, format="PNG")
    except BROKEN:
        return "not readable"
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'


def _cells(name: str, interval: Mapping[str, float] | None) -> tuple[str, str]:
    """A value and its interval; rates as percent."""
    if interval is None:
        return "none", ""
    if name in _RATES:
        return f"{100 * interval['value']:.2f} %", f"{100 * interval['low']:.2f} to {100 * interval['high']:.2f} %"
    return f"{interval['value']:.3f}", f"{interval['low']:.3f} to {interval['high']:.3f}"


def _shown(text: str) -> str:
    return "nothing" if not text else "space" if text == " " else text


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _cell(cell: object) -> str:
    number = isinstance(cell, (int, float)) or str(cell)[:1].isdigit()
    return f'<td class="n">{escape(str(cell))}</td>' if number else f"<td>{escape(str(cell))}</td>"
