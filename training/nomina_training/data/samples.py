"""Labelled pictures made fit to train on: rules on by choice, each counted; what is left out for a fault is listed."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UsageError
from ..runtime.atomic_files import write_atomically
from .books import HeldOutBooks, held_out_books
from .pictures import BROKEN, Picture
from .sources import Row, Source, rows_of

NOT_A_TEXT = ("EMPTY", "UNREADABLE")
"""Published stand-ins for a text: such rows say nothing about the ink."""

DEFAULT_RULES = ("escapes", "whitespace", "missing", "unreadable", "outside-charset", "repeated")

_TYPOGRAPHY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
                             "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2026": "..."})  # fmt: skip

_ESCAPE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def unescaped(text: str) -> str:
    """XML's escapes as the characters that they mean: `&amp;` is one "&" on the paper. Some tables keep them. Those of
    control characters and of no character stay."""
    return _ESCAPE.sub(_meant, text)


def _meant(escape: re.Match[str]) -> str:
    name, decimal, hexadecimal = escape.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_none = code > 0x10FFFF or unicodedata.category(chr(code)) in ("Cc", "Cs")
    return escape[0] if is_none else chr(code)


CHANGES: dict[str, Callable[[str], str]] = {
    "escapes": lambda text: unicodedata.normalize("NFC", unescaped(text)),
    "whitespace": lambda text: " ".join(text.split()),
    "typography": lambda text: text.translate(_TYPOGRAPHY),
    "upper": str.upper,
    "lower": str.lower,
}
"""Rules that change a label, by name."""

RULES = (*CHANGES, "missing", "unreadable", "strip-foreign", "outside-charset", "repeated")
"""All rules, in the order of their work. strip-foreign takes characters outside the charset out of a label,
outside-charset leaves the row out."""


@dataclass(frozen=True)
class Sample:
    """One labelled picture: `text` is NFC and clean, `digest` the sha256 (hex) of the picture, `source` its set.

    `training_only` ones (synthetic, say) are in no split but the training rows.
    """

    picture: Picture
    text: str
    digest: str
    group: str = ""
    source: str = ""
    training_only: bool = False


@dataclass
class Cleaning:
    """What cleaning did: rows kept, labels changed and rows left out by rule, and each faulty one with its reason."""

    kept: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, rule: str, name: str = "", reason: str = "") -> None:
        """Count a row left out by a rule, and list it where it has a fault."""
        self.dropped[rule] += 1
        if reason:
            self.broken.append((name, reason))

    def as_json(self) -> dict[str, object]:
        """Counts (no texts); the list goes to a file of its own, `write_broken`."""
        return {"kept": self.kept, "changed": dict(self.changed), "dropped": dict(self.dropped)}

    def write_broken(self, path: Path) -> None:
        """FILE,REASON of every faulty row, RFC 4180."""
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([("FILE", "REASON"), *self.broken])
        write_atomically(path, buffer.getvalue().encode())


def tidy(text: str, upper: bool) -> str:
    """NFC, runs of white space to one space, none at the ends; upper case where asked."""
    single = " ".join(unicodedata.normalize("NFC", text).split())
    return single.upper() if upper else single


def label_of(cell: str) -> str:
    """A cell of a table as a text: tidy, its escapes the characters that they mean."""
    return tidy(unescaped(cell), upper=False)


def clean_label(text: str, rules: Sequence[str], characters: Sequence[str], report: Cleaning, name: str) -> str | None:
    """A label after the rules; None where one leaves the row out. Raises UsageError on a foreign character where
    no rule says what to do with it."""
    text = unicodedata.normalize("NFC", text)
    for rule, change in CHANGES.items():
        if rule in rules:
            changed = change(text)
            report.changed[rule] += changed != text
            text = changed
    if "unreadable" in rules and text.upper().strip() in NOT_A_TEXT:
        report.drop("unreadable")
        return None
    foreign = [character for character in dict.fromkeys(text) if character not in characters]
    if foreign and "strip-foreign" in rules:
        text = "".join(character for character in text if character in characters)
        text = CHANGES["whitespace"](text) if "whitespace" in rules else text
        report.changed["strip-foreign"] += 1
    elif foreign:
        codes = " ".join(f"U+{ord(character):04X}" for character in foreign)
        if "outside-charset" not in rules:
            raise UsageError(f"{name}: the label has {codes}, which model.charset lacks; "
                             "choose the rule outside-charset or strip-foreign in data.rules")  # fmt: skip
        report.drop("outside-charset", name, f"label has {codes}")
        return None
    if "missing" in rules and not text.strip():
        report.drop("missing")
        return None
    return text


def load_samples(
    sources: Sequence[Source],
    characters: Sequence[str],
    rules: Sequence[str] = DEFAULT_RULES,
    held_out: HeldOutBooks | None = None,
) -> tuple[list[Sample], Cleaning]:
    """Rows fit to train on, and the count of what was changed or left out and why.

    Rows of books that are held out (by default those of splits/books.json) are refused, whatever their labels.
    A picture that is missing or no whole image is left out and listed whatever the rules. `repeated` leaves out the
    same picture with the same text seen before. Raises UsageError on an unknown rule, and where no row is left.
    """
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise UsageError(f"data.rules: unknown: {', '.join(unknown)}; there are: {', '.join(RULES)}")
    books = held_out_books() if held_out is None else held_out
    report = Cleaning()
    samples: list[Sample] = []
    seen: set[tuple[str, str]] = set()
    for source in sources:
        for row in rows_of(source):
            if books.has(row):
                report.drop("book held out")
                continue
            text = clean_label(row.text, rules, characters, report, row.name)
            digest = _digest(row, report) if text is not None else None
            if text is None or digest is None:
                continue
            if "repeated" in rules and (digest, text) in seen:
                report.drop("repeated")
                continue
            seen.add((digest, text))
            samples.append(
                Sample(row.picture, text, digest, row.group, source.labels.parent.name, source.training_only)
            )
    report.kept = len(samples)
    if not samples:
        raise UsageError(_nothing_left(sources, report))
    return samples, report


def load_any_samples(source: Source, held_out: HeldOutBooks | None = None) -> tuple[list[Sample], Cleaning]:
    """Rows with any characters, by the default rules, for a model whose charset follows from them."""
    characters = sorted({character for row in rows_of(source) for character in label_of(row.text)})
    return load_samples([source], characters, DEFAULT_RULES, held_out)


def _nothing_left(sources: Sequence[Source], report: Cleaning) -> str:
    places = ", ".join(f"{source.labels} with images in {source.images}" for source in sources)
    causes = ", ".join(f"{count} {rule}" for rule, count in report.dropped.items()) or "there are no rows"
    first = f"; the first: {': '.join(report.broken[0])}" if report.broken else ""
    return f"{places}: no row to train on ({causes}{first})"


def _digest(row: Row, report: Cleaning) -> str | None:
    """The picture's digest, once it is known to be whole; None where it is listed as broken."""
    try:
        row.picture.grey()
        return row.picture.digest()
    except BROKEN as error:
        report.drop("broken image", row.name, f"{type(error).__name__}: {error}")
        return None
