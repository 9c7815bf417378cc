"""The sub-commands `export`, `card`, `golden` and `synthesise`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .sources import add_source_options, sources_of

if TYPE_CHECKING:
    from ..data import Sample

Add = Callable[..., argparse.ArgumentParser]


def add_making_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    export = add("export", help="write a checkpoint's averaged weights as ONNX with a manifest and a model card")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True, help="folder for <id>.onnx, <id>.json and <id>.md")
    eight_bits = "int8: convolutions in 8 bits, calibrated on training images of the checkpoint's data"
    export.add_argument("--precision", choices=("fp32", "int8"), default="fp32", help=eight_bits)
    export.add_argument("--metrics", type=Path, help="JSON object to lay into the manifest's metrics")
    export.set_defaults(run_command=_export)

    card = add("card", help="write a model's card anew, from its manifest as it is now and what it was trained with")
    card.add_argument("--checkpoint", type=Path, required=True, help="that it was exported from")
    card.add_argument("--model", type=Path, required=True, help="manifest; the card lies beside it")
    card.set_defaults(run_command=_card)

    synthesise = add("synthesise", help="handwritten fields from fonts and from glyphs of real fields")
    synthesise.add_argument("--out", type=Path, required=True, help="folder for the images and labels.csv")
    synthesise.add_argument("--number", type=int, required=True)
    synthesise.add_argument("--names", type=Path, required=True, help="CSV, or a text file with one a line")
    synthesise.add_argument("--names-column", default="NAME")
    synthesise.add_argument("--count-column", help="how often each occurs; its square root is its weight")
    synthesise.add_argument("--fonts", type=Path, help="folder of open fonts, such as node_modules/@fontsource")
    synthesise.add_argument("--glyphs-of", type=Path, metavar="MODEL", help="cut glyphs with this CTC model …")
    add_source_options(synthesise)
    synthesise.add_argument("--glyph-fields", type=int, default=2000, help="… out of so many of the labelled fields")
    synthesise.add_argument("--glyph-share", type=float, default=0.5, help="of the images, where there are fonts too")
    synthesise.add_argument("--seed", type=int, default=1)
    synthesise.set_defaults(run_command=_synthesise)

    golden = add("golden", help="write the golden parity vectors, or check them")
    golden.add_argument("--out", type=Path, required=True)
    golden.add_argument("--model", type=Path, default=Path("resources/models/names-caps.json"), help="manifest")
    golden.add_argument("--check", action="store_true", help="recompute from the stored images and compare")
    golden.set_defaults(run_command=_golden)


def _export(options: argparse.Namespace) -> None:
    from ..checkpoint import load_checkpoint
    from ..export import export

    try:
        metrics = json.loads(options.metrics.read_text(encoding="utf-8")) if options.metrics else {}
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{options.metrics}: {error}") from error
    print(export(load_checkpoint(options.checkpoint), options.out, metrics, options.precision))


def _card(options: argparse.Namespace) -> None:
    from ..checkpoint import load_checkpoint
    from ..files import write_atomically
    from ..manifest import read_manifest
    from ..model_card import model_card

    manifest, configuration = read_manifest(options.model), load_checkpoint(options.checkpoint).configuration
    if configuration.model.id != manifest.id:
        raise UsageError(f"{options.checkpoint}: of {configuration.model.id}, not of {manifest.id}")
    path = options.model.with_suffix(".md")
    write_atomically(path, model_card(manifest.raw, configuration).encode())
    print(f"{path}: written")


def _synthesise(options: argparse.Namespace) -> None:
    from ..recogniser import open_recogniser
    from ..synthesis import Recipe, synthesise
    from ..synthesis.fonts import read_fonts
    from ..synthesis.glyphs import cut_glyphs
    from ..synthesis.texts import read_weighted_texts

    texts = read_weighted_texts(options.names, options.names_column, options.count_column)
    fonts = read_fonts(options.fonts) if options.fonts else []
    glyphs = None
    if options.glyphs_of:
        charset = open_recogniser(options.glyphs_of).charset
        glyphs = cut_glyphs(training_samples(options, charset.characters), options.glyphs_of)
    recipe = Recipe(options.number, list(texts), list(texts.values()), options.seed, options.glyph_share)
    print(f"{options.out}: {synthesise(recipe, fonts, glyphs, options.out)} images")


def training_samples(options: argparse.Namespace, characters: Sequence[str]) -> list[Sample]:
    """Of a training configuration its training rows alone (never dev or groups held out), else all rows given; as many
    as --glyph-fields says, those of smallest image hash."""
    from ..config import read_configuration
    from ..corpus import read_split
    from ..data import load_samples

    if options.configuration:
        samples = read_split(read_configuration(options.configuration)).training
    else:
        samples, _ = load_samples(sources_of(options), characters)
    return sorted(samples, key=lambda sample: sample.digest)[: options.glyph_fields]


def _golden(options: argparse.Namespace) -> int:
    from ..golden import check_golden, write_golden
    from ..manifest import read_manifest

    manifest = read_manifest(options.model)
    if not options.check:
        print(f"{options.out}: {write_golden(options.out, manifest):,} bytes")
        return 0
    problems = check_golden(options.out, manifest)
    print("\n".join(problems) or f"{options.out}: all equal")
    return 1 if problems else 0
