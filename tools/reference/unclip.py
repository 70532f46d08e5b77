"""Variations of a picture by diffusers' StableUnCLIPImg2ImgPipeline and StableDiffusionImageVariationPipeline: unclip/.

The models are tiny-sd2 and tiny-sd1 with tiny-vision's image encoder and a U-Net whose weights are drawn from their names (unclip.json, unclip.tsv,
variation.json, variation.tsv; see named_weights.py); unCLIP has image_normalizer/ and image_noising_scheduler/ as well. The first noise is that of the
seed; the generator, which makes the embedding noisy, is seeded with seed ^ 0x56415259.
"""

import shutil

import numpy as np
from common import FIXTURES, load_component, save_json, torch
from control import config_of
from diffusers import DDPMScheduler, StableDiffusionImageVariationPipeline, StableDiffusionPipeline, StableUnCLIPImg2ImgPipeline, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.stable_unclip_image_normalizer import StableUnCLIPImageNormalizer
from ip_adapter import CLIPImageProcessor, CLIPVisionModelWithProjection
from named_weights import fill, write
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "unclip"
VISION = FIXTURES / "tiny-vision"
OWN_STREAM = 0x56415259
PROMPT, NEGATIVE = "a red boat on a calm lake at sunset", "blurry"
CASES = {
    "clean": dict(kind="unclip", sampler="ddim", guidance=6.0, noise=0, seed=5, picture="wide", prompt=""),
    "noisy": dict(kind="unclip", sampler="euler", guidance=4.0, noise=400, seed=6, picture="tall", prompt=PROMPT),
    "unguided": dict(kind="unclip", sampler="ddim", guidance=1.0, noise=100, seed=7, picture="two", prompt=PROMPT),
    "variation": dict(kind="variation", sampler="ddim", guidance=5.0, noise=0, seed=8, picture="wide", prompt=""),
    "variation-unguided": dict(kind="variation", sampler="euler", guidance=1.0, noise=0, seed=9, picture="tall", prompt=""),
}  # fmt: skip


def network(base, **change):
    return fill(UNet2DConditionModel(**{k: v for k, v in load_component(base, "unet").config.items() if not k.startswith("_")} | change))


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    encoder = CLIPVisionModelWithProjection.from_pretrained(str(VISION / "image_encoder"), dtype=torch.float32).eval()
    extractor = CLIPImageProcessor(size={"shortest_edge": 21}, crop_size={"height": 21, "width": 21})
    unets = dict(
        unclip=network("tiny-sd2", class_embed_type="projection", projection_class_embeddings_input_dim=32),
        variation=network("tiny-sd1", cross_attention_dim=16))
    for name, unet in unets.items():
        write(FOLDER, name, unet, config_of(unet))
    normalizer = StableUnCLIPImageNormalizer(16)
    generator = torch.Generator().manual_seed(4)
    normalizer.mean.data = torch.randn((1, 16), generator=generator) * 0.3
    normalizer.std.data = torch.rand((1, 16), generator=generator) + 0.5
    normalizer.save_pretrained(FOLDER / "image_normalizer")
    noising = DDPMScheduler(beta_schedule="squaredcos_cap_v2", num_train_timesteps=1000)
    noising.save_pretrained(FOLDER / "image_noising_scheduler")
    plain = {m: StableDiffusionPipeline.from_pretrained(FIXTURES / m, variant=v, torch_dtype=torch.float32, safety_checker=None)
             for m, v in (("tiny-sd1", None), ("tiny-sd2", "fp16"))}
    two, one = plain["tiny-sd2"], plain["tiny-sd1"]
    pipes = dict(
        unclip=StableUnCLIPImg2ImgPipeline(
            feature_extractor=extractor, image_encoder=encoder, image_normalizer=normalizer, image_noising_scheduler=noising, tokenizer=two.tokenizer,
            text_encoder=two.text_encoder, unet=unets["unclip"], scheduler=two.scheduler, vae=two.vae),
        variation=StableDiffusionImageVariationPipeline(
            vae=one.vae, image_encoder=encoder, unet=unets["variation"], scheduler=one.scheduler, safety_checker=None, feature_extractor=extractor,
            requires_safety_checker=False))  # fmt: skip
    for kind, pipe in pipes.items():
        save_json(FOLDER / f"{kind}-index.json", {k: v for k, v in pipe.config.items() if not k.startswith("_")} | {"_class_name": type(pipe).__name__})
    own = {kind: pipe.scheduler for kind, pipe in pipes.items()}
    for name, case in CASES.items():
        kind, pipe = case["kind"], pipes[case["kind"]]
        pipe.scheduler = SAMPLERS[case["sampler"]].from_config(own[kind].config)
        look = Image.open(VISION / f"pictures/{case['picture']}.png").convert("RGB")
        side = 48 // pipe.vae_scale_factor
        common = dict(
            image=look, height=48, width=48, num_inference_steps=4, guidance_scale=case["guidance"], output_type="np",
            latents=torch.randn((1, 4, side, side), generator=torch.Generator("cpu").manual_seed(case["seed"])),
            generator=torch.Generator("cpu").manual_seed(case["seed"] ^ OWN_STREAM))  # fmt: skip
        if kind == "unclip":  # whose pipeline does not scale latents that it is given
            pipe.scheduler.set_timesteps(4)
            common["latents"] *= pipe.scheduler.init_noise_sigma
            common |= dict(prompt=case["prompt"], negative_prompt=NEGATIVE, noise_level=case["noise"])
        picture = pipe(**common).images[0]
        print(name, picture.std())
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(FOLDER / f"{name}.png", optimize=True)
    save_json(FOLDER / "cases.json", CASES)


if __name__ == "__main__":
    main()
