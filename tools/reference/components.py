"""Writes what each component of the tiny pipelines gives for fixed input: components-<model>.safetensors.

All tensors are float32 but ids (int64). Keys, with L = 77 tokens, D = the text encoder's width and F = the VAE's factor
(8 in tiny-sd1, 4 in tiny-sd2):

  text.ids [4, L], text.last_hidden_state [4, L, D] (after the final norm), text.hidden_states.<i> [4, L, D] (i = 0: the
  embeddings; i = n: after layer n, all before the final norm), text.penultimate_normed [4, L, D] (the final norm of
  hidden state n - 1: clip skip 1), text.pooled [4, D] (of last_hidden_state, at the first end token)
  unet.<case>.sample [2, 4, h, w], .timestep [2], .context [2, L, D], .output [2, 4, h, w]
  vae.encode.<case>.image [1, 3, H, W], .mean and .logvar [1, 4, H / F, W / F] (logvar clamped to -30 .. 20 as in diffusers; before any scaling factor)
  vae.decode.<case>.latents [1, 4, h, w] (after division by the scaling factor: the decoder's input), .image [1, 3, F h, F w] (not clamped)
"""

from common import FIXTURES, PROMPTS, TINY, load_component, noise, picture_like, save_json, save_tensors, torch

# name: (height, width of the latents, timesteps of the two samples). The odd sizes do not halve evenly on the way down.
UNET_CASES = {
    "square": (8, 8, (1, 1)),
    "wide": (8, 12, (981, 981)),
    "tall-mixed": (16, 8, (21, 500)),
    "odd": (9, 13, (999, 301)),
}


def text_tensors(name):
    tokenizer, encoder = load_component(name, "tokenizer"), load_component(name, "text_encoder")
    ids = tokenizer(PROMPTS, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    result = encoder(ids, output_hidden_states=True)
    tensors = {f"text.hidden_states.{i}": h for i, h in enumerate(result.hidden_states)}
    tensors["text.ids"] = ids
    tensors["text.last_hidden_state"] = result.last_hidden_state
    tensors["text.penultimate_normed"] = encoder.final_layer_norm(result.hidden_states[-2])
    ends = [row.index(tokenizer.eos_token_id) for row in ids.tolist()]
    tensors["text.pooled"] = result.last_hidden_state[range(len(ends)), ends]
    assert torch.equal(tensors["text.pooled"], result.pooler_output)
    assert torch.equal(encoder.final_layer_norm(result.hidden_states[-1]), result.last_hidden_state)
    return tensors


def unet_tensors(name, text):
    unet = load_component(name, "unet")
    tensors = {}
    for i, (case, (height, width, timesteps)) in enumerate(UNET_CASES.items()):
        sample, timestep = noise(100 + i, (2, 4, height, width)), torch.tensor(timesteps, dtype=torch.float32)
        context = text["text.last_hidden_state"][[i % 4, 2]]
        output = unet(sample, timestep, encoder_hidden_states=context).sample
        tensors |= {f"unet.{case}.{k}": v for k, v in dict(sample=sample, timestep=timestep, context=context, output=output).items()}
        print(name, "unet", case, "output deviation", output.std().item())
    return tensors


def vae_tensors(name):
    vae = load_component(name, "vae")
    tensors = {}
    for case, (height, width) in {"square": (64, 64), "wide": (48, 72)}.items():
        image = picture_like(height, width)
        distribution = vae.encode(image).latent_dist
        tensors |= {f"vae.encode.{case}.{k}": v
                    for k, v in dict(image=image, mean=distribution.mean, logvar=distribution.logvar).items()}
    for i, (case, (height, width)) in enumerate({"square": (8, 8), "tall": (9, 6)}.items()):
        latents = noise(200 + i, (1, 4, height, width)) * 3
        image = vae.decode(latents).sample
        tensors |= {f"vae.decode.{case}.latents": latents, f"vae.decode.{case}.image": image}
        print(name, "vae decode", case, image.mean().item(), image.std().item())
    return tensors


def main():
    save_json(FIXTURES / "components.json", {
        "prompts": PROMPTS,
        "unet": {case: dict(height=h, width=w, timesteps=t) for case, (h, w, t) in UNET_CASES.items()},
        "vae_factor": {"tiny-sd1": 8, "tiny-sd2": 4}})
    for name in TINY:
        text = text_tensors(name)
        save_tensors(FIXTURES / f"components-{name}.safetensors", text | unet_tensors(name, text) | vae_tensors(name))


if __name__ == "__main__":
    main()
