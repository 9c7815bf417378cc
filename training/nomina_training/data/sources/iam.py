"""The IAM handwriting database (Marti & Bunke 2002) in its own formats: ascii/lines.txt, words.txt, forms.txt and xml/.

Its folders: ascii/ or xml/ with the labels, lines/a01/a01-000u/a01-000u-00.png, words/…, forms/a01-000u.png. The
published splits are lists of line or form ids; a row's group is its writer where the files tell, else its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from ...errors import UsageError
from ..pictures import FilePicture
from .row import Row, Source

_UNITS = ("lines", "words", "forms")
_COLUMNS_BEFORE_TEXT = {"lines": 8, "words": 8}
"""Columns of a row before its transcription: id, result, grey level, (components,) x, y, w, h(, tag)."""


def read_iam(source: Source) -> list[Row]:
    """Rows of a set's lines, words or forms; column `segmentation` is ok or err as published."""
    if source.unit not in _UNITS:
        raise UsageError(f"data.unit: {source.unit!r} is none of {', '.join(_UNITS)}")
    entries = _from_xml(source) if source.labels.is_dir() else _from_ascii(source)
    rows = []
    for name, text, writer, segmentation in entries:
        columns = {"id": name, "writer": writer, "segmentation": segmentation}
        rows.append(Row(name, text, writer, FilePicture(_image(source, name)), columns))
    return rows


Entry = tuple[str, str, str, str]
"""Id, text, writer (or form), segmentation."""


def _image(source: Source, name: str) -> Path:
    if source.unit == "forms":
        return source.images / "forms" / f"{name}.png"
    first, second = name.split("-")[0], "-".join(name.split("-")[:2])
    return source.images / source.unit / first / second / f"{name}.png"


def _from_ascii(source: Source) -> Iterator[Entry]:
    writers = _writers(source.labels.with_name("forms.txt"))
    if source.unit != "forms":
        for parts in _lines(source.labels, _COLUMNS_BEFORE_TEXT[source.unit]):
            form = "-".join(parts[0].split("-")[:2])
            yield parts[0], parts[-1].replace("|", " "), writers.get(form, form), parts[1]
        return
    texts: dict[str, list[str]] = {}
    for parts in _lines(source.labels.with_name("lines.txt"), _COLUMNS_BEFORE_TEXT["lines"]):
        texts.setdefault("-".join(parts[0].split("-")[:2]), []).append(parts[-1].replace("|", " "))
    for form, writer in writers.items():
        yield form, "\n".join(texts.get(form, [])), writer, "ok"


def _writers(forms: Path) -> dict[str, str]:
    """Form id to writer id from ascii/forms.txt; empty where that file is not there."""
    return {parts[0]: parts[1] for parts in _lines(forms, 2)} if forms.exists() else {}


def _lines(file: Path, before: int) -> Iterator[list[str]]:
    """The columns of each row that is no comment, the rest of the line as the last one."""
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}") from error
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(maxsplit=before)
        if len(parts) < before + 1:
            raise UsageError(f"{file}, line {number}: {len(parts)} columns, expected at least {before + 1}")
        yield parts


def _from_xml(source: Source) -> Iterator[Entry]:
    files = sorted(source.labels.glob("*.xml"))
    if not files:
        raise UsageError(f"{source.labels}: no .xml files in this folder")
    for file in files:
        form = parse_xml(file)
        identifier, writer = form.get("id", file.stem), form.get("writer-id", form.get("id", file.stem))
        lines = list(form.iter("line"))
        if source.unit == "forms":
            yield identifier, "\n".join(line.get("text", "") for line in lines), writer, "ok"
        for line in lines if source.unit != "forms" else ():
            segmentation = line.get("segmentation", "ok")
            for part in [line] if source.unit == "lines" else line.iter("word"):
                yield part.get("id", ""), part.get("text", ""), writer, segmentation


def parse_xml(file: Path) -> Element:
    """The root element; raises UsageError on a file that is missing, no XML or unsafe."""
    try:
        root: Element | None = parse(file).getroot()
    except (OSError, ParseError, DefusedXmlException) as error:
        raise UsageError(f"{file}: {error}") from error
    if root is None:
        raise UsageError(f"{file}: no XML element")
    return root
