"""The rooms of the package: which may import which."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import nomina_training

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_no_room_imports_one_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.application.use_cases import lint_imports
    from importlinter.configuration import configure

    monkeypatch.chdir(PYPROJECT.parent)
    configure()
    assert lint_imports(config_filename=str(PYPROJECT), cache_dir=None)


def test_the_package_tells_its_rooms_in_the_order_that_is_checked() -> None:
    (contract,) = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    told = re.findall(r"^    (\w+)  ", nomina_training.__doc__ or "", re.MULTILINE)
    assert told == contract["layers"]
