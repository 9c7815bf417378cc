"""What every data format is read into, and what a configuration says of where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..pictures import Picture


@dataclass(frozen=True)
class Row:
    """One labelled picture as published, not yet cleaned; `group` is its writer or page, empty where unknown."""

    name: str
    text: str
    group: str
    picture: Picture
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A labelled set of pictures. Which of the options count depends on the kind.

    csv       `labels` a CSV (or TSV) file, `images` the folder that its file names lie in
    nomina    the same for both of Nomina's exports, whose columns it knows
    iam       `labels` an ascii/*.txt file or the folder xml, `images` the set's root, `unit` lines, words or forms
    parquet   `labels` a .parquet file or a folder of them; filename_column the column of images
    page      `labels` a PAGE XML file or a folder of them, `images` the folder of the pages
    alto      the same for ALTO
    `where` keeps rows whose columns have these values, `split_file` those whose id (or page's) it lists;
    `training_only` rows (synthetic ones, say) are never dev or held out.
    """

    labels: Path
    images: Path
    filename_column: str = "FILENAME"
    text_column: str = "IDENTITY"
    where: tuple[tuple[str, str], ...] = ()
    kind: str = "csv"
    group_column: str = ""
    unit: str = "lines"
    split_file: Path | None = None
    training_only: bool = False
