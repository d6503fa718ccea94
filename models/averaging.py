"""Averaged weights: a network that follows another one slowly, and ends steadier than it."""

import torch
from torch import nn


def follow(average: nn.Module, network: nn.Module, slowness: float, step: int) -> None:
    """One step of the average behind the network. The first steps are nearly a plain mean: it has nothing of its own
    to keep yet."""
    keep = min(slowness, 1 - 1 / (1 + step))
    with torch.no_grad():
        for mean, now in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - keep)
            else:
                mean.copy_(now)
