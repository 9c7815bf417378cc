"""Closer views of what a network is unsure of, as the manifest's `views` says; as in the app's decode/views.ts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UsageError
from ..models.manifest import InputSpec, Manifest
from ..runtime.checked import MOST_TRIM
from .ctc_greedy import collapse, greedy_path
from .frames import Frames
from .together import match_frames, product_of

_MOST = 8
_SHARPNESS = 8
"""Power of a view's certainty that it counts by: chosen on dev of latin-lines."""


@dataclass(frozen=True)
class Views:
    """A field whose certainty is below `below` is read closer and closer, as each of `inputs` in turn, while that makes
    the network surer; all that it says then counts together.

    Networks read letters larger than those that they learnt from better than smaller ones (Touvron et al. 2019, "Fixing
    the train-test resolution discrepancy"): a line that fills little of its crop is cut closer.
    """

    inputs: tuple[InputSpec, ...]
    below: float


def views_of(manifest: Manifest) -> Views | None:
    """The manifest's; None where it names none. Raises UsageError where they can't be."""
    described: Mapping[str, Any] | None = manifest.raw.get("views")
    if not described:
        return None
    try:
        trims, below = [float(trim) for trim in described["trims"]], float(described["below"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{manifest.id}: views: missing or wrong: {error!r}") from error
    if manifest.raw.get("cascade"):
        raise UsageError(f"{manifest.id}: views: only a model without a cascade reads closer views")
    if not (0 < len(trims) <= _MOST and all(0 <= trim <= MOST_TRIM for trim in trims) and 0 <= below <= 1):
        raise UsageError(f"{manifest.id}: views: trims are 1 to {_MOST} numbers from 0 to {MOST_TRIM}, below 0 to 1")
    return Views(manifest.input.closer(trims), below)


@dataclass(frozen=True)
class View:
    """A field as a network saw it once: [T, C], how sure it is of it (`certainty`), and how many characters it read."""

    frames: Frames
    certainty: float
    characters: int


def view_of(frames: Frames, blank: int) -> View:
    """`certainty` is the probability of the best path, for each character of its text: their geometric mean; of all of
    it where there is none."""
    characters = len(collapse(greedy_path(frames), blank))
    return View(frames, math.exp(float(np.log(frames.max(axis=1)).sum()) / max(1, characters)), characters)


def goes_on(seen: Sequence[View], below: float) -> bool:
    """Whether a closer view than the last of these is worth a look: the first left a doubt, and each was surer."""
    *before, last = seen
    if not before:
        return last.certainty < below
    return last.characters > 0 and last.certainty > max(view.certainty for view in before)


def join_views(seen: Sequence[View], blank: int) -> Frames:
    """What all views say, as frames of the surest one: the others' are matched with them, and each view counts by its
    certainty. A view in which nothing is read says nothing of where there is another."""
    views = [view for view in seen if view.characters] or seen[:1]
    if len(views) == 1:
        return views[0].frames
    surest = max(views, key=lambda view: view.certainty)
    weights = [view.certainty**_SHARPNESS for view in views]
    looks = [
        view.frames if view is surest else view.frames[match_frames(surest.frames, view.frames, blank)]
        for view in views
    ]
    return product_of(looks, [weight / sum(weights) for weight in weights])
