"""What the teachers say of faces as rooms spoil them: drawn once, asked once, learnt many times.

Asking at every step doubles its cost; asking once of the clean face teaches nothing of how doubt grows with the
dark. So each training picture is spoilt VARIANTS times as training spoils it, every teacher is asked about each,
straight and mirrored, and both the picture and the mean answer are kept.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from models.eye.faces import SIDE
from models.eye.network import Network
from models.eye.spoil import at_random, standard

VARIANTS = 6
BATCH = 256


@dataclass(frozen=True)
class Lessons:
    """pictures uint8 [variant, picture, 1, 48, 48]; answers [variant, picture, 9], not yet mixed with the votes."""

    pictures: Tensor
    answers: Tensor


class Enlarging(nn.Module):
    """A teacher that learnt on larger faces: each is enlarged before it is asked."""

    def __init__(self, teacher: Network, side: int) -> None:
        super().__init__()
        self.teacher, self.side = teacher, side

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        large = F.interpolate(x, size=(self.side, self.side), mode="bilinear", align_corners=False)
        return self.teacher(large)  # type: ignore[no-any-return]  # torch calls its modules untyped


def teacher(path: Path, device: torch.device) -> nn.Module:
    saved = torch.load(path, map_location=device, weights_only=True)
    found = Network(saved["shape"])
    found.load_state_dict(saved["weights"])
    found = found.eval().to(device, memory_format=torch.channels_last)
    side = saved.get("side", SIDE)
    return found if side == SIDE else Enlarging(found, side)


def say(teachers: list[nn.Module], faces: Tensor) -> Tensor:
    """The mean of what the teachers answer to standardised faces, straight and mirrored."""
    total = torch.zeros(len(faces), 9, device=faces.device)
    for view in (faces, faces.flip(3)):
        seen = view.to(memory_format=torch.channels_last)
        for one in teachers:
            with torch.inference_mode(), torch.autocast(faces.device.type, torch.bfloat16):
                total += F.softmax(one(seen)[0].float(), 1)
    return total / (2 * len(teachers))


def lessons(teachers: list[Path], pictures: Tensor, votes: Tensor, kept: Path, seed: int) -> Lessons:
    """Draw and ask, or take what an earlier run kept. Of a picture without a face nobody need be asked."""
    device = pictures.device
    if kept.exists():
        saved = torch.load(kept, map_location=device, weights_only=True)
        return Lessons(saved["pictures"], saved["answers"])
    asked = [teacher(path, device) for path in teachers]
    torch.manual_seed(seed)
    spoilt = torch.zeros(VARIANTS, *pictures.shape, dtype=torch.uint8, device=device)
    answers = votes.repeat(VARIANTS, 1, 1)
    for variant in range(VARIANTS):
        rows = torch.arange(len(pictures), device=device).split(BATCH)
        for some in tqdm(rows, f"lessons {variant + 1}/{VARIANTS}", ascii=True, mininterval=5):
            drawn = at_random(pictures[some].float()).round()
            spoilt[variant, some] = drawn.to(torch.uint8)
            faces = votes[some, 8] < 1
            if bool(faces.any()):
                answers[variant, some[faces]] = say(asked, standard(drawn[faces]))
    partial = kept.with_suffix(".part")
    torch.save({"pictures": spoilt, "answers": answers}, partial)
    partial.replace(kept)
    return Lessons(spoilt, answers)
