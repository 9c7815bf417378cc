"""From a decoder's features to the probability that its text is right; fitting that on checked readings."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import UsageError
from .features import FEATURES

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What a manifest's `calibration` says."""

    raw: Mapping[str, Any]

    def apply(self, probability: float, features: Sequence[float]) -> float:
        """Probability that the text is right."""
        method = self.raw["method"]
        if method == "features":
            weights = self.raw["weights"]
            total = float(self.raw["bias"])
            for name, value in zip(FEATURES, features, strict=True):
                total += weights.get(name, 0.0) * value
            points = self.raw.get("points")
            return _along(_logistic(total), points) if points else _logistic(total)
        held = min(1 - 1e-12, max(1e-12, probability))
        odds = math.log(held / (1 - held))
        if method == "platt":
            return _logistic(self.raw["a"] * odds + self.raw["b"])
        return _logistic(odds / float(self.raw["temperature"]))


def calibration_of(raw: Mapping[str, Any] | None) -> Calibration | None:
    """None where the manifest has none."""
    if not raw or "method" not in raw:
        return None
    if raw["method"] not in ("features", "platt", "temperature"):
        raise UsageError(f"calibration.method: {raw['method']!r} is not known")
    return Calibration(raw)


def fit_calibration(features: Matrix, right: npt.NDArray[np.bool_], ridge: float = 1.0) -> dict[str, Any]:
    """Logistic regression [N, len(FEATURES)] by Newton's method, with a ridge on standardised weights."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    design = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    penalty = np.diag([1e-6, *np.full(features.shape[1], ridge)])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        probabilities = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (probabilities - right) + penalty @ weights
        hessian = (design * (probabilities * (1 - probabilities))[:, np.newaxis]).T @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    own = weights[1:] / spread
    return {
        "method": "features",
        "bias": round(float(weights[0] - own @ mean), 5),
        "weights": {name: round(float(value), 5) for name, value in zip(FEATURES, own, strict=True)},
    }


def calibration_error(confidences: Matrix, right: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass: mean |confidence - share right|."""
    order = np.argsort(confidences, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [abs(float(confidences[p].mean() - right[p].mean())) * len(p) for p in parts if len(p)]
    return sum(gaps) / max(1, len(confidences))


def cross_fitted(features: Matrix, right: npt.NDArray[np.bool_], folds: int = 5) -> Matrix:
    """Each row's confidence by a calibration that was fitted on the other folds (row number modulo folds)."""
    confidences = np.zeros(len(features))
    fold_of = np.arange(len(features)) % folds
    for fold in range(folds):
        calibration = Calibration(fit_calibration(features[fold_of != fold], right[fold_of != fold]))
        for row in np.flatnonzero(fold_of == fold):
            confidences[row] = calibration.apply(0.0, features[row].tolist())
    return confidences


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


def _along(value: float, points: Sequence[Sequence[float]]) -> float:
    """Straight lines between points that rise; level beyond the outermost."""
    after = bisect.bisect_left([point[0] for point in points], value)
    if after == 0:
        return float(points[0][1])
    if after == len(points):
        return float(points[-1][1])
    (from_low, to_low), (from_high, to_high) = points[after - 1], points[after]
    return to_low + (to_high - to_low) * (value - from_low) / (from_high - from_low)
