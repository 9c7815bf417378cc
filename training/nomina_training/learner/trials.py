"""How often a worse generation is taken: rounds on a few rows, and verdicts drawn from what both models read."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data.pictures import FilePicture
from ..data.samples import Sample
from ..errors import UsageError
from ..finetuning import open_base
from .judging import Judges, Verdict
from .messages import Round
from .round import Learner


@dataclass(frozen=True)
class Trial:
    """A round on some rows, and what base and generation read of others."""

    taken: bool
    rows: int
    """That it learnt from."""
    others: Verdict

    @property
    def difference(self) -> float:
        """CER of the generation less that of the base, on the others."""
        return self.others.difference()[0]

    def taken_by_chance(self, verdicts: int, seed: int) -> int:
        """Of so many verdicts, each on as many of the others as the round had rows, those that would take the model
        that is the worse one on all of them."""
        worse_after = self.others.turned() if self.difference < 0 else self.others
        draw = np.random.default_rng(seed)
        count = len(self.others.texts)
        return sum(worse_after.part(draw.integers(0, count, self.rows).tolist()).is_better() for _ in range(verdicts))


def trials(
    manifest: Path, samples: Sequence[Sample], rows: int, count: int, budget: float, seed: int
) -> Iterator[Trial]:
    """So many rounds from a base, each on other rows, whole groups of them; what is left of the samples judges."""
    base, learner = open_base(manifest), Learner()
    before = Judges.of(base, samples).heard(manifest, 1, lambda: False)
    for number in range(count):
        order = _shuffled(samples, seed + number)
        places, others = order[:rows], order[rows:]
        with tempfile.TemporaryDirectory() as folder:
            asked = _request(manifest, [samples[place] for place in places], Path(folder), budget, f"trial-{number}")
            done = learner.run(asked, lambda: False, lambda _: None)
            judges = Judges.of(base, [samples[place] for place in others])
            after = judges.heard(Path(done["manifest"]), 1, lambda: False)
        yield Trial(done["taken"], rows, judges.verdict([before[place] for place in others], after))


def _shuffled(samples: Sequence[Sample], seed: int) -> list[int]:
    groups: dict[str, list[int]] = {}
    for place, sample in enumerate(samples):
        groups.setdefault(sample.group or sample.digest, []).append(place)
    names = list(groups)
    random.Random(seed).shuffle(names)
    return [place for name in names for place in groups[name]]


def _request(manifest: Path, samples: Sequence[Sample], folder: Path, budget: float, name: str) -> Round:
    rows = [
        {"image": str(_file(sample)), "text": sample.text, "sha256": sample.digest,
         "group": sample.group, "part": "train"}
        for sample in samples
    ]  # fmt: skip
    file = folder / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return Round(id=name, base=str(manifest), out=str(folder), name=name, rows=str(file), budget=budget)


def _file(sample: Sample) -> Path:
    if not isinstance(sample.picture, FilePicture):
        raise UsageError(f"{sample.picture.name}: a round learns from files, not from parts of them")
    return sample.picture.path.resolve()
