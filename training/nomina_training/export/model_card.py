"""A model card in Markdown (Mitchell et al. 2019): data, licences, credits, figures and limits of an exported model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..configuration.configuration import Configuration
from ..data.sources import Source


def model_card(manifest: Mapping[str, Any], configuration: Configuration) -> str:
    """The card of a model and the run that it comes from; what is not known is said to be so."""
    training = manifest["training"]
    return card(manifest, _data(training, configuration), _training(training, configuration))


def card(manifest: Mapping[str, Any], data: str, how: str) -> str:
    """The card of a model, what it was trained on and how told by whoever trained it."""
    training = manifest["training"]
    parts = [
        f"# {manifest['title']} (`{manifest['id']}`)",
        f"Architecture `{training['architecture']}`, {training['parameters']:,} parameters, {training['precision']}; "
        f"licence {manifest['licence']}.",
        "## Use",
        _use(manifest),
        "## Data",
        data,
        "## Credits",
        "\n".join(f"- {credit}" for credit in manifest["credits"]) or "None recorded.",
        "## Training",
        how,
        "## Figures",
        _figures(manifest),
        "## Limits",
        _limits(manifest),
    ]
    return "\n\n".join(parts) + "\n"


def _use(manifest: Mapping[str, Any]) -> str:
    field = manifest["input"]
    width = field["width"]
    wide = f"{width['min']} to {width['max']}" if isinstance(width, dict) else str(width)
    return (
        f"Reads one line of handwriting from a grey image, scaled to {field['height']} px height and {wide} px width"
        f"{_views(manifest)}. {_listed([*_files(manifest), manifest['id'] + '.json'])} together are the model."
    ) + _second(manifest)


def _views(manifest: Mapping[str, Any]) -> str:
    trims = (manifest.get("views") or {}).get("trims")
    if not trims:
        return ""
    return (
        f"; one that it is unsure of also with {min(trims):g} to {max(trims):g} of its height cut off at the top and "
        "the bottom, closer while that makes it surer, and all that it says counts together"
    )


def _files(manifest: Mapping[str, Any]) -> list[str]:
    """What the manifest names, the network first."""
    named = [manifest, manifest.get("cascade"), (manifest.get("decoder") or {}).get("languageModel")]
    step = (manifest.get("attention") or {}).get("step")
    return [part["file"] for part in named if part] + ([step] if step else [])


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _second(manifest: Mapping[str, Any]) -> str:
    cascade = manifest.get("cascade")
    if not cascade:
        return ""
    training = cascade.get("training") or {}
    made = ", ".join(
        f"{training[key]:,} {key}" if isinstance(training[key], int) else f"`{training[key]}`"
        for key in ("architecture", "parameters", "epochs")
        if key in training
    )
    return (
        f" Fields whose text has a probability below {cascade['below']:.2g} are read by `{cascade['file']}` too"
        f"{f' ({made})' if made else ''}, and the two are averaged, it with a weight of {cascade['weight']:g}."
    )


def _data(training: Mapping[str, Any], configuration: Configuration) -> str:
    data = configuration.data
    lines = [f"- {_name(source)}" for source in data.sources]
    dropped = ", ".join(f"{count} {rule}" for rule, count in training["dropped"].items()) or "none"
    held = " Groups with sha256(group) mod 10 = 0 were held out." if data.hold_out == "groups" else ""
    return "\n".join(lines) + (
        f"\n\n{training['rows']} rows were trained on; {data.dev_size} more, chosen by image hash, are dev.{held} "
        f"Left out: {dropped}."
    )


def _name(source: Source) -> str:
    """A source by the end of its path: where it lay on the trainer's machine is nobody's business."""
    return f"`{'/'.join(source.labels.parts[-2:])}` ({source.kind})"


def _training(training: Mapping[str, Any], configuration: Configuration) -> str:
    settings = configuration.training
    text = (
        f"{training['epochs']} epochs of {training['epochsPlanned']} planned, {settings.optimiser}, "
        f"{settings.schedule} to {settings.learning_rate:g}, batch {settings.batch_size * settings.accumulation}, "
        f"seed {settings.seed}, "
        f"{training['trainedIn']}, PyTorch {training['torch']}."
    )
    if settings.shortcut:
        text += " A CTC shortcut led around its recurrent layers, which the model does not hold."
    if configuration.teacher:
        text += f" Distilled from `{configuration.teacher.model.name}`."
    if settings.initial:
        part = f"Its {', '.join(settings.initial_parts)} began" if settings.initial_parts else "It began"
        text += f" {part} with the weights of an earlier model."
    return text


def _figures(manifest: Mapping[str, Any]) -> str:
    rows = ["| on | rows | decoder | CER | exact |", "|---|---|---|---|---|"]
    # Networks alone are measured on whole crops, what is decoded as it is read.
    called = {"greedy": "greedy, with closer views"} if manifest.get("views") else {}
    for name, figures in manifest["metrics"].items():
        if isinstance(figures, Mapping) and isinstance(figures.get("characterErrorRate"), (int, float)):
            exact = figures.get("exact")
            shown = f"{exact:.2%}" if isinstance(exact, (int, float)) else "not measured"
            decoder, count = figures.get("decoder", "not said"), figures.get("rows", "not said")
            if called and decoder == "greedy":
                decoder = "greedy, whole crops"
            if name == "devCalibration":
                name, decoder = "dev", "as it reads"
            rows.append(f"| {name} | {count} | {decoder} | {figures['characterErrorRate']:.2%} | {shown} |")
        elif isinstance(figures, Mapping) and name != "devList":
            on = "dev" if name.startswith("dev") else name
            ways = [(called.get(key, key), way) for key, way in figures.items() if isinstance(way, Mapping)]
            rows += [
                f"| {on} | {way['rows']} | {decoder} | {way['characterErrorRate']:.2%} | {way['exact']:.2%} |"
                for decoder, way in ways
                if way.get("rows")
            ]
    training = manifest["training"]
    text = "\n".join(rows) if len(rows) > 2 else "None measured."
    if training["precision"] == "int8":
        before, after = training["devFloat32"], training["devInt8"]
        text += (
            f"\n\nIn 8 bits instead of float32, greedily on dev: CER {before['characterErrorRate']:.2%} to "
            f"{after['characterErrorRate']:.2%}, exact {before['exact']:.2%} to {after['exact']:.2%}; "
            f"{training['speedRatioOneThread']} times the fields a second on one thread of the exporting machine."
        )
    return text


def _limits(manifest: Mapping[str, Any]) -> str:
    characters = "".join(manifest["charset"]).replace("`", "")
    lines = [
        f"- Writes only these characters: `{characters}`",
        "- One line at a time; what is no handwriting of the kinds above may be read as nonsense.",
    ]
    fitted = manifest["metrics"].get("devCalibration")
    if not manifest.get("calibration"):
        lines.append("- Its confidences are not calibrated.")
    elif fitted:
        lines.append(
            f"- Its confidences were calibrated on {fitted['rows']} dev fields: there they are off by "
            f"{fitted['error']:.1%} on the mean (five folds), on other hands maybe by more."
        )
    return "\n".join(lines)
