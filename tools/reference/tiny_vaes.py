"""Writes a tiny autoencoder with random weights, tiny-taesd/, and what it and the tiny models' own give: tiny-vaes.safetensors.

All tensors are float32. Keys:

  taesd.image [1, 3, 32, 48] in -1 .. 1, taesd.latents [1, 4, 4, 6] (its encoding)
  taesd.decode.latents [1, 4, 4, 5], taesd.decode.image [1, 3, 32, 40] (not clamped)
  <model>.sample [1, 4, h, w]: latents drawn from the encoding of components-<model>'s vae.encode.square.image with a generator of seed 7, times the
  scaling factor, as the picture-to-picture pipelines take them
"""

from common import FIXTURES, TINY, load_component, noise, picture_like, save_tensors, torch
from diffusers import AutoencoderTiny
from safetensors.torch import load_file

WIDTH = 8  # channels; the published ones have 64

torch.manual_seed(30)
tiny = AutoencoderTiny(encoder_block_out_channels=(WIDTH,) * 4, decoder_block_out_channels=(WIDTH,) * 4).eval()
generator = torch.Generator().manual_seed(31)
for parameter in tiny.parameters():
    if parameter.dim() == 1:
        parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
    else:
        parameter.mul_(1.5)  # the default initialisation fades from layer to layer
tiny = tiny.half()
tiny.save_pretrained(FIXTURES / "tiny-taesd")
tiny = tiny.float()

tensors = {"taesd.image": picture_like(32, 48), "taesd.decode.latents": 2 * noise(3, (1, 4, 4, 5))}
tensors["taesd.latents"] = tiny.encode(tensors["taesd.image"]).latents
tensors["taesd.decode.image"] = tiny.decode(tensors["taesd.decode.latents"]).sample
print("latents", tensors["taesd.latents"].std().item(), "image", tensors["taesd.decode.image"].std().item())
for name in TINY:
    vae = load_component(name, "vae")
    image = load_file(FIXTURES / f"components-{name}.safetensors")["vae.encode.square.image"]
    drawn = vae.encode(image).latent_dist.sample(torch.Generator("cpu").manual_seed(7))
    tensors[f"{name}.sample"] = drawn * vae.config.scaling_factor
save_tensors(FIXTURES / "tiny-vaes.safetensors", tensors)
