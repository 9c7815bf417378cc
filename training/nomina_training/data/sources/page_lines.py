"""Lines of PAGE XML and ALTO files, cropped from their pages by polygon, or by a box around the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from ...errors import UsageError
from ..pictures import CropPicture, Points
from .iam import parse_xml
from .row import Row, Source

_ABOVE, _BELOW = 0.75, 0.25
"""Shares of a line's height over and under its baseline, where the file has no polygon."""
_DEFAULT_HEIGHT = 60
"""A line's height, px, where nothing tells: about 5 mm at 300 dpi."""

Line = tuple[str, str, Points]
"""Id, text, polygon."""


def read_page(source: Source) -> list[Row]:
    """TextLines of PAGE XML (any version); the group is the page."""
    return _rows(source, _page_lines)


def read_alto(source: Source) -> list[Row]:
    """TextLines of ALTO (any version) measured in pixels; the group is the page."""
    return _rows(source, _alto_lines)


def _rows(source: Source, lines_of: Callable[[Element, Path], tuple[str, list[Line]]]) -> list[Row]:
    files = sorted(source.labels.glob("*.xml")) if source.labels.is_dir() else [source.labels]
    if not files:
        raise UsageError(f"{source.labels}: no .xml files in this folder")
    rows = []
    for file in files:
        image, lines = lines_of(parse_xml(file), file)
        page = _image(source.images, image, file)
        for identifier, text, points in lines:
            picture = CropPicture(page, points, identifier)
            columns = {"page": file.stem, "line": identifier}
            rows.append(Row(f"{file.stem}:{identifier}", text, file.stem, picture, columns))
    return rows


def _image(folder: Path, named: str, file: Path) -> Path:
    """The page's image: what the file names, else one of the file's own name with another ending."""
    given = folder / Path(named.replace("\\", "/")).name
    if named and given.exists():
        return given
    beside = [path for path in sorted(folder.glob(f"{file.stem}.*")) if path.suffix != ".xml"]
    return beside[0] if beside else given


def _page_lines(root: Element, file: Path) -> tuple[str, list[Line]]:
    page = next(_named(root, "Page"), None)
    if page is None:
        raise UsageError(f"{file}: no Page element; is it PAGE XML?")
    found = []
    for line in _named(page, "TextLine"):
        texts = [child for child in line if _local(child) == "TextEquiv"]
        texts.sort(key=lambda child: int(child.get("index", "0")))
        text = next((u.text or "" for equivalent in texts[:1] for u in _named(equivalent, "Unicode")), "")
        areas = {_local(child): _points(child.get("points", "")) for child in line}
        found.append((line.get("id", ""), text, areas.get("Coords", ()), areas.get("Baseline", ())))
    return page.get("imageFilename", ""), _with_polygons(found)


def _alto_lines(root: Element, file: Path) -> tuple[str, list[Line]]:
    unit = next((element.text for element in _named(root, "MeasurementUnit")), "pixel")
    if unit != "pixel":
        raise UsageError(f"{file}: measured in {unit}, only pixels are read")
    image = next((element.text or "" for element in _named(root, "fileName")), "")
    found = []
    for line in _named(root, "TextLine"):
        # A hyphen at a line's end (HYP) is ink; a space (SP) stands between strings whether written out or not.
        texts = [child.get("CONTENT", "") for child in line if _local(child) == "String"]
        hyphen = next((child.get("CONTENT", "-") for child in line if _local(child) == "HYP"), "")
        polygon = next((_points(element.get("POINTS", "")) for element in _named(line, "Polygon")), ())
        baseline = _points(line.get("BASELINE", ""))
        sides = [line.get(key) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
        if len(polygon) < 3 and all(sides):
            x, y, width, height = (round(float(side or 0)) for side in sides)
            polygon = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        found.append((line.get("ID", ""), " ".join(texts) + hyphen, polygon, baseline))
    return image, _with_polygons(found)


def _with_polygons(found: list[tuple[str, str, Points, Points]]) -> list[Line]:
    """Lines with a polygon each; one that has none and no baseline either keeps an empty one and is broken later."""
    heights = sorted(max(y for _, y in p) - min(y for _, y in p) for _, _, p, _ in found if len(p) >= 3)
    height = heights[len(heights) // 2] if heights else _baseline_distance([b for *_, b in found])
    return [
        (name, text, polygon if len(polygon) >= 3 else _around(baseline, height))
        for name, text, polygon, baseline in found
    ]


def _baseline_distance(baselines: list[Points]) -> int:
    """The median distance, px, from one baseline to the next one down."""
    ys = sorted(sum(y for _, y in line) / len(line) for line in baselines if line)
    gaps = sorted(round(below - above) for above, below in pairwise(ys) if below - above > 5)
    return gaps[len(gaps) // 2] if gaps else _DEFAULT_HEIGHT


def _around(baseline: Points, height: int) -> Points:
    above, below = round(_ABOVE * height), round(_BELOW * height)
    if len(baseline) < 2:
        return ((-1, -1),)
    return (*((x, y - above) for x, y in baseline), *((x, y + below) for x, y in reversed(baseline)))


def _points(text: str) -> Points:
    """`1,2 3,4` and `1 2 3 4` alike; a text that is neither gives none."""
    try:
        numbers = [round(float(number)) for number in text.replace(",", " ").split()]
    except ValueError:
        return ()
    return tuple(zip(numbers[::2], numbers[1::2], strict=False))


def _named(element: Element, name: str) -> Iterator[Element]:
    """Descendants of a local name, whatever the version's namespace."""
    return (child for child in element.iter() if _local(child) == name)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
