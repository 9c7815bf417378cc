"""The sub-commands `evaluate`, `compare`, `predict`, `analyse` and `speed`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.sources import Source
from ..errors import UsageError
from .sources import add_source_options, sources_of

if TYPE_CHECKING:
    from ..evaluation.evaluate import Field, FieldResult

Add = Callable[..., argparse.ArgumentParser]
_IMAGES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
_MODEL = "manifest (.json) or checkpoint (.pt)"
_RUNS = Path("runs")
_NEWEST = f"{_MODEL}; default: the best checkpoint of the newest run in {_RUNS}/"


def add_evaluation_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    evaluate = add("evaluate", aliases=["test"], help="error rates on labelled images, with intervals")
    _add_model(evaluate)
    add_source_options(evaluate)
    _add_held_out(evaluate)
    dev = "only the dev rows of --configuration; with checked those of dev-checked.csv that are legible, as written"
    evaluate.add_argument(
        "--dev", nargs="?", const="published", default="", choices=("published", "checked"), metavar="checked", help=dev
    )
    evaluate.add_argument("--greedy", action="store_true", help="without the manifest's language model and beam")
    evaluate.add_argument("--json", type=Path, help="write the figures here too")
    evaluate.add_argument("--fields", type=Path, help="write every field's reading here (CSV)")
    evaluate.add_argument("--report", type=Path, help="write an HTML report with the worst cases here")
    evaluate.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    evaluate.add_argument("--threads", type=int, default=1)
    final = "score FOLDER's checked validation rows and log it in final-evaluations.csv"
    evaluate.add_argument("--final", type=Path, metavar="FOLDER", help=final)
    evaluate.set_defaults(run_command=_evaluate)

    compare = add("compare", help="two models on the same rows, with paired intervals")
    compare.add_argument("models", type=Path, nargs=2, metavar="A B", help=f"{_MODEL}, or CSV of evaluate --fields")
    add_source_options(compare)
    _add_held_out(compare)
    compare.add_argument("--greedy", action="store_true", help="without the manifests' language models and beams")
    compare.add_argument("--json", type=Path, help="write the figures here too")
    compare.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    compare.add_argument("--threads", type=int, default=1)
    compare.set_defaults(run_command=_compare)

    predict = add("predict", aliases=["generate"], help="read images, or a row of a labelled set beside its truth")
    _add_model(predict)
    predict.add_argument("-i", "--image", type=Path, nargs="+", default=[], help="files, or folders of them")
    predict.add_argument("--index", type=int, help="row of --test-labels, from 0")
    predict.add_argument("--test-dir", type=Path, help="folder of its images")
    predict.add_argument("--test-labels", type=Path, help="CSV of labels")
    predict.add_argument("--filename-column", default="FILENAME")
    predict.add_argument("--text-column", default="IDENTITY")
    predict.add_argument("--greedy", action="store_true", help="without the manifest's language model and beam")
    predict.set_defaults(run_command=_predict)

    analyse = add("analyse", help="lengths, sizes and characters of labelled images, as charts and JSON")
    add_source_options(analyse)
    analyse.add_argument("--out", type=Path, required=True, help="folder for summary.json and the charts")
    analyse.set_defaults(run_command=_analyse)

    speed = add("speed", help="fields a second beside another ONNX model, in turns")
    speed.add_argument("--model", type=Path, required=True, help="ONNX file")
    speed.add_argument("--reference", type=Path, required=True, help="ONNX file")
    speed.add_argument("--threads", type=int, default=1)
    speed.add_argument("--rounds", type=int, default=7)
    speed.set_defaults(run_command=_speed)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", "--model", "--checkpoint", type=Path, help=_NEWEST)


def model_of(options: argparse.Namespace, runs: Path = _RUNS) -> Path:
    """The model that was named, or the best checkpoint of the newest run; raises UsageError where there is none."""
    if options.model:
        return Path(options.model)
    best = max(runs.glob("*/best.pt"), key=lambda path: path.stat().st_mtime_ns, default=None)
    if best is None:
        raise UsageError(f"no run in {runs.absolute()} has a best.pt: name a model with --model")
    print(f"model: {best}", file=sys.stderr)
    return best


def _add_held_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--held-out", nargs="?", const="groups", default="", choices=("groups", "books"), metavar="books",
        help="only groups of sha256(group) mod 10 = 0; with books only the books of splits/books.json",
    )  # fmt: skip


def _evaluate(options: argparse.Namespace) -> None:
    from ..evaluation.evaluate import evaluate, evaluate_fields, write_fields
    from ..evaluation.final import evaluate_finally
    from ..evaluation.html_report import html_report
    from ..inference.text_reader import open_reader
    from ..runtime.atomic_files import write_atomically

    options.model = model_of(options)
    if options.final:
        final = evaluate_finally(options.model, options.final, greedy=options.greedy, fields=options.fields)
        print(json.dumps({labels: scores.as_json() for labels, scores in final.items()}, indent=2))
        return
    sources = sources_of(options)
    reader = open_reader(options.model, options.threads, options.greedy)
    if options.dev:
        result = evaluate_fields(reader, _dev_fields(options))
    else:
        result = evaluate(reader, sources, options.held_out)
    figures = {
        "model": str(options.model),
        "labels": [str(source.labels) for source in sources],
        "held_out": options.held_out,
        "dev": options.dev,
        "decoder": "greedy" if options.greedy or options.model.suffix == ".pt" else "the manifest's",
        **result.as_json(options.seed),
    }
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    if options.json:
        write_atomically(options.json, text.encode() + b"\n")
    if options.fields:
        write_fields(options.fields, result)
    if options.report:
        title = f"{options.model.stem} on {', '.join(str(source.labels) for source in sources)}"
        write_atomically(options.report, html_report(title, result, figures).encode())
    print(text)


def _dev_fields(options: argparse.Namespace) -> list[Field]:
    """The dev rows of the configuration, cleaned as training cleans them; raises UsageError where there is none."""
    from ..configuration.configuration import read_configuration
    from ..data.dev_checked import checked, read_checks
    from ..evaluation.evaluate import Field
    from ..training.corpus import read_split

    if not options.configuration or options.held_out:
        raise UsageError("--dev: for the rows of a --configuration, without --held-out")
    dev = read_split(read_configuration(options.configuration)).dev
    if options.dev == "checked":
        dev = checked(dev, read_checks())
    return [Field(sample.picture.name, sample.text, sample.picture, sample.source) for sample in dev]


def _compare(options: argparse.Namespace) -> None:
    from ..evaluation.comparison import compare
    from ..runtime.atomic_files import write_atomically

    ours, theirs = (_results(path, options) for path in options.models)
    figures = {"models": [str(path) for path in options.models], **compare(ours, theirs, options.seed)}
    if options.json:
        write_atomically(options.json, json.dumps(figures, indent=2).encode() + b"\n")
    print(json.dumps(figures, indent=2))


def _results(path: Path, options: argparse.Namespace) -> Sequence[FieldResult]:
    """Of an earlier evaluation's CSV, or of a model that reads the rows now."""
    from ..evaluation.evaluate import evaluate, read_results
    from ..inference.text_reader import open_reader

    if path.suffix == ".csv":
        return read_results(path)
    return evaluate(open_reader(path, options.threads, options.greedy), sources_of(options), options.held_out).results


def _predict(options: argparse.Namespace) -> int:
    from ..data.pictures import BROKEN
    from ..data.sources import rows_of
    from ..images.grey import read_grey
    from ..inference.text_reader import open_reader, read_texts

    if (options.index is None) == (not options.image):
        raise UsageError("predict: give --image FILE …, or --index with --test-labels")
    reader, failed = open_reader(model_of(options), greedy=options.greedy), 0
    if options.index is not None:
        if not options.test_labels:
            raise UsageError("predict: --index needs --test-labels")
        folder = options.test_dir or options.test_labels.parent
        rows = rows_of(Source(options.test_labels, folder, options.filename_column, options.text_column))
        if not 0 <= options.index < len(rows):
            raise UsageError(f"--index: {options.index} is not from 0 to {len(rows) - 1}")
        row = rows[options.index]
        try:
            text = next(read_texts(reader, [row.picture.grey()]))
        except BROKEN as error:
            raise UsageError(f"{row.name}: {type(error).__name__}: {error}") from error
        print(f"file     {row.name}\ntruth    {row.text}\nreading  {text.text}\nconfidence {text.confidence:.3f}")
        return 0 if text.text == row.text else 1
    for path in [file for given in options.image for file in _images(given)]:
        try:
            grey = read_grey(path)
        except BROKEN as error:
            print(f"{path}: {type(error).__name__}", file=sys.stderr)
            failed = 1
            continue
        text = next(read_texts(reader, [grey]))
        print(f"{path}\t{text.text}\t{text.confidence:.3f}")
    return failed


def _images(given: Path) -> list[Path]:
    """A file itself, or a folder's images in the order of their names."""
    if not given.is_dir():
        return [given]
    images = sorted(file for file in given.iterdir() if file.suffix.lower() in _IMAGES)
    if not images:
        raise UsageError(f"{given}: no images in this folder")
    return images


def _analyse(options: argparse.Namespace) -> None:
    from ..data.analysis import analyse

    summary = analyse(sources_of(options), options.out)
    print(json.dumps({key: value for key, value in summary.items() if key != "character_counts"}, indent=2))


def _speed(options: argparse.Namespace) -> None:
    from ..evaluation.speed import compare_speed

    print(json.dumps(compare_speed(options.model, options.reference, options.threads, options.rounds), indent=2))
