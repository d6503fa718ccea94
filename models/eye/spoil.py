"""What a room does to a face before the network sees it: batched, on whatever device the batch is on.

Faces are float [n,1,48,48] in 0..255. Each flaw strikes its own share of a batch. `train.py` draws them at
random; the fixed recipes that `judge.py` applies stand in `hard.py`, in other code.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from models.eye.faces import SIDE


def uniform(n: int, low: float, high: float, like: Tensor) -> Tensor:
    return torch.empty(n, 1, 1, 1, device=like.device).uniform_(low, high)


def move(faces: Tensor, roll: Tensor, scale: Tensor, right: Tensor, down: Tensor, mirror: Tensor) -> Tensor:
    """Roll in radians, scale as a factor of what the crop holds, shifts as shares of its side; one value a face."""
    c, s = torch.cos(roll) * scale, torch.sin(roll) * scale
    rows = torch.stack([c * mirror, -s, right * 2, s * mirror, c, down * 2], 1).view(-1, 2, 3)
    grid = F.affine_grid(rows, list(faces.shape), align_corners=False)
    return F.grid_sample(faces, grid, padding_mode="reflection", align_corners=False)


def gamma(faces: Tensor, power: Tensor) -> Tensor:
    return (faces / 255).clamp(0, 1).pow(power) * 255


def side_light(faces: Tensor, angle: Tensor, depth: Tensor) -> Tensor:
    """A lamp to one side: light falls off across the face to 1 - depth."""
    ramp = torch.linspace(-1, 1, SIDE, device=faces.device)
    slope = torch.cos(angle) * ramp.view(1, 1, 1, -1) + torch.sin(angle) * ramp.view(1, 1, -1, 1)
    return faces * (1 - depth * (slope * 0.5 + 0.5).clamp(0, 1))


def sensor(faces: Tensor, light: Tensor, noise: Tensor) -> Tensor:
    """A dark room: less light, then the sensor's noise, then gain, as a camera does."""
    dim = faces * light
    grain = torch.randn_like(faces) * torch.sqrt(noise.square() + dim.clamp(min=0) * 0.05)
    return (dim + grain).round().clamp(0, 255) / light.clamp(min=0.05)


def blur(faces: Tensor, sigma: float) -> Tensor:
    reach = max(1, math.ceil(2.5 * sigma))
    kernel = torch.exp(-torch.arange(-reach, reach + 1, device=faces.device).square() / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    padded = F.pad(faces, (reach, reach, reach, reach), mode="replicate")
    return F.conv2d(F.conv2d(padded, kernel), kernel.transpose(2, 3))


def shrink(faces: Tensor, side: int) -> Tensor:
    """As if the face had been only `side` pixels wide."""
    small = F.interpolate(faces, size=(side, side), mode="area")
    return F.interpolate(small, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def jpeg(faces: Tensor, step: Tensor) -> Tensor:
    """The loss of JPEG: 8x8 cosine blocks rounded in steps that grow with frequency."""
    k = torch.arange(8, device=faces.device, dtype=torch.float32)
    basis = torch.cos((2 * k + 1) * k.view(-1, 1) * math.pi / 16) * 0.5
    basis[0] /= math.sqrt(2)
    n, blocks = len(faces), SIDE // 8
    tiles = (faces - 128).view(n, blocks, 8, blocks, 8).transpose(2, 3)
    table = (1 + k.view(-1, 1) + k) * step.view(-1, 1, 1, 1, 1)
    coarse = torch.round(basis @ tiles @ basis.T / table) * table
    return (basis.T @ coarse @ basis).transpose(2, 3).reshape(n, 1, SIDE, SIDE) + 128


def glasses(faces: Tensor, shade: Tensor, top: int = 13, bottom: int = 22) -> Tensor:
    """Two dark lenses and a bridge where FER2013's eyes lie."""
    out = faces.clone()
    for left, right in ((6, 21), (27, 42)):
        out[:, :, top:bottom, left:right] = out[:, :, top:bottom, left:right] * 0.12 + shade
    out[:, :, top + 2 : top + 4, 21:27] = shade
    return out


def cutout(faces: Tensor) -> Tensor:
    """A box of grey, anywhere."""
    n, device = len(faces), faces.device
    at = torch.arange(SIDE, device=device)
    masks = []
    for _ in range(2):
        centre, half = torch.rand(n, 1, device=device) * SIDE, torch.rand(n, 1, device=device) * 9 + 4
        masks.append((at - centre).abs() < half)
    box = (masks[0][:, None, :, None] & masks[1][:, None, None, :]).float()
    return faces * (1 - box) + uniform(n, 0, 255, faces) * box


def mild(faces: Tensor) -> Tensor:
    """A face as a good camera in a good light might crop it another time: what a teacher is asked about."""
    n = len(faces)
    normal = torch.randn(4, n, device=faces.device).clamp(-2, 2)
    mirror = torch.where(torch.rand(n, device=faces.device) < 0.5, -1.0, 1.0)
    return move(
        faces, normal[0] * 0.06, torch.exp(normal[1] * 0.04), normal[2] * 0.025, normal[3] * 0.025, mirror
    ).clamp(0, 255)


def at_random(faces: Tensor) -> Tensor:
    """One training draw. Most faces stay mild, as most rooms do; a tail is rough."""

    def strike(share: float, flaw: Callable[[Tensor], Tensor]) -> None:
        hit = torch.nonzero(torch.rand(len(faces), device=faces.device) < share).flatten()
        if len(hit):
            faces[hit] = flaw(faces[hit])

    n, device = len(faces), faces.device
    faces = faces.clone()
    strike(
        0.06,
        lambda f: glasses(
            f, uniform(len(f), 5, 60, f), 12 + int(torch.randint(0, 3, ())), 21 + int(torch.randint(0, 4, ()))
        ),
    )
    rough = torch.where(torch.rand(n, device=device) < 0.15, 2.0, 1.0)
    normal = torch.randn(4, n, device=device).clamp(-2, 2)
    faces = move(
        faces,
        normal[0] * 0.12 * rough,
        torch.exp(normal[1] * 0.07 * rough),
        normal[2] * 0.045 * rough,
        normal[3] * 0.045 * rough,
        torch.where(torch.rand(n, device=device) < 0.5, -1.0, 1.0),
    )
    strike(0.12, lambda f: gamma(f, torch.exp(uniform(len(f), math.log(0.25), math.log(3), f))))
    strike(0.08, lambda f: side_light(f, uniform(len(f), 0, 2 * math.pi, f), uniform(len(f), 0.3, 0.95, f)))
    strike(0.06, lambda f: shrink(f, int(torch.randint(18, 40, ()))))
    strike(0.05, lambda f: blur(f, float(torch.rand(()) * 1.3 + 0.3)))
    strike(0.06, lambda f: sensor(f, torch.exp(uniform(len(f), math.log(0.08), 0, f)), uniform(len(f), 0.5, 4, f)))
    strike(0.04, lambda f: jpeg(f, uniform(len(f), 1, 8, f)))
    strike(0.20, cutout)
    return faces.clamp(0, 255)


def standard(faces: Tensor) -> Tensor:
    """The input contract: each crop to mean 0 and deviation 1, cut at 3. The box does the same in numpy."""
    mean = faces.mean((1, 2, 3), keepdim=True)
    deviation = faces.std((1, 2, 3), keepdim=True, unbiased=False).clamp(min=4)
    return ((faces - mean) / deviation).clamp(-3, 3)
