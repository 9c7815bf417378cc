"""A training run's configuration: a TOML file, `--set section.key=value` on top, checked before anything starts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from .augment import Augmentation, augmentation_from
from .charset import Charset
from .data import Source
from .errors import UsageError
from .manifest import InputSpec, input_from_json
from .teacher import TeacherSettings


@dataclass(frozen=True)
class ModelSection:
    """What is trained."""

    id: str
    title: str
    architecture: str
    charset: str
    blank: int = 0
    upper: bool = False
    licence: str = "MIT"
    credits: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSection:
    """What it is trained on; paths are relative to the current folder."""

    labels: str
    images: str
    filename_column: str = "FILENAME"
    text_column: str = "IDENTITY"
    dev_size: int = 1000

    def source(self) -> Source:
        """Its CSV and folder."""
        return Source(Path(self.labels), Path(self.images), self.filename_column, self.text_column)


@dataclass(frozen=True)
class BankSection:
    """The bank of views."""

    folder: str
    views: int = 14
    spliced: int = 0
    workers: int = 1


@dataclass(frozen=True)
class TrainingSection:
    """How it is trained; `precision` is float32 or bfloat16, `threads` those of torch."""

    epochs: int
    batch_size: int = 64
    learning_rate: float = 4e-3
    weight_decay: float = 0.01
    warm_up: float = 0.15
    average_decay: float = 0.999
    clip_norm: float = 5.0
    precision: str = "float32"
    threads: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Configuration:
    """All of it; `raw` is what was read, for the checkpoint and the manifest."""

    model: ModelSection
    input: InputSpec
    data: DataSection
    bank: BankSection
    training: TrainingSection
    augmentation: Augmentation
    teacher: TeacherSettings | None
    raw: dict[str, Any]

    @property
    def charset(self) -> Charset:
        """The model's classes."""
        return Charset(tuple(self.model.charset), self.model.blank)


def read_configuration(path: Path, overrides: Sequence[str] = ()) -> Configuration:
    """Read a file and lay `section.key=value` overrides on it; raises UsageError that names the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    for override in overrides:
        _override(raw, override)
    return configuration_from(raw)


def configuration_from(raw: dict[str, Any]) -> Configuration:
    """Check a parsed configuration; raises UsageError that names the key."""
    known = {"model", "input", "data", "bank", "training", "augmentation", "teacher"}
    if set(raw) - known:
        raise UsageError(f"unknown section {', '.join(sorted(set(raw) - known))}; there are {', '.join(sorted(known))}")
    try:
        augmentation = augmentation_from(raw.get("augmentation", {}))
    except (TypeError, ValueError) as error:
        raise UsageError(f"augmentation: {error}") from error
    configuration = Configuration(
        model=_section(ModelSection, "model", raw),
        input=input_from_json(raw.get("input", {})),
        data=_section(DataSection, "data", raw),
        bank=_section(BankSection, "bank", raw),
        training=_section(TrainingSection, "training", raw),
        augmentation=augmentation,
        teacher=_teacher(raw["teacher"]) if "teacher" in raw else None,
        raw=raw,
    )
    if configuration.training.precision not in ("float32", "bfloat16"):
        raise UsageError(f"training.precision: {configuration.training.precision!r} is neither float32 nor bfloat16")
    for key in ("epochs", "batch_size", "threads"):
        if getattr(configuration.training, key) < 1:
            raise UsageError(f"training.{key}: must be at least 1")
    return configuration


def _section(kind: type[Any], name: str, raw: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the class given
    """A section's dataclass; numbers, texts and truth values must have the type of their field."""
    values = raw.get(name)
    if not isinstance(values, Mapping):
        raise UsageError(f"section [{name}] is missing")
    known = {field.name: field for field in fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"{name}.{key} is unknown; there are: {', '.join(known)}")
        wanted = str(known[key].type)
        fits = {
            "int": isinstance(value, int) and not isinstance(value, bool),
            "float": isinstance(value, (int, float)) and not isinstance(value, bool),
            "str": isinstance(value, str),
            "bool": isinstance(value, bool),
        }.get(wanted, isinstance(value, list))
        if not fits:
            raise UsageError(f"{name}.{key}: {value!r} is not of type {wanted}")
    absent = [key for key, field in known.items() if field.default is MISSING and key not in values]
    if absent:
        raise UsageError(f"{name}.{absent[0]} is missing")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


_TEACHER_NUMBERS = ("first_frame", "temperature", "weight", "misread_weight", "certain", "contradicted")


def _teacher(raw: Mapping[str, Any]) -> TeacherSettings:
    try:
        numbers = {key: raw[key] for key in _TEACHER_NUMBERS if key in raw}
        charset = Charset(tuple(raw["charset"]), raw["blank"])
        return TeacherSettings(Path(raw["model"]), charset, input_from_json(raw["input"]), **numbers)
    except KeyError as error:
        raise UsageError(f"teacher.{error.args[0]} is missing") from error


def _override(raw: dict[str, Any], override: str) -> None:
    """Lay `a.b=value` on a parsed file; the value is TOML, or else a plain text."""
    key, equals, value = override.partition("=")
    *path, last = key.strip().split(".")
    if not equals or not path:
        raise UsageError(f"--set {override}: expected section.key=value")
    table = raw
    for part in path:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise UsageError(f"--set {override}: {part} is no section")
    try:
        table[last] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        table[last] = value
