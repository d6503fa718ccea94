"""The shape of the ear's network: plain 3x3 convolutions over mel bands, which int8 kernels run best."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from appliance.library.spectrum import BANDS

FRAMES = 187
INNER = 40  # of the teacher's inner numbers, on their main axes
TAGS = 8  # of its fifty tags, likewise
WIDTH = INNER + TAGS  # numbers in the embedding
PLAN = (
    # name, channels out, stride, whether its input is added to its output
    ("stem", 16, 2, False),
    ("low", 32, 2, False),
    ("mid", 64, 2, False),
    ("mid_again", 64, 1, True),
    ("high", 128, 2, False),
)
BREADTH = 224  # channels once all bands have become one
LEFT = 6  # bands that are left by then


class Network(nn.Module):
    """Mel bands [n, 1, FRAMES, BANDS] as the box hears them; the embedding [n, WIDTH]."""

    def __init__(self) -> None:
        super().__init__()
        self.convs, self.norms = nn.ModuleDict(), nn.ModuleDict()
        width = 1
        for name, out, stride, _ in PLAN:
            self._add(name, nn.Conv2d(width, out, 3, stride, 1, bias=False))
            width = out
        self._add("all_bands", nn.Conv2d(width, BREADTH, (3, LEFT), padding=(1, 0), bias=False))
        self._add("time", nn.Conv2d(BREADTH, BREADTH, (3, 1), padding=(1, 0), bias=False))
        self.last = nn.Linear(2 * BREADTH, WIDTH)

    def _add(self, name: str, conv: nn.Conv2d) -> None:
        self.convs[name], self.norms[name] = conv, nn.BatchNorm2d(conv.out_channels)

    def _layer(self, name: str, x: Tensor, added: bool) -> Tensor:
        y = self.norms[name](self.convs[name](x))
        return torch.relu(x + y if added else y)

    def forward(self, x: Tensor) -> Tensor:
        for name, _, _, added in PLAN:
            x = self._layer(name, x, added)
        x = self._layer("all_bands", x, False)
        x = self._layer("time", x, True)
        both = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return F.linear(both, self.last.weight, self.last.bias)


def multiply_adds(network: Network) -> int:
    """For one patch."""
    counted = [network.last.weight.numel()]

    def add(layer: nn.Module, given: tuple[Tensor, ...], told: Tensor) -> None:
        assert isinstance(layer, nn.Conv2d)
        counted.append(layer.weight.numel() * told.shape[2] * told.shape[3])

    hooks = [conv.register_forward_hook(add) for conv in network.convs.values()]
    with torch.inference_mode():
        network.eval()(torch.zeros(1, 1, FRAMES, BANDS))
    for hook in hooks:
        hook.remove()
    return sum(counted)
