"""Times the training step of a model's U-Net in PyTorch: forward in the precision asked for, backward, clipping, AdamW.

TrainingSpeed.java does the same with Latente; training_speed.sh runs both.
"""

import resource
import sys
import time

import torch
from diffusers import UNet2DConditionModel


def main() -> None:
    model, batch, seconds, precision = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    torch.manual_seed(1)
    unet = UNet2DConditionModel.from_pretrained(model, subfolder="unet", torch_dtype=torch.float32)
    unet.train()
    optimizer = torch.optim.AdamW(unet.parameters(), lr=1e-4, betas=(0.9, 0.99), weight_decay=0.01)
    sizes = unet.config
    shape = (batch, sizes.in_channels, sizes.sample_size, sizes.sample_size)
    x = torch.randn(shape).to(memory_format=torch.channels_last)
    truth = torch.randn(shape)
    text = torch.randn(batch, 77, sizes.cross_attention_dim)
    t = torch.full((batch,), 500)
    began, steps = 0.0, -2  # to warm up
    while steps < 3 or time.monotonic() - began < seconds:
        if steps == 0:
            began = time.monotonic()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = (unet(x, t, text).sample.float() - truth).square().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        steps += 1
    per_second = batch * steps / (time.monotonic() - began)
    print(f"{per_second:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


main()
