"""The shape of the network: a residual net of plain convolutions, because those are what int8 kernels run best.

A face in the mirror wears the same expression. A mirrored shape knows that from the start: the second half of each
layer's channels is the first half's image, made by the same weights the other way round, so that whatever it says of a
face it says of the face in the mirror. It has half as many weights to learn for the same arithmetic.

Where something is in a face tells too, beside what it is. In a placed shape each channel of the last stage weighs the
places of the face as it has learnt to, where others take the mean of all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.eye.faces import EXPRESSIONS, ORIGINAL, SIDE

EPSILON = 1e-5  # added to each variance, so that none is divided by nothing


@dataclass(frozen=True)
class Shape:
    """Widths of stem and stages, blocks of each stage. Stages run at 24, 12, 6 and 3 pixels a side. Widths are
    multiples of 16, which the vector units of every target fill whole."""

    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    mirrored: bool = False
    placed: bool = False


SHAPES = {
    "student": Shape((16, 32, 64, 128), (2, 2, 2)),
    "mirrored": Shape((16, 32, 64, 128), (2, 2, 2), mirrored=True),
    "placed": Shape((16, 48, 64, 112), (2, 2, 2), mirrored=True, placed=True),
    "wide": Shape((16, 48, 96, 192), (2, 2, 2), mirrored=True),
}


def image(kernel: Tensor) -> Tensor:
    """What does in the mirror as this kernel does; its own image's image."""
    turned = kernel.flip(3)
    if (width := kernel.shape[1]) > 1:  # but of the picture itself there is one alone
        turned = turned.roll(width // 2, 1)  # what the one half does with the other, the other does with the one
    return turned


class Layer(nn.Module):
    """A convolution and the norm behind it."""

    def __init__(self, width_in: int, width_out: int, stride: int = 1, mirrored: bool = False) -> None:
        super().__init__()
        self.stride, self.mirrored = stride, mirrored
        # Halving with an even side keeps the middle in the middle, without which the mirror would shift the picture.
        side = 4 if stride == 2 and mirrored else 3
        learnt = width_out // 2 if mirrored else width_out
        self.weight = nn.Parameter(torch.empty(learnt, width_in, side, side))
        nn.init.normal_(self.weight, 0.0, (2 / (width_out * side * side)) ** 0.5)
        self.gain, self.shift = nn.Parameter(torch.ones(learnt)), nn.Parameter(torch.zeros(learnt))
        self.mean: Tensor
        self.spread: Tensor
        self.register_buffer("mean", torch.zeros(width_out))
        self.register_buffer("spread", torch.ones(width_out))

    def _whole(self, learnt: Tensor) -> Tensor:
        """The same for both halves."""
        return torch.cat([learnt, learnt]) if self.mirrored else learnt

    def kernel(self) -> Tensor:
        return torch.cat([self.weight, image(self.weight)]) if self.mirrored else self.weight

    def forward(self, x: Tensor) -> Tensor:
        y = F.conv2d(x, self.kernel(), None, self.stride, 1)
        gain, shift = self._whole(self.gain), self._whole(self.shift)
        return F.batch_norm(y, self.mean, self.spread, gain, shift, self.training, eps=EPSILON)

    def folded(self) -> tuple[Tensor, Tensor]:
        """One convolution that does the same: its kernel and its bias."""
        mean, spread = self.mean, self.spread
        if self.mirrored:  # the halves saw the same faces, as often in the mirror as not
            mean, spread = (self._whole(seen.view(2, -1).mean(0)) for seen in (mean, spread))
        gain = self._whole(self.gain) / torch.sqrt(spread + EPSILON)
        return self.kernel() * gain.view(-1, 1, 1, 1), self._whole(self.shift) - mean * gain


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, width: int, mirrored: bool) -> None:
        super().__init__()
        self.first = Layer(width, width, mirrored=mirrored)
        self.second = Layer(width, width, mirrored=mirrored)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Network(nn.Module):
    """One grey face [n,1,48,48] in; nine expression logits and seven original-label logits out."""

    def __init__(self, shape: str = "student", dropout: float = 0.2) -> None:
        super().__init__()
        form = SHAPES[shape]
        self.mirrored = form.mirrored
        self.stem = Layer(1, form.widths[0], mirrored=form.mirrored)
        self.shrink = nn.ModuleList(Layer(a, b, 2, form.mirrored) for a, b in pairwise(form.widths))
        self.stages = nn.ModuleList(
            nn.Sequential(*(Block(width, form.mirrored) for _ in range(count)))
            for width, count in zip(form.widths[1:], form.blocks, strict=True)
        )
        self.dropout = nn.Dropout(dropout)
        width = form.widths[-1] // 2 if form.mirrored else form.widths[-1]
        side = SIDE >> len(form.blocks)
        # Of each place, by how much it counts more than in the mean.
        self.place = nn.Parameter(torch.zeros(1, width, side, side)) if form.placed else None
        self.expression = nn.Linear(width, len(EXPRESSIONS))
        self.original = nn.Linear(width, len(ORIGINAL))

    def features(self, x: Tensor) -> Tensor:
        x = torch.relu(self.stem(x))
        for shrink, stage in zip(self.shrink, self.stages, strict=True):
            x = stage(torch.relu(shrink(x)))
        if self.place is not None:
            x = x * self.places(x.shape[-1])
        x = x.mean((2, 3))
        return x.view(len(x), 2, -1).mean(1) if self.mirrored else x

    def places(self, side: int) -> Tensor:
        """How much each place counts for each channel, where the last stage is so wide: smaller faces have fewer."""
        assert self.place is not None
        learnt = self.place
        if side != learnt.shape[-1]:
            learnt = F.interpolate(learnt, (side, side), mode="bilinear", align_corners=False)
        return 1 + (torch.cat([learnt, learnt.flip(3)], 1) if self.mirrored else learnt)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        f = self.dropout(self.features(x))
        return self.expression(f), self.original(f)

    def layers(self) -> Iterator[tuple[str, Layer]]:
        """Each with its name, in the order in which a face goes through them; a block is two."""
        yield "stem", self.stem
        for i, (shrink, stage) in enumerate(zip(self.shrink, self.stages, strict=True)):
            assert isinstance(shrink, Layer) and isinstance(stage, nn.Sequential)
            yield f"shrink{i}", shrink
            for j, block in enumerate(stage):
                assert isinstance(block, Block)
                yield f"first{i}_{j}", block.first
                yield f"second{i}_{j}", block.second

    def head(self, name: str) -> tuple[Tensor, Tensor]:
        """The weights and the bias of one head, for all channels of the last stage."""
        head = self.get_submodule(name)
        assert isinstance(head, nn.Linear)
        return torch.cat([head.weight, head.weight], 1) / 2 if self.mirrored else head.weight, head.bias


def multiply_adds(network: Network) -> int:
    """Multiply-adds of one face, counted by running one."""
    total = 0

    def count(module: nn.Module, _: tuple[Tensor, ...], out: Tensor) -> None:
        nonlocal total
        if isinstance(module, Layer):
            total += out[0].numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.in_features * module.out_features

    hooks = [m.register_forward_hook(count) for m in network.modules()]
    network.eval()(torch.zeros(1, 1, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return total
