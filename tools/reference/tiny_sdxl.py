"""Writes tiny SDXL models with random weights, and what diffusers makes of them.

tiny-sdxl/            a whole base model, laid out like the published one: two text encoders, Euler with leading timesteps
tiny-sdxl-refiner/    the U-Net and index of a refiner, whose other parts are the second text encoder, tokenizer and VAE of tiny-sdxl
tiny-sdxl-lcm/        the U-Net, scheduler and index of a model with an embedded guidance scale; the rest is tiny-sdxl's
tiny-upscaler/        the U-Net of an x4 upscaler, told a noise level by a table
tiny-sdxl-pictures/   pictures and requests.json
components-tiny-sdxl.safetensors   what single components give (float32, ids int64)

A refiner draws from nothing here: it is handed pure noise of the first level as what a base model left.

Usage: tiny_sdxl.py MERGES_TXT      (CLIP's merges.txt; only its first 486 merges are used)
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from common import FIXTURES, PROMPTS, noise, save_json, save_tensors, torch
from diffusers import (
    AutoencoderKL, EulerDiscreteScheduler, LCMScheduler, StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline,
    UNet2DConditionModel)
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from tiny_models import END, MERGES, SCHEDULER, START, randomise, vocabulary
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

BASE, REFINER, LCM, UPSCALER = (FIXTURES / name for name in ("tiny-sdxl", "tiny-sdxl-refiner", "tiny-sdxl-lcm", "tiny-upscaler"))
PICTURES = FIXTURES / "tiny-sdxl-pictures"
FACTOR = 8
FIRST_WIDTH, SECOND_WIDTH, PROJECTED, NUMBER = 24, 32, 20, 8  # NUMBER: width of the sinusoids of each size, crop or score

TINY_UNET = dict(norm_num_groups=4, layers_per_block=1, sample_size=8, use_linear_projection=True)
XL = dict(TINY_UNET, addition_embed_type="text_time", addition_time_embed_dim=NUMBER)
TWO_LEVELS = dict(
    block_out_channels=(8, 16), down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), attention_head_dim=(1, 2))
UNETS = {
    BASE: dict(
        XL, block_out_channels=(16, 32, 32), down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), attention_head_dim=(2, 4, 8),
        transformer_layers_per_block=(1, 1, 2), cross_attention_dim=FIRST_WIDTH + SECOND_WIDTH,
        projection_class_embeddings_input_dim=PROJECTED + 6 * NUMBER),
    REFINER: dict(
        XL, **TWO_LEVELS, cross_attention_dim=SECOND_WIDTH, projection_class_embeddings_input_dim=PROJECTED + 5 * NUMBER),
    LCM: dict(
        XL, **TWO_LEVELS, cross_attention_dim=FIRST_WIDTH + SECOND_WIDTH, time_cond_proj_dim=12,
        projection_class_embeddings_input_dim=PROJECTED + 6 * NUMBER),
    UPSCALER: dict(
        TINY_UNET, **TWO_LEVELS, in_channels=7, cross_attention_dim=SECOND_WIDTH, only_cross_attention=(True, False),
        num_class_embeds=10),
}

TEXTS = (
    (CLIPTextModel, dict(hidden_size=FIRST_WIDTH, intermediate_size=48, num_hidden_layers=3, num_attention_heads=2,
                         hidden_act="quick_gelu", projection_dim=FIRST_WIDTH)),
    (CLIPTextModelWithProjection, dict(hidden_size=SECOND_WIDTH, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4,
                                       hidden_act="gelu", projection_dim=PROJECTED)),
)


def finished(model, generator):
    """Weights that react to their input (the default initialisation hardly does), in float16."""
    if isinstance(model, UNet2DConditionModel):
        model.conv_out.weight.mul_(3)
    elif not isinstance(model, AutoencoderKL):
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.mul_(3)
    randomise(model, generator)
    return model.half().eval()


def build(vocab_size):
    torch.manual_seed(30)
    generator = torch.Generator().manual_seed(3)
    unets = {}
    for folder, config in UNETS.items():
        unet = UNet2DConditionModel(**config)
        if unet.config.addition_embed_type:
            unet.add_embedding.linear_2.weight.mul_(6)  # so that sizes and score show in the pictures
        if unet.config.time_cond_proj_dim:
            unet.time_embedding.cond_proj.weight.mul_(6)
        unets[folder] = finished(unet, generator)
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 16, 16), layers_per_block=1, norm_num_groups=4, sample_size=64, latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        scaling_factor=0.13025, force_upcast=True)
    vae = finished(vae, generator)
    # the wrong ids that the published configs have
    ids = dict(vocab_size=vocab_size, bos_token_id=0, eos_token_id=2, pad_token_id=1)
    return unets, vae, [finished(kind(CLIPTextConfig(**config, **ids)), generator) for kind, config in TEXTS]


def write_tokenizer(folder, merges, pad):
    save_json(folder / "vocab.json", vocabulary(merges))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    save_json(folder / "special_tokens_map.json", dict(bos_token=START, eos_token=END, unk_token=END, pad_token=pad))
    save_json(folder / "tokenizer_config.json", dict(
        bos_token=START, eos_token=END, unk_token=END, pad_token=pad, model_max_length=77, tokenizer_class="CLIPTokenizer"))
    return CLIPTokenizer.from_pretrained(folder)


def index(folder, name, **fields):
    save_json(folder / "model_index.json", dict(
        _class_name=name, **fields, scheduler=["diffusers", "EulerDiscreteScheduler"],
        tokenizer_2=["transformers", "CLIPTokenizer"], text_encoder_2=["transformers", "CLIPTextModelWithProjection"],
        unet=["diffusers", "UNet2DConditionModel"], vae=["diffusers", "AutoencoderKL"]))


def write(merges):
    for folder in (*UNETS, PICTURES):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    unets, vae, texts = build(len(vocabulary(merges)))
    for folder, unet in unets.items():
        unet.save_pretrained(folder / "unet")
        unet.float()
    vae.save_pretrained(BASE / "vae")
    for text, suffix in zip(texts, ("", "_2")):
        text.save_pretrained(BASE / f"text_encoder{suffix}")
    tokenizers = [write_tokenizer(BASE / "tokenizer", merges, END), write_tokenizer(BASE / "tokenizer_2", merges, "!")]
    euler = EulerDiscreteScheduler(
        **{k: v for k, v in SCHEDULER.items() if k not in ("clip_sample", "set_alpha_to_one")}, timestep_spacing="leading")
    euler.save_pretrained(BASE / "scheduler")
    lcm = LCMScheduler(**SCHEDULER)
    lcm.save_pretrained(LCM / "scheduler")
    first = dict(text_encoder=["transformers", "CLIPTextModel"], tokenizer=["transformers", "CLIPTokenizer"])
    index(BASE, "StableDiffusionXLPipeline", force_zeros_for_empty_prompt=True, **first)
    index(LCM, "StableDiffusionXLPipeline", force_zeros_for_empty_prompt=True, **first)
    index(REFINER, "StableDiffusionXLImg2ImgPipeline", force_zeros_for_empty_prompt=False, requires_aesthetics_score=True,
          text_encoder=[None, None], tokenizer=[None, None])
    for model in (vae, *texts):
        model.float()
    parts = dict(vae=vae, text_encoder_2=texts[1], tokenizer_2=tokenizers[1], add_watermarker=False)
    both = dict(parts, text_encoder=texts[0], tokenizer=tokenizers[0])
    pipes = {
        "tiny-sdxl": StableDiffusionXLPipeline(**both, unet=unets[BASE], scheduler=euler),
        "tiny-sdxl-lcm": StableDiffusionXLPipeline(**both, unet=unets[LCM], scheduler=lcm),
        "tiny-sdxl-refiner": StableDiffusionXLImg2ImgPipeline(
            **parts, text_encoder=None, tokenizer=None, unet=unets[REFINER], scheduler=euler, requires_aesthetics_score=True,
            force_zeros_for_empty_prompt=False),
    }
    for pipe in pipes.values():
        pipe.set_progress_bar_config(disable=True)
    return pipes, unets, texts, tokenizers


def requests():
    for model, steps, guidance in (("tiny-sdxl", 7, 5.0), ("tiny-sdxl-refiner", 7, 5.0), ("tiny-sdxl-lcm", 4, 8.5)):
        usual = dict(model=model, prompt=PROMPTS[0], negative_prompt="blurry, a house in the snow", width=64, height=64,
                     steps=steps, guidance=guidance, seed=1)
        yield usual | dict(name="usual")
        yield usual | dict(name="wide-without-negative", width=96, negative_prompt="")
        yield usual | dict(name="other-prompt", prompt=PROMPTS[1])
        yield usual | dict(name="other-guidance", guidance=1.0)


def draw(pipe, request):
    generator = torch.Generator("cpu").manual_seed(request["seed"])
    options = dict(negative_prompt=request["negative_prompt"] or None, num_inference_steps=request["steps"],
                   guidance_scale=request["guidance"], generator=generator, output_type="np")
    height, width = request["height"], request["width"]
    if isinstance(pipe, StableDiffusionXLImg2ImgPipeline):
        pipe.scheduler.set_timesteps(request["steps"])
        latents = randn_tensor((1, 4, height // FACTOR, width // FACTOR), generator=generator) * pipe.scheduler.init_noise_sigma
        picture = pipe(request["prompt"], image=latents, denoising_start=0.001, **options).images[0]
        assert pipe.num_timesteps == request["steps"]
    else:
        picture = pipe(request["prompt"], height=height, width=width, **options).images[0]
    return (picture * 255).round().astype(np.uint8)


def pictures(pipes):
    drawn, done = {}, []
    for request in requests():
        name = f"{request['model']}-{request['name']}"
        drawn[name] = draw(pipes[request["model"]], request)
        Image.fromarray(drawn[name]).save(PICTURES / f"{name}.png", optimize=True)
        done.append(request | dict(name=name, file=f"{name}.png"))
        usual = drawn[f"{request['model']}-usual"]
        if drawn[name].shape == usual.shape:
            print(name, drawn[name].std().round(1), "levels from usual:", np.abs(drawn[name].astype(int) - usual).mean().round(2))
    save_json(PICTURES / "requests.json", done)
    sensitivity(pipes["tiny-sdxl"], pipes["tiny-sdxl-refiner"], drawn)


def sensitivity(base, refiner, drawn):
    """What a mistake in the added numbers or the pooled text would change."""
    usual = next(r for r in requests() if r["model"] == "tiny-sdxl")
    common = dict(negative_prompt=usual["negative_prompt"], num_inference_steps=usual["steps"], guidance_scale=usual["guidance"],
                  height=64, width=64, output_type="np")
    for what, change in {"original size": dict(original_size=(96, 64)), "crop": dict(crops_coords_top_left=(0, 16)),
                         "target size": dict(target_size=(64, 96))}.items():
        generator = torch.Generator("cpu").manual_seed(usual["seed"])
        picture = (base(usual["prompt"], generator=generator, **common, **change).images[0] * 255).round()
        print("another", what, "changes", np.abs(picture - drawn["tiny-sdxl-usual"]).mean().round(2), "levels")


def components(unets, texts, tokenizers):
    """text<i>.ids [4, L], .penultimate [4, L, D] (hidden state n - 1, before the final norm); text2.pooled [4, P] (projected, at the
    greatest id); ends.ids [2, 12], ends.pooled [2, P]: at the first 500, as if that were the end token.
    <model>.sample, .timestep, .context, .output, and of pooled, ids, scales and labels what the model is told.
    fresh.<name>: some weights of a U-Net that is told all of these, as built after torch.manual_seed(40)."""
    torch.manual_seed(40)
    fresh = UNet2DConditionModel(**UNETS[LCM], num_class_embeds=3).state_dict()
    tensors = {f"fresh.{name}.weight": fresh[f"{name}.weight"] for name in (
        "time_embedding.cond_proj", "class_embedding", "add_embedding.linear_1", "conv_out")}
    for i, (text, tokenizer) in enumerate(zip(texts, tokenizers), 1):
        ids = tokenizer(PROMPTS, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        result = text(ids, output_hidden_states=True)
        tensors |= {f"text{i}.ids": ids, f"text{i}.penultimate": result.hidden_states[-2]}
    tensors["text2.pooled"] = result.text_embeds
    ids = torch.randint(1, 999, (2, 12), generator=torch.Generator().manual_seed(5))
    ids[0, [4, 9]], ids[1, 7], ids[:, 2] = 500, 500, 900
    body = getattr(texts[1], "text_model", texts[1])
    body.eos_token_id = 500
    tensors |= {"ends.ids": ids, "ends.pooled": texts[1](ids).text_embeds}
    body.eos_token_id = 2
    for i, (folder, unet) in enumerate(unets.items()):
        config = unet.config
        given = dict(sample=noise(300 + i, (2, config.in_channels, 9, 8)), timestep=torch.tensor([21.0, 981.0]),
                     context=noise(310 + i, (2, 5, config.cross_attention_dim)))
        told = {}
        if config.addition_embed_type:
            given["pooled"] = noise(320 + i, (2, PROJECTED))
            numbers = (config.projection_class_embeddings_input_dim - PROJECTED) // NUMBER
            given["ids"] = torch.tensor([[1024, 768, 0, 64, 6.0, 512], [64, 96, 8, 0, 2.5, 96]])[:, :numbers]
            told["added_cond_kwargs"] = dict(text_embeds=given["pooled"], time_ids=given["ids"])
        if config.time_cond_proj_dim:
            given["scales"] = torch.tensor([8.5, 1.0])
            embed = StableDiffusionXLPipeline.get_guidance_scale_embedding
            told["timestep_cond"] = embed(None, given["scales"] - 1, embedding_dim=config.time_cond_proj_dim)
        if config.num_class_embeds:
            given["labels"] = torch.tensor([7, 0])
            told["class_labels"] = given["labels"]
        output = unet(given["sample"], given["timestep"], encoder_hidden_states=given["context"], **told).sample
        tensors |= {f"{folder.name}.{key}": value for key, value in (given | dict(output=output)).items()}
    save_tensors(FIXTURES / "components-tiny-sdxl.safetensors", tensors)


def main(merges_file):
    merges = Path(merges_file).read_text(encoding="utf-8").split("\n")[1 : MERGES + 1]
    pipes, unets, texts, tokenizers = write(merges)
    components(unets, texts, tokenizers)
    pictures(pipes)


if __name__ == "__main__":
    main(sys.argv[1])
