"""The sub-command `synthesise`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .sources import add_source_options, sources_of

if TYPE_CHECKING:
    from ..data.samples import Sample

Add = Callable[..., argparse.ArgumentParser]


def add_synthesis_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
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


def _synthesise(options: argparse.Namespace) -> None:
    from ..inference.ctc_network import open_recogniser
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
    from ..configuration.configuration import read_configuration
    from ..data.samples import load_samples
    from ..training.corpus import read_split

    if options.configuration:
        samples = read_split(read_configuration(options.configuration)).training
    else:
        samples, _ = load_samples(sources_of(options), characters)
    return sorted(samples, key=lambda sample: sample.digest)[: options.glyph_fields]
