"""Which files are read: globs, folders, single files and lists of them, on any filesystem that fsspec knows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import fsspec
from fsspec.core import url_to_fs

EXTENSIONS = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".pdf"}
"""Of files in a folder; what is named by itself or by a glob is taken whatever its name."""


def list_sources(given: Iterable[str]) -> list[str]:
    """Every file once, in order of its name: local files by their absolute path, others by their address.

    `@FILE` is a list, a source a line. Raises FileNotFoundError where a name stands for nothing.
    """
    found: set[str] = set()
    for name in given:
        found.update(_listed(name[1:]) if name.startswith("@") else _named(name))
    return sorted(found)


def _listed(path: str) -> list[str]:
    with fsspec.open(path, "rt", encoding="utf-8") as lines:
        return [_whole(line.strip()) for line in lines if line.strip()]


def _whole(name: str) -> str:
    filesystem, path = url_to_fs(name)
    return _address(filesystem, path)


def _named(name: str) -> list[str]:
    filesystem, path = url_to_fs(name)
    if any(sign in path for sign in "*?["):
        paths = [path for path in filesystem.glob(path) if not filesystem.isdir(path)]
    elif filesystem.isdir(path):
        paths = [path for path in filesystem.find(path) if PurePosixPath(path).suffix.lower() in EXTENSIONS]
    else:
        paths = [path] if filesystem.exists(path) else []
    if not paths:
        raise FileNotFoundError(f"There are no files in {name}.")
    return [_address(filesystem, path) for path in paths]


def _address(filesystem: fsspec.AbstractFileSystem, path: str) -> str:
    return path if is_local(filesystem) else str(filesystem.unstrip_protocol(path))


def is_local(filesystem: fsspec.AbstractFileSystem) -> bool:
    """Whether its paths are those of this machine."""
    protocol = filesystem.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)
