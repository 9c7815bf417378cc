"""The sub-commands `language-model`, `fit-decoder`, `fit-cascade`, `fit-list` and `calibrate`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from ..data.pictures import Picture
    from ..training.corpus import Split

Add = Callable[..., argparse.ArgumentParser]


def add_decoding_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    language_model = add("language-model", help="a character n-gram language model from counts or texts")
    source = language_model.add_mutually_exclusive_group(required=True)
    source.add_argument("--ngrams", type=Path, help="CSV of NGRAM,COUNT with ^ before and $ after")
    source.add_argument("--texts", type=Path, help="CSV of texts, one a row, or a text file, one a line")
    source.add_argument("--configuration", type=Path, help="the training rows' texts of this training configuration")
    language_model.add_argument("--text-column", default="NAME")
    language_model.add_argument("--count-column", help="how often each text counts (default: once)")
    language_model.add_argument("--without", type=Path, help="CSV whose texts are left out of the counts")
    language_model.add_argument("--without-column", default="IDENTITY")
    language_model.add_argument("--model", type=Path, help="manifest whose charset to use (default: all characters)")
    language_model.add_argument("--order", type=int, default=6)
    language_model.add_argument("--method", choices=("kneser-ney", "witten-bell"), default="kneser-ney")
    language_model.add_argument("--least", type=int, default=2, help="rarer n-grams of 3 and more are left out")
    language_model.add_argument("--mix", type=Path, help="a language model's file that what is counted is mixed with")
    language_model.add_argument("--share", type=float, default=0.1, help="with --mix: of what is counted, 0 to 1")
    language_model.add_argument("--out", type=Path, required=True)
    language_model.set_defaults(run_command=_language_model)

    decoder = add("fit-decoder", help="choose a language model's weight on development fields; into the manifest")
    _add_fields(decoder)
    decoder.add_argument("--language-model", type=Path, help="file beside the manifest (default: the manifest's own)")
    decoder.add_argument("--beam", type=int, default=8)
    decoder.add_argument("--list", type=Path, help="CSV of names: figures inside and outside of it")
    decoder.add_argument("--list-column", default="NAME")
    decoder.add_argument("--objective", choices=("exact", "cer"), default="exact", help="what is least to be wrong")
    decoder.add_argument("--dry-run", action="store_true", help="print the figures, leave the manifest as it is")
    decoder.set_defaults(run_command=_fit_decoder)

    cascade = add("fit-cascade", help="have a second network read what the first doubts; into the manifest")
    _add_fields(cascade)
    cascade.add_argument("--second", type=Path, required=True, help="the second network's manifest")
    cascade.add_argument("--share", type=float, default=0.1, help="of the fields that it is asked about")
    cascade.add_argument("--objective", choices=("exact", "cer"), default="exact", help="what is least to be wrong")
    cascade.add_argument("--dry-run", action="store_true", help="print the figures, leave the manifest as it is")
    cascade.set_defaults(run_command=_fit_cascade)

    fit_list = add("fit-list", help="choose how much an imported list counts on development fields; into the manifest")
    _add_fields(fit_list)
    fit_list.add_argument("--list", type=Path, required=True, help="CSV of names, the fields' own taken out first")
    fit_list.add_argument("--list-column", default="NAME")
    fit_list.add_argument("--count-column", default="COUNT")
    fit_list.add_argument("--dry-run", action="store_true", help="print the figures, leave the manifest as it is")
    fit_list.set_defaults(run_command=_fit_list)

    calibrate = add("calibrate", help="fit the confidence on development fields; into the manifest")
    _add_fields(calibrate)
    calibrate.add_argument("--dry-run", action="store_true", help="print the figures, leave the manifest as it is")
    calibrate.set_defaults(run_command=_calibrate)


def _add_fields(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, help="manifest")
    rows = parser.add_mutually_exclusive_group(required=True)
    rows.add_argument("--dev", type=Path, help="CSV of development fields, never trained on")
    rows.add_argument("--configuration", type=Path, help="the dev rows of this training configuration")
    parser.add_argument("--images", type=Path, help="folder of the images (default: that of the CSV)")
    parser.add_argument("--filename-column", default="FILENAME")
    parser.add_argument("--text-column", default="IDENTITY")
    parser.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="only rows like this")
    parser.add_argument("--threads", type=int, default=1)


def _language_model(options: argparse.Namespace) -> None:
    import hashlib

    from ..data.texts import texts_by_file
    from ..decoding.language_model import count_texts, read_language_model, read_ngrams
    from ..decoding.language_model.make import MOST_ORDER, characters_of, make_language_model, perplexity_of
    from ..decoding.language_model.mix import mix_language_model
    from ..models.manifest import read_manifest
    from ..runtime.atomic_files import write_atomically

    if not 1 <= options.order <= MOST_ORDER:
        raise UsageError(f"--order: {options.order} is not from 1 to {MOST_ORDER}")
    if not 0 <= options.share <= 1:
        raise UsageError(f"--share: {options.share} is not from 0 to 1")
    if options.ngrams:
        counts = read_ngrams(options.ngrams, options.order)
    else:
        counts = count_texts(_texts_to_count(options), options.order)
    without: list[str] = []
    if options.without:
        without = [text for _, text in texts_by_file(options.without, options.without_column)]
        counts, missing = counts.without(without)
        print(f"{len(without)} texts left out; {missing} of their n-grams were not there")
    characters = read_manifest(options.model).charset.characters if options.model else None
    if options.mix:
        read_language_model(options.mix)  # says what is wrong with it
        base = options.mix.read_bytes()
        written = characters or sorted({*characters_of(base), *counts.characters})
        content = mix_language_model(base, counts, written, options.share, options.method, options.least)
    else:
        content = make_language_model(counts, characters, options.method, options.least)
    write_atomically(options.out, content)
    print(f"{options.out}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    if without:
        found = perplexity_of(content, without)
        lacking = "each of them has a character that the model lacks"
        print(lacking if found is None else f"perplexity on them: {found:.4f}")


def _texts_to_count(options: argparse.Namespace) -> dict[str, int]:
    from ..data.samples import Cleaning
    from ..data.texts import counted_texts

    if options.configuration:
        return dict(Counter(sample.text for sample in _split(options.configuration).training))
    report = Cleaning()
    texts = counted_texts(options.texts, options.text_column, options.count_column, report)
    _tell_refused(report.dropped["book held out"])
    return texts


def _fit_decoder(options: argparse.Namespace) -> None:
    from ..data.texts import texts_by_file
    from ..export.fit_manifest import with_decoder
    from ..models.manifest import read_manifest

    manifest = read_manifest(options.model)
    if manifest.raw.get("cascade"):
        print("its cascade belongs to the decoder as it was and is left out: run fit-cascade again")
    names = {text for _, text in texts_by_file(options.list, options.list_column)} if options.list else set()
    raw, fitted = with_decoder(
        manifest, _fields(options), options.language_model, options.beam, names.__contains__, options.objective,
        options.threads,
    )  # fmt: skip
    _finish(options, raw, {"decoder": fitted.settings, "dev": fitted.report})


def _fit_cascade(options: argparse.Namespace) -> None:
    from ..export.fit_manifest import with_cascade
    from ..models.manifest import read_manifest
    from ..runtime.atomic_files import write_atomically

    manifest, second = read_manifest(options.model), read_manifest(options.second)
    raw, report = with_cascade(manifest, second, _fields(options), options.share, options.objective, options.threads)
    if not options.dry_run:
        write_atomically(options.model.parent / second.model.name, second.model.read_bytes())
    _finish(options, raw, {"cascade": raw["cascade"], "dev": report})


def _fit_list(options: argparse.Namespace) -> None:
    from ..data.texts import counted_texts
    from ..export.fit_manifest import with_list
    from ..models.manifest import read_manifest

    listed = counted_texts(options.list, options.list_column, options.count_column)
    raw, report = with_list(read_manifest(options.model), _fields(options), listed, options.threads)
    _finish(options, raw, {"lexicon": raw["decoder"]["lexicon"], "dev": report})


def _calibrate(options: argparse.Namespace) -> None:
    from ..export.fit_manifest import with_calibration
    from ..models.manifest import read_manifest

    raw, fitted = with_calibration(read_manifest(options.model), _fields(options), options.threads)
    _finish(options, raw, {"calibration": fitted.settings, "dev": fitted.report})


def _finish(options: argparse.Namespace, raw: dict[str, Any], told: dict[str, Any]) -> None:
    """Prints what was chosen, and writes the manifest unless it is a trial."""
    from ..export.fit_manifest import write_manifest

    print(json.dumps(told, indent=2))
    if not options.dry_run:
        write_manifest(options.model, raw)
        print(f"{options.model}: written")


def _fields(options: argparse.Namespace) -> list[tuple[Picture, str]]:
    from ..configuration.configuration import condition
    from ..data.books import held_out_books
    from ..data.pictures import FilePicture
    from ..data.sources import Row
    from ..data.texts import texts_by_file

    fields: list[tuple[Picture, str]]
    if options.configuration:
        fields = [(sample.picture, sample.text) for sample in _split(options.configuration).dev]
    else:
        where = [condition(text) for text in options.where]
        folder = options.images or options.dev.parent
        rows = texts_by_file(options.dev, options.text_column, where, options.filename_column)
        named = [Row(name, text, "", FilePicture(folder / name)) for name, text in rows]
        books = held_out_books()
        fields = [(row.picture, row.text) for row in named if not books.has(row)]
        _tell_refused(len(named) - len(fields))
    if not fields:
        raise UsageError(f"{options.dev}: no rows to fit on")
    return fields


def _tell_refused(rows: int) -> None:
    if rows:
        print(f"{rows} rows of books that are held out (splits/books.json) are left out", file=sys.stderr)


def _split(path: Path) -> Split:
    """The rows of a training configuration by their use, cleaned as its run cleans them."""
    from ..configuration.configuration import read_configuration
    from ..training.corpus import read_split

    return read_split(read_configuration(path))
