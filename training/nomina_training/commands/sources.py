"""The options by which a command is told of labelled pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..data.sources import KINDS, Source
from ..errors import UsageError

_DEFAULT_COLUMNS = {"parquet": ("image", "text")}


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """--labels and what belongs to it, or --configuration for the data of a training run."""
    parser.add_argument("--labels", type=Path, help="CSV of labels, or what --kind needs")
    parser.add_argument("--images", type=Path, help="folder of the images (default: that of the labels)")
    parser.add_argument("--kind", choices=sorted(KINDS), default="csv", help="format of the labels")
    parser.add_argument("--unit", choices=("lines", "words", "forms"), default="lines", help="of the IAM set")
    parser.add_argument("--filename-column", help="default FILENAME; for Parquet the column of images, default image")
    parser.add_argument("--text-column", help="default IDENTITY; for Parquet text")
    parser.add_argument("--group-column", default="", help="column of the writer or page")
    parser.add_argument("--split-file", type=Path, help="file of ids, one a line: only these rows")
    parser.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="only rows like this")
    parser.add_argument("--configuration", type=Path, help="take the data of this training configuration instead")


def sources_of(options: argparse.Namespace) -> tuple[Source, ...]:
    """The sources that the options name; raises UsageError where they name none."""
    from ..configuration.configuration import condition, read_configuration

    if options.configuration:
        return read_configuration(options.configuration).data.sources
    if not options.labels:
        raise UsageError("--labels or --configuration is needed")
    filename, text = _DEFAULT_COLUMNS.get(options.kind, ("FILENAME", "IDENTITY"))
    return (
        Source(
            options.labels,
            options.images or (options.labels if options.labels.is_dir() else options.labels.parent),
            options.filename_column or filename,
            options.text_column or text,
            tuple(condition(given) for given in options.where),
            options.kind,
            options.group_column,
            options.unit,
            options.split_file,
        ),
    )
