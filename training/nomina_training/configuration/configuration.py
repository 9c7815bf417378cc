"""A run's configuration: a TOML, YAML or JSON file, `--set section.key=value` on top, checked before the start."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from ..data.sources import KINDS, Source
from ..errors import UsageError
from ..images.augmentation import Augmentation, augmentation_from
from ..models.charset import Charset
from ..models.manifest import InputSpec, input_from_json
from ..runtime.checked import checked
from .sections import CacheSection, DataSection, ModelSection, TeacherSettings, TrainingSection, ViewsSection

_CHOICES = {
    "optimiser": ("adamw", "adam"),
    "schedule": ("one-cycle", "cosine", "warm-up-stable-decay", "plateau"),
    "precision": ("float32", "bfloat16", "float16"),
    "device": ("auto", "cpu", "cuda", "mps"),
}
_NOT_TOML = (".yaml", ".yml", ".json")
"""JSON, which a run keeps its configuration in, is YAML too."""
Section = TypeVar("Section")


_SECTIONS = {"bank": "cache"}
_KEYS = {("cache", "views"): "copies", ("training", "watched"): "monitored"}
"""Earlier names, of files and checkpoints that were made with them."""


@dataclass(frozen=True)
class Configuration:
    """All of it; `raw` is what was read, for the checkpoint and the manifest."""

    model: ModelSection
    input: InputSpec
    data: DataSection
    cache: CacheSection | None
    training: TrainingSection
    augmentation: Augmentation
    teacher: TeacherSettings | None
    raw: dict[str, Any]
    views: ViewsSection | None = None

    @property
    def charset(self) -> Charset:
        """The model's classes."""
        return Charset(tuple(self.model.charset), self.model.blank)

    @property
    def closer(self) -> tuple[InputSpec, ...]:
        """The inputs of its closer views."""
        return self.input.closer(self.views.trims if self.views else ())

    @property
    def rules(self) -> tuple[str, ...]:
        """The cleaning rules, `upper` among them where the model is of capitals."""
        return (*self.data.rules, *(["upper"] if self.model.upper else []))


def read_configuration(path: Path, overrides: Sequence[str] = ()) -> Configuration:
    """Read a file and lay `section.key=value` overrides on it; raises UsageError that names the key."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text) if path.suffix not in _NOT_TOML else yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise UsageError(f"{path}: no sections in it")
    raw = with_current_names(raw)
    for override in overrides:
        _override(raw, override)
    return configuration_from(raw)


def configuration_from(raw: dict[str, Any]) -> Configuration:
    """Check a parsed configuration; raises UsageError that names the key."""
    raw = with_current_names(raw)
    known = {"model", "input", "data", "cache", "training", "augmentation", "teacher", "views"}
    if set(raw) - known:
        raise UsageError(f"unknown section {', '.join(sorted(set(raw) - known))}; there are {', '.join(sorted(known))}")
    configuration = Configuration(
        model=_section(ModelSection, "model", raw),
        input=input_from_json(raw.get("input", {})),
        data=_data(raw),
        cache=_section(CacheSection, "cache", raw) if "cache" in raw else None,
        training=_section(TrainingSection, "training", raw),
        augmentation=augmentation_from(raw.get("augmentation", {})),
        teacher=_teacher(raw["teacher"]) if "teacher" in raw else None,
        raw=raw,
        views=_section(ViewsSection, "views", raw) if "views" in raw else None,
    )
    _check(configuration)
    return configuration


def with_current_names(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration in which earlier names of sections and keys, which files and checkpoints may have, are today's.

    Raises UsageError where a key is there by both names.
    """
    renamed: dict[str, Any] = {}
    for section, values in raw.items():
        if not isinstance(values, Mapping):
            renamed[section] = values
            continue
        for key, value in values.items():
            new_section, new_key = _current_name(section, key)
            table = renamed.setdefault(new_section, {})
            if new_key in table:
                raise UsageError(f"{new_section}.{new_key} is given twice, once by its earlier name")
            table[new_key] = value
        renamed.setdefault(_current_name(section, "")[0], {})
    return renamed


def _current_name(section: str, key: str) -> tuple[str, str]:
    section = _SECTIONS.get(section, section)
    return section, _KEYS.get((section, key), key)


def _check(configuration: Configuration) -> None:
    training = configuration.training
    for key, allowed in _CHOICES.items():
        if getattr(training, key) not in allowed:
            raise UsageError(f"training.{key}: {getattr(training, key)!r} is none of {', '.join(allowed)}")
    if configuration.data.hold_out not in ("none", "groups"):
        raise UsageError(f"data.hold_out: {configuration.data.hold_out!r} is neither none nor groups")
    if configuration.data.books not in ("held out", "seen"):
        raise UsageError(f"data.books: {configuration.data.books!r} is neither held out nor seen")
    if configuration.views and configuration.cache:
        raise UsageError("views: a cache has whole fields alone: leave out the section [cache]")
    if configuration.teacher and configuration.cache is None:
        raise UsageError("teacher: what it says is kept in a cache: add the section [cache]")


def source_from(values: Mapping[str, Any]) -> Source:
    """A source of a configuration; paths are relative to the current folder. Raises UsageError that names the key."""
    given = dict(values)
    where = given.pop("where", [])
    if isinstance(where, Mapping):
        conditions = tuple((str(column), str(value)) for column, value in where.items())
    else:
        conditions = tuple(condition(text) for text in where)
    labels = given.get("labels")
    if isinstance(labels, str) and "images" not in given:
        given["images"] = str(Path(labels).parent)
    source = _section(Source, "data", {"data": given}, where=conditions)
    if source.kind not in KINDS:
        raise UsageError(f"data.kind: {source.kind!r} is unknown; there are: {', '.join(KINDS)}")
    return source


def condition(text: str) -> tuple[str, str]:
    """`COLUMN=VALUE` as two texts; raises UsageError."""
    column, equals, value = str(text).partition("=")
    if not equals:
        raise UsageError(f"{text}: expected COLUMN=VALUE")
    return column, value


def _data(raw: Mapping[str, Any]) -> DataSection:
    """[data]: one source in the section itself, or [[data.sources]], for which the section gives the defaults."""
    section = raw.get("data")
    if not isinstance(section, Mapping):
        raise UsageError("section [data] is missing")
    own = {field.name for field in fields(DataSection)}
    defaults = {key: value for key, value in section.items() if key not in own}
    listed = section.get("sources", [{}])
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        raise UsageError("data.sources: expected tables, [[data.sources]]")
    rest = {key: value for key, value in section.items() if key in own and key != "sources"}
    sources = tuple(source_from({**defaults, **entry}) for entry in listed)
    return _section(DataSection, "data", {"data": rest}, sources=sources)


def _section(kind: type[Section], name: str, raw: Mapping[str, Any], **given: Any) -> Section:  # noqa: ANN401 - any field's
    values = raw.get(name)
    if not isinstance(values, Mapping):
        raise UsageError(f"section [{name}] is missing")
    return checked(kind, name, values, **given)


def _teacher(raw: Mapping[str, Any]) -> TeacherSettings:
    try:
        given = {"charset": Charset(tuple(raw["charset"]), raw["blank"]), "input": input_from_json(raw["input"])}
    except KeyError as error:
        raise UsageError(f"teacher.{error.args[0]} is missing") from error
    rest = {key: value for key, value in raw.items() if key not in ("charset", "blank", "input")}
    return checked(TeacherSettings, "teacher", rest, **given)


def _override(raw: dict[str, Any], override: str) -> None:
    """Lay `a.b=value` on a parsed file; the value is TOML, or else a plain text."""
    key, equals, value = override.partition("=")
    *path, last = key.strip().split(".")
    if not equals or not path:
        raise UsageError(f"--set {override}: expected section.key=value")
    if len(path) == 1:
        path[0], last = _current_name(path[0], last)
    table = raw
    for part in path:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise UsageError(f"--set {override}: {part} is no section")
    try:
        table[last] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        table[last] = value
