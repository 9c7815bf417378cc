"""What a network learns from: the label (CTC) and the teacher's frames (Kullback-Leibler)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from ..decoding.ctc_greedy import collapse, greedy_decode, greedy_path
from ..models.charset import Charset


def label_loss(logits: Tensor, targets: Sequence[Sequence[int]], weights: Tensor, blank: int) -> Tensor:
    """Mean over the batch of CTC loss per character; [N, T, C] logits, weights [N] of 0 or 1."""
    lengths = torch.tensor([len(target) for target in targets])
    flat = torch.tensor([index for target in targets for index in target], dtype=torch.long)
    frames = torch.full((logits.shape[0],), logits.shape[1])
    if logits.device.type == "mps":  # which has no CTC of its own
        logits, weights = logits.cpu(), weights.cpu()
    log_probabilities = logits.float().log_softmax(-1).transpose(0, 1)
    losses = functional.ctc_loss(
        log_probabilities, flat, frames, lengths, blank=blank, reduction="none", zero_infinity=True
    )
    return (losses / lengths.clamp(min=1).to(losses.device) * weights).mean()


def evenness_loss(logits: Tensor) -> Tensor:
    """Mean cross-entropy of the frames [N, T, C] to even probabilities over the classes: label smoothing for CTC."""
    return -logits.float().log_softmax(-1).mean()


def teacher_loss(logits: Tensor, teacher: Tensor, weights: Tensor, first_frame: int, temperature: float) -> Tensor:
    """Mean over fields and frames of KL(teacher || student) at a temperature, times its square.

    [N, T, C] logits beside [N, U, C] log-probabilities of the teacher, whose frame 0 lies on the student's
    `first_frame`; weights [N] of the fields.
    """
    student = logits[:, first_frame : first_frame + teacher.shape[1]].float()
    soft_student = (student / temperature).log_softmax(-1)
    soft_teacher = (teacher.float() / temperature).log_softmax(-1)
    divergence = (soft_teacher.exp() * (soft_teacher - soft_student)).sum(-1).mean(-1)
    return (divergence * weights).mean() * temperature**2


def misread(teacher: npt.NDArray[np.float16], targets: Sequence[Sequence[int]], blank: int) -> npt.NDArray[np.bool_]:
    """[N] true where the teacher's best path over [N, U, C] spells anything but the target's class indices."""
    paths = greedy_path(teacher)
    return np.array([collapse(path, blank) != list(target) for path, target in zip(paths, targets, strict=True)])


def contradicted_labels(
    teacher: npt.NDArray[np.float16],
    texts: Sequence[str],
    charset: Charset,
    certain: float,
    contradicted: float,
) -> npt.NDArray[np.bool_]:
    """[N] true where the teacher's own reading has at least probability `certain` and the label at most `contradicted`.

    `teacher` [N, U, C] log-probabilities of the images as they are; probabilities are over all paths of a text.
    """
    readings = greedy_decode(teacher.astype(np.float32), charset)
    own = _text_probability(teacher, readings, charset)
    label = _text_probability(teacher, texts, charset)
    differs = np.array([reading != text for reading, text in zip(readings, texts, strict=True)])
    return differs & (own >= certain) & (label <= contradicted)


def _text_probability(
    teacher: npt.NDArray[np.float16], texts: Sequence[str], charset: Charset
) -> npt.NDArray[np.float64]:
    scores = torch.from_numpy(teacher.astype(np.float32)).log_softmax(-1).transpose(0, 1)
    targets = [charset.encode(text) for text in texts]
    lengths = torch.tensor([len(target) for target in targets])
    flat = torch.tensor([index for target in targets for index in target], dtype=torch.long)
    frames = torch.full((scores.shape[1],), scores.shape[0])
    losses = functional.ctc_loss(scores, flat, frames, lengths, blank=charset.blank, reduction="none")
    return np.asarray(torch.exp(-losses.double()).numpy(), dtype=np.float64)
