"""What the fixture scripts share: where fixtures go, and how tensors and JSON are written."""

import json
import os
import warnings
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
warnings.filterwarnings("ignore")

import numpy as np
import torch
from safetensors.torch import save_file

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.set_grad_enabled(False)

FIXTURES = Path(__file__).resolve().parents[2] / "core/src/test/resources/reference"
TINY = ("tiny-sd1", "tiny-sd2")

PROMPTS = [
    "a red boat on a calm lake at sunset",
    "An OLD lighthouse, painted in watercolour; it's 3am & raining!",
    "",
    "una casa azul en la montaña, " * 30,  # longer than 77 tokens: is cut
]


def save_tensors(path, tensors, metadata=None):
    """Writes tensors in the order of their names; metadata values must be strings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {name: tensors[name].contiguous().clone() for name in sorted(tensors)}
    save_file(ordered, str(path), metadata=metadata)
    print(f"{path.relative_to(FIXTURES)}: {len(ordered)} tensors, {path.stat().st_size} bytes")


def save_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path.relative_to(FIXTURES)}: {path.stat().st_size} bytes")


def noise(seed, shape):
    """Standard normal numbers of PyTorch's CPU generator."""
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def load_component(name, component):
    """A component of a tiny pipeline, read back from its folder, in float32."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    folder = str(FIXTURES / name / component)
    if component == "tokenizer":
        return CLIPTokenizer.from_pretrained(folder)
    variant = "fp16" if name == "tiny-sd2" else None
    if component == "text_encoder":
        model = CLIPTextModel.from_pretrained(folder, variant=variant, dtype=torch.float32)
    else:
        kind = {"unet": UNet2DConditionModel, "vae": AutoencoderKL}[component]
        model = kind.from_pretrained(folder, variant=variant, torch_dtype=torch.float32)
    return model.eval()


def picture_like(height, width):
    """A smooth picture with edges, [1, 3, H, W] in -1 .. 1: gradients, a disc and a bar."""
    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    red = 0.9 * x - 0.2 * y
    green = 0.5 + 0.4 * torch.sin(6 * x + 3 * y)
    blue = 1 - y
    disc = ((x - 0.6) ** 2 + (y - 0.35) ** 2 < 0.05).float()
    bar = ((y > 0.7) & (y < 0.8)).float()
    image = torch.stack([red, green, blue]) * (1 - disc) + torch.tensor([0.95, 0.8, 0.1])[:, None, None] * disc
    image = image * (1 - bar) + 0.1 * bar
    return (image.clamp(0, 1) * 2 - 1)[None]
