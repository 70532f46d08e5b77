"""Textual-inversion embeddings for the tiny models in all forms, and pictures with them: embeddings/.

Pictures are drawn by diffusers after load_textual_inversion, or, for two encoders, after the vectors were put into the token tables by hand.
The picture that holds an embedding is written after the description of A1111's format: a text chunk, or nibbles beside a picture."""

import base64
import json
import zlib

import numpy as np
import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from PIL import Image, PngImagePlugin
from safetensors.torch import save_file

from common import FIXTURES, noise, save_json

OUT = FIXTURES / "embeddings"
SIZE = dict(height=32, width=32, num_inference_steps=4, guidance_scale=6.0, output_type="np")
SCALE = 0.4


def vectors(seed, count, width):
    return (noise(seed, (count, width)) * SCALE).half().float()


def a1111(vector, name):
    return {"string_to_token": {"*": 265}, "string_to_param": {"*": vector}, "name": name, "step": 100, "sd_checkpoint": None,
            "sd_checkpoint_name": None}


def as_json(vector, name):
    data = a1111(vector, name)
    data["string_to_param"] = {"*": {"TORCHTENSOR": vector.tolist()}}
    return json.dumps(data).encode()


def in_text(vector, name, path):
    info = PngImagePlugin.PngInfo()
    info.add_text("sd-ti-embedding", base64.b64encode(as_json(vector, name)).decode())
    Image.new("RGB", (8, 8), (200, 180, 160)).save(path, pnginfo=info)


def in_pixels(vector, name, path):
    """Low nibbles left of a picture, high ones right of it, a black column between; noise from a linear congruential generator."""
    height = 24
    data = np.frombuffer(zlib.compress(as_json(vector, name), 9), np.uint8)
    columns = -(-len(data) // (height * 3)) + 1
    data = np.resize(data, height * columns * 3)
    state, keys = 0, []
    for _ in range(len(data)):
        state = (1664525 * state + 1013904223) % 2**32
        keys.append(state % 255 & 15)
    pattern = 16 * (3 + np.arange(len(data)) % 11)  # what shows: high bits, which mean nothing
    blocks = [((part ^ keys) | pattern).astype(np.uint8).reshape(height, columns, 3) for part in (data & 15, data >> 4)]
    picture = np.full((height, 12, 3), 201, np.uint8)
    black = np.zeros((height, 1, 3), np.uint8)
    Image.fromarray(np.concatenate([blocks[0], black, picture, black, blocks[1]], axis=1)).save(path, optimize=True)


def save(pipe, prompt, negative, name, done, model, embeddings):
    picture = pipe(prompt, negative_prompt=negative, generator=torch.Generator("cpu").manual_seed(4), **SIZE).images[0]
    Image.fromarray((picture * 255).round().astype(np.uint8)).save(OUT / f"{name}.png", optimize=True)
    done.append(dict(name=name, model=model, file=f"{name}.png", prompt=prompt, negative=negative, embeddings=embeddings))
    return picture


def main():
    OUT.mkdir(exist_ok=True)
    one, two, three = vectors(1, 1, 32), vectors(2, 2, 32), vectors(3, 3, 32)
    torch.save(a1111(two, "two"), OUT / "two.pt")
    parameters = a1111(two, "two")
    parameters["string_to_param"] = torch.nn.ParameterDict({"*": torch.nn.Parameter(two)})
    torch.save(parameters, OUT / "parameters.pt")
    torch.save({"<cat-toy>": one[0]}, OUT / "learned_embeds.bin")
    save_file({"emb_params": three}, str(OUT / "three.safetensors"))
    in_text(two, "two", OUT / "text.png")
    in_pixels(two, "two", OUT / "pixels.png")
    wide = {"clip_l": vectors(4, 2, 24), "clip_g": vectors(5, 2, 32)}
    save_file(wide, str(OUT / "wide.safetensors"))

    done = []
    folder = FIXTURES / "tiny-sd1"
    pipe = StableDiffusionPipeline.from_pretrained(str(folder), safety_checker=None, torch_dtype=torch.float32)
    pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    bare = save(pipe, "a boat, two, on a lake", "three", "without", done, "tiny-sd1", {})
    pipe.load_textual_inversion(str(OUT / "two.pt"), token="two")
    pipe.load_textual_inversion(str(OUT / "learned_embeds.bin"))
    pipe.load_textual_inversion({"three": three}, token="three")
    given = {"two": "two.pt", "<cat-toy>": "learned_embeds.bin", "three": "three.safetensors"}
    for name, prompt, negative in (("several", "a boat, two, on a lake", "three"), ("one", "a <cat-toy>, on a lake", "blurry"),
                                   ("all", "a two <cat-toy> three", "two")):
        drawn = save(pipe, prompt, negative, name, done, "tiny-sd1", given)
        print(name, "levels from without:", np.abs(drawn - bare).mean() * 255)

    folder = FIXTURES / "tiny-sdxl"
    pipe = StableDiffusionXLPipeline.from_pretrained(str(folder), add_watermarker=False, torch_dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    for key, text, tokenizer in (("clip_l", pipe.text_encoder, pipe.tokenizer), ("clip_g", pipe.text_encoder_2, pipe.tokenizer_2)):
        body = getattr(text, "text_model", text)
        table = body.embeddings.token_embedding.weight
        # two tokens that the prompts do not hold otherwise take the vectors; the end token stays the greatest
        a, b = (tokenizer.convert_tokens_to_ids(token) for token in ("~", "^"))
        table.data[a], table.data[b] = wide[key][0], wide[key][1]
        assert tokenizer.tokenize("wide"), tokenizer
    prompt = "a boat ~ ^ on a lake"
    for tokenizer in (pipe.tokenizer, pipe.tokenizer_2):
        tokenizer.add_tokens([])
    embeds = xl_embeds(pipe, ["a boat", "WIDE", "on a lake"])
    negative = xl_embeds(pipe, ["blurry"])
    picture = pipe(prompt_embeds=embeds[0], pooled_prompt_embeds=embeds[1], negative_prompt_embeds=negative[0],
                   negative_pooled_prompt_embeds=negative[1], generator=torch.Generator("cpu").manual_seed(4), **SIZE).images[0]
    Image.fromarray((picture * 255).round().astype(np.uint8)).save(OUT / "two-encoders.png", optimize=True)
    done.append(dict(name="two-encoders", model="tiny-sdxl", file="two-encoders.png", prompt="a boat wide on a lake", negative="blurry",
                     embeddings={"wide": "wide.safetensors"}))
    save_json(OUT / "requests.json", done)


def xl_embeds(pipe, pieces):
    """Hidden states of both encoders and the pooled text; WIDE stands for the two tokens that carry the vectors."""
    states, pooled = [], None
    for text, tokenizer, pad in ((pipe.text_encoder, pipe.tokenizer, 999), (pipe.text_encoder_2, pipe.tokenizer_2, 0)):
        ids = [998]
        for piece in pieces:
            ids += ([tokenizer.convert_tokens_to_ids(token) for token in ("~", "^")] if piece == "WIDE"
                    else tokenizer(piece, add_special_tokens=False).input_ids)
        ids += [999]
        ids += [pad] * (77 - len(ids))
        result = text(torch.tensor([ids]), output_hidden_states=True)
        states.append(result.hidden_states[-2])
        pooled = result.text_embeds if "text_embeds" in result else None
    return torch.cat(states, dim=-1), pooled


if __name__ == "__main__":
    main()
