"""The shape of the network: a plain residual net, because plain 3x3 convolutions are what int8 kernels run best."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from models.eye.faces import EXPRESSIONS, ORIGINAL, SIDE

# name: widths of (stem, then each stage), blocks of each stage. Stages run at 24, 12, 6 and 3 pixels a side. Widths are
# multiples of 16, which the vector units of every target fill whole.
SHAPES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "student": ((16, 32, 64, 128), (2, 2, 2)),
    "teacher": ((32, 56, 112, 224, 288), (1, 2, 2, 1)),
}


def conv(width_in: int, width_out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(width_in, width_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(width_out),
    )


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = conv(width, width)
        self.second = conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Network(nn.Module):
    """One grey face [n,1,48,48] in; nine expression logits and seven original-label logits out."""

    def __init__(self, shape: str = "student", dropout: float = 0.2) -> None:
        super().__init__()
        widths, blocks = SHAPES[shape]
        self.stem = conv(1, widths[0])
        self.shrink = nn.ModuleList(conv(a, b, 2) for a, b in pairwise(widths))
        self.stages = nn.ModuleList(
            nn.Sequential(*(Block(w) for _ in range(n))) for w, n in zip(widths[1:], blocks, strict=True)
        )
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(widths[-1], len(EXPRESSIONS))
        self.original = nn.Linear(widths[-1], len(ORIGINAL))

    def features(self, x: Tensor) -> Tensor:
        x = torch.relu(self.stem(x))
        for shrink, stage in zip(self.shrink, self.stages, strict=True):
            x = stage(torch.relu(shrink(x)))
        return x.mean((2, 3))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        f = self.dropout(self.features(x))
        return self.expression(f), self.original(f)


def multiply_adds(network: nn.Module) -> int:
    """Multiply-adds of one face, counted by running one."""
    total = 0

    def count(module: nn.Module, _: tuple[Tensor, ...], out: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += out[0].numel() * module.in_channels * module.kernel_size[0] * module.kernel_size[1]
        elif isinstance(module, nn.Linear):
            total += module.in_features * module.out_features

    hooks = [m.register_forward_hook(count) for m in network.modules()]
    network(torch.zeros(1, 1, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return total
