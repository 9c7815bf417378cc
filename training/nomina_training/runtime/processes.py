"""Several processes as one run: what `torchrun` starts, or a single process alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class Processes:
    """This process among those of the run; rank 0 writes the files."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether it is the one that writes."""
        return self.rank == 0

    def wait(self) -> None:
        """Until all have come here."""
        if self.count > 1:
            distributed.barrier()

    def agreed(self, figures: dict[str, float]) -> dict[str, float]:
        """The first process's figures for all: what the run decides by them must be decided alike."""
        if self.count == 1:
            return figures
        told = [figures]
        distributed.broadcast_object_list(told)
        return told[0]

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network with gradients averaged over the processes."""
        if self.count == 1:
            return network
        unused = any(not parameter.requires_grad for parameter in network.parameters())
        wrapped: nn.Module = DistributedDataParallel(network, find_unused_parameters=unused)
        return wrapped


@contextmanager
def processes_of_run(device: torch.device) -> Iterator[Processes]:
    """The processes that torchrun's environment tells of (gloo on the CPU, NCCL on CUDA)."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Processes()
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Processes(distributed.get_rank(), count, int(os.environ.get("LOCAL_RANK", "0")))
    finally:
        distributed.destroy_process_group()


def end_quietly() -> None:
    """In a worker: Ctrl-C, which the terminal sends to all of a run's processes, ends it without a traceback."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))


def find_device(wanted: str) -> torch.device:
    """The device asked for, or the best there is: CUDA (this process's own), MPS, CPU."""
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if wanted == "cuda" or (wanted == "auto" and torch.cuda.is_available()):
        return torch.device("cuda", local)
    if wanted == "mps" or (wanted == "auto" and torch.backends.mps.is_available()):
        return torch.device("mps")
    return torch.device("cpu")
