"""The sub-commands `language-model`, `fit-decoder`, `fit-cascade`, `fit-list` and `calibrate`."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from ..corpus import Split
    from ..pictures import Picture

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
    from ..files import write_atomically
    from ..language_model import count_texts, estimate, read_ngrams
    from ..language_model.estimate import perplexity
    from ..language_model.model import language_model_bytes, parse_language_model
    from ..manifest import read_manifest
    from .labelled import read_texts

    if not 1 <= options.order <= 12:
        raise UsageError(f"--order: {options.order} is not from 1 to 12")
    if options.ngrams:
        counts = read_ngrams(options.ngrams, options.order)
    else:
        counts = count_texts(_texts_to_count(options), options.order)
    without: list[str] = []
    if options.without:
        without = [text for _, text in read_texts(options.without, options.without_column)]
        counts, missing = counts.without(without)
        print(f"{len(without)} texts left out; {missing} of their n-grams were not there")
    inside = {symbol for ngram in counts.longest for symbol in ngram if symbol >= " "}
    characters = read_manifest(options.model).charset.characters if options.model else tuple(sorted(inside))
    if not counts.longest:
        raise UsageError("there is nothing to count")
    facts = {"method": options.method, "least": options.least}
    content = language_model_bytes(
        *estimate(counts, characters, options.method, options.least), options.order, facts
    )
    write_atomically(options.out, content)
    print(f"{options.out}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    if without:
        model = parse_language_model(content)
        known = [text for text in without if all(model.symbol_of(character) >= 0 for character in text)]
        print(f"perplexity on them: {perplexity([model.log_probability(text) for text in known], known):.4f}")


def _texts_to_count(options: argparse.Namespace) -> dict[str, int]:
    if options.configuration:
        return dict(Counter(sample.text for sample in _split(options.configuration).training))
    return _weighted_texts(options.texts, options.text_column, options.count_column)


def _weighted_texts(path: Path, text_column: str, count_column: str | None) -> dict[str, int]:
    """Texts with how often each counts, of a CSV, or of a text file with one a line."""
    try:
        if path.suffix.lower() != ".csv":
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            return dict(Counter(" ".join(line.split()) for line in lines if line.strip()))
        counts: Counter[str] = Counter()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                text = " ".join(row[text_column].split())
                if text:
                    counts[text] += int(row[count_column]) if count_column else 1
        return dict(counts)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, KeyError) as error:
        raise UsageError(f"{path}: {error!r}") from error


def _fit_decoder(options: argparse.Namespace) -> None:
    from ..files_of_model import language_model_of
    from ..language_model import read_language_model
    from ..manifest import read_manifest
    from .fit import fit_decoder
    from .labelled import read_labelled, read_texts, refuse_foreign

    manifest = read_manifest(options.model)
    if manifest.raw.pop("cascade", None):
        print("its cascade belongs to the decoder as it was and is left out: run fit-cascade again")
    file: Path | None = options.language_model
    if file and file.resolve().parent != options.model.resolve().parent:
        raise UsageError(f"{file}: must lie beside {options.model}")
    model = read_language_model(file) if file else language_model_of(manifest)
    if model is None:
        raise UsageError(f"{options.model} names no language model: give --language-model")
    labelled = read_labelled(manifest, _fields(options), options.threads)
    refuse_foreign(labelled, manifest.charset)
    names = {text for _, text in read_texts(options.list, options.list_column)} if options.list else set()
    fitted = fit_decoder(labelled, manifest.charset, model, options.beam, names.__contains__, options.objective)
    print(json.dumps({"decoder": fitted.settings, "dev": fitted.report}, indent=2))
    if options.dry_run:
        return
    raw = dict(manifest.raw)
    before: dict[str, Any] = raw.get("decoder") or {}
    name = file.name if file else before["languageModel"]["file"]
    digest = hashlib.sha256((options.model.parent / name).read_bytes()).hexdigest()
    raw["decoder"] = {
        **before,
        "beam": fitted.settings["beam"],
        "greedyAbove": fitted.settings["greedyAbove"],
        "languageModel": {
            "file": name,
            "sha256": digest,
            "weight": fitted.settings["weight"],
            "lengthBonus": fitted.settings["lengthBonus"],
        },
    }
    # A calibration belongs to the decoder that it was fitted with.
    raw["calibration"] = {}
    raw["metrics"] = {**(raw.get("metrics") or {}), "devDecoder": fitted.report}
    _write(options.model, raw)


def _fit_cascade(options: argparse.Namespace) -> None:
    from ..files import write_atomically
    from ..manifest import read_manifest
    from .decoder import Decoder
    from .fit_cascade import fit_cascade
    from .labelled import read_labelled

    manifest, second = (
        replace(one, raw={**one.raw, "cascade": None})
        for one in map(read_manifest, (options.model, options.second))
    )
    if second.charset != manifest.charset:
        raise UsageError(f"{options.second}: another charset than {options.model} has")
    if not (isinstance(manifest.input.width, int) and isinstance(second.input.width, int)):
        raise UsageError("a cascade needs inputs of a fixed width")
    if (manifest.input.fit, manifest.input.align) != (second.input.fit, second.input.align):
        raise UsageError(f"{options.second}: input.fit and input.align must be those of {options.model}")
    fields = _fields(options)
    own = read_labelled(second, fields, options.threads)
    labelled = read_labelled(manifest, fields, options.threads)
    fitted = fit_cascade(
        labelled, [field.frames for field in own], Decoder.of_manifest(manifest), options.share, options.objective
    )
    _refuse_overwriting(options.model.parent / second.model.name, second.model)
    content = second.model.read_bytes()
    described = {
        "file": second.model.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": second.raw["input"],
        "output": second.raw["output"],
        "below": fitted.below,
        "weight": fitted.weight,
        "training": second.raw.get("training", {}),
    }
    print(json.dumps({"cascade": described, "dev": fitted.report}, indent=2))
    if options.dry_run:
        return
    write_atomically(options.model.parent / second.model.name, content)
    raw = dict(manifest.raw)
    raw["cascade"] = described
    # A calibration belongs to what it was fitted with.
    raw["calibration"] = {}
    raw["metrics"] = {**(raw.get("metrics") or {}), "devCascade": fitted.report}
    _write(options.model, raw)


def _refuse_overwriting(beside: Path, second: Path) -> None:
    if beside.exists() and beside.read_bytes() != second.read_bytes():
        raise UsageError(f"{beside}: there is another file of that name, give {second} another name first")


def _fit_list(options: argparse.Namespace) -> None:
    from ..files_of_model import language_model_of
    from ..manifest import read_manifest
    from .fit_list import NameList, fit_list

    manifest = read_manifest(options.model)
    model = language_model_of(manifest)
    if model is None:
        raise UsageError(f"{options.model} names no language model: run fit-decoder first")
    labelled = _labelled(options)
    listed = _weighted_texts(options.list, options.list_column, options.count_column)
    names = NameList.without(listed, [field.truth for field in labelled])
    raw = dict(manifest.raw)
    own = raw["decoder"]["languageModel"]
    chosen, report = fit_list(labelled, manifest.charset, model, names, own["weight"], own["lengthBonus"])
    print(json.dumps({"lexicon": chosen, "dev": report}, indent=2))
    if options.dry_run:
        return
    raw["decoder"] = {**raw["decoder"], "lexicon": chosen}
    raw["metrics"] = {**(raw.get("metrics") or {}), "devList": report}
    _write(options.model, raw)


def _calibrate(options: argparse.Namespace) -> None:
    from ..manifest import read_manifest
    from .decoder import Decoder
    from .fit import fit_confidence

    manifest = read_manifest(options.model)
    decoder = Decoder.of_manifest(manifest)
    decoder.calibration = None
    fitted = fit_confidence(_labelled(options), decoder)
    print(json.dumps({"calibration": fitted.settings, "dev": fitted.report}, indent=2))
    if options.dry_run:
        return
    raw = dict(manifest.raw)
    raw["calibration"] = fitted.settings
    raw["metrics"] = {**(raw.get("metrics") or {}), "devCalibration": fitted.report}
    _write(options.model, raw)


def _labelled(options: argparse.Namespace) -> list[Any]:
    from ..manifest import read_manifest
    from .labelled import read_labelled

    return list(read_labelled(read_manifest(options.model), _fields(options), options.threads))


def _fields(options: argparse.Namespace) -> list[tuple[Picture, str]]:
    from ..config import condition
    from ..pictures import FilePicture
    from .labelled import read_texts

    fields: list[tuple[Picture, str]]
    if options.configuration:
        fields = [(sample.picture, sample.text) for sample in _split(options.configuration).dev]
    else:
        where = [condition(text) for text in options.where]
        folder = options.images or options.dev.parent
        rows = read_texts(options.dev, options.text_column, where, options.filename_column)
        fields = [(FilePicture(folder / name), text) for name, text in rows]
    if not fields:
        raise UsageError(f"{options.dev}: no rows to fit on")
    return fields


def _split(path: Path) -> Split:
    """The rows of a training configuration by their use, cleaned as its run cleans them."""
    from ..config import read_configuration
    from ..corpus import read_split

    return read_split(read_configuration(path))


def _write(path: Path, raw: dict[str, Any]) -> None:
    from ..files import write_atomically

    write_atomically(path, (json.dumps(raw, indent=2, ensure_ascii=False) + "\n").encode())
    print(f"{path}: written")
