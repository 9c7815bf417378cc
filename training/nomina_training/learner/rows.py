"""The rows of a round: a JSON object a line, parted into what is learnt from, what judges and what nobody decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ..data.pictures import FilePicture
from ..data.samples import Sample
from ..finetuning import CannotLearn


class Row(msgspec.Struct, frozen=True):
    """A whole image with its text, "" where a person saw that it is blank."""

    image: str
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{64}$")]
    part: Literal["train", "choose", "judge", "undecided"]
    text: str | None = None
    group: str = ""


@dataclass(frozen=True)
class Rows:
    """Those of a round, each picture once; and what was left out, by reason."""

    train: list[Sample]
    choose: list[Sample]
    judge: list[Sample]
    undecided: list[Sample]
    dropped: Counter[str] = field(default_factory=Counter)


def read_rows(path: Path) -> Rows:
    """Raises CannotLearn where the file can't be read, or a line is no row."""
    parts: dict[str, list[Sample]] = defaultdict(list)
    dropped: Counter[str] = Counter()
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise CannotLearn("bad-rows", f"{path}: {error.strerror or error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=Row)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CannotLearn("bad-rows", f"{path}, line {number}: {error}") from error
        if row.text is None and row.part != "undecided":
            dropped["no text"] += 1
            continue
        parts[row.part].append(Sample(FilePicture(Path(row.image)), row.text or "", row.sha256.lower(), row.group))
    seen: set[str] = set()
    judge = _once(parts["judge"], seen, dropped)
    choose = _once(parts["choose"], seen, dropped)
    train = _once(parts["train"], seen, dropped)
    undecided = _once(parts["undecided"], seen, dropped)
    return Rows(train, choose, judge, undecided, dropped)


def _once(samples: Sequence[Sample], seen: set[str], dropped: Counter[str]) -> list[Sample]:
    """Each picture that was not seen before, unless it was decided in two ways: nobody knows which is right."""
    texts: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        texts[sample.digest].add(sample.text)
    kept = []
    for sample in samples:
        if len(texts[sample.digest]) > 1:
            dropped["decided two ways"] += 1
        elif sample.digest in seen:
            dropped["the same picture"] += 1
        else:
            seen.add(sample.digest)
            kept.append(sample)
    return kept
