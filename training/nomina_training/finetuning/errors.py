"""Why a round can't be run."""

from __future__ import annotations

from ..errors import UsageError


class CannotLearn(UsageError):
    """A round that can't begin or go on. `key` is for programs: no-rows, diverged, not-trainable and so on."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
