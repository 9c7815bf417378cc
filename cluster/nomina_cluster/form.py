"""A form's template, carried to whoever reads: its JSON and the image that it names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import fsspec


@dataclass(frozen=True)
class Form:
    """The template's JSON, its image's bytes and the end of the image's name."""

    text: str
    image: bytes
    suffix: str

    @property
    def name(self) -> str:
        """The same for the same form: names the partition of its readings."""
        return hashlib.sha256(self.text.encode() + self.image).hexdigest()[:16]

    def write(self, folder: Path) -> Path:
        """Writes both files into a folder; returns the path of the JSON."""
        template = {**json.loads(self.text), "image": f"form{self.suffix}"}
        (folder / template["image"]).write_bytes(self.image)
        path = folder / "form.json"
        path.write_text(json.dumps(template), encoding="utf-8")
        return path


def load_form(address: str) -> Form:
    """Raises ValueError where the template is no JSON with an image, FileNotFoundError where one of both is missing."""
    with fsspec.open(address, "rb") as file:
        text = file.read().decode("utf-8-sig")
    try:
        image = json.loads(text)["image"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{address} is not the JSON of a template with an image.") from error
    beside = f"{address.rsplit('/', 1)[0]}/{image}" if "/" in address else image
    with fsspec.open(beside, "rb") as file:
        return Form(text, file.read(), PurePosixPath(image).suffix)
