"""Writes two tiny Stable Diffusion pipelines with random weights, in diffusers layout.

tiny-sd1 is laid out like the published Stable Diffusion 1 folders: few keys in each config, the text encoder's names with
the prefix "text_model." and its position_ids, the VAE's attention under its old names (query, key, value, proj_attn),
vocab.json + merges.txt. tiny-sd2 is laid out as today's libraries write: every key in each config, the text encoder's
names without the prefix, "fp16" in the names of the weight files, tokenizer.json.

Usage: tiny_models.py MERGES_TXT      (CLIP's merges.txt; only its first 486 merges are used)
"""

import json
import shutil
import sys
from pathlib import Path

from common import FIXTURES, TINY, load_component, save_json, save_tensors, torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

MERGES = 486
START, END = "<|startoftext|>", "<|endoftext|>"


def byte_characters():
    """The 256 characters by which byte-level BPE writes bytes, in the order of CLIP's vocabulary."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(b) for b in kept] + [chr(256 + i) for i in range(256 - len(kept))]


def vocabulary(merges):
    """Byte units, byte units that end a word, merges, then the two special tokens."""
    units = byte_characters()
    tokens = units + [u + "</w>" for u in units] + ["".join(m.split(" ")) for m in merges] + [START, END]
    assert len(set(tokens)) == len(tokens)
    return {token: i for i, token in enumerate(tokens)}


UNETS = {
    "tiny-sd1": dict(
        block_out_channels=(16, 32, 32),
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=2,
        norm_num_groups=8,
        cross_attention_dim=32,
        attention_head_dim=4,  # diffusers reads this as the number of heads: widths 4 and 8
        sample_size=8,
    ),
    "tiny-sd2": dict(
        block_out_channels=(16, 16, 32, 32),
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        norm_num_groups=4,
        cross_attention_dim=48,
        attention_head_dim=(1, 2, 4, 4),  # numbers of heads: widths 16, 8, 8 and 8
        use_linear_projection=True,
        upcast_attention=True,
        sample_size=16,
    ),
}

VAES = {
    "tiny-sd1": dict(block_out_channels=(16, 16, 32, 32), layers_per_block=1, norm_num_groups=8, sample_size=64),
    "tiny-sd2": dict(block_out_channels=(8, 16, 32), layers_per_block=2, norm_num_groups=4, sample_size=64),
}

TEXT_ENCODERS = {
    "tiny-sd1": dict(
        hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4, hidden_act="quick_gelu",
        bos_token_id=0, eos_token_id=2, pad_token_id=1,  # the wrong ids that the published configs have
    ),
    "tiny-sd2": dict(
        hidden_size=48, intermediate_size=96, num_hidden_layers=4, num_attention_heads=3, hidden_act="gelu",
        bos_token_id=998, eos_token_id=999, pad_token_id=0,
    ),
}

SCHEDULER = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000,
                 clip_sample=False, set_alpha_to_one=False, steps_offset=1)

# The keys that the published configs of Stable Diffusion 1 have; the others are absent there.
PUBLISHED = {
    "unet": "_class_name _diffusers_version act_fn attention_head_dim block_out_channels center_input_sample cross_attention_dim "
            "down_block_types downsample_padding flip_sin_to_cos freq_shift in_channels layers_per_block mid_block_scale_factor "
            "norm_eps norm_num_groups out_channels sample_size up_block_types",
    "vae": "_class_name _diffusers_version act_fn block_out_channels down_block_types in_channels latent_channels layers_per_block "
           "norm_num_groups out_channels sample_size up_block_types",
}

OLD_ATTENTION = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value.", ".to_out.0.": ".proj_attn."}


def randomise(model, generator):
    """Gives norms and biases values of their own (their defaults, 0 and 1, hide mistakes), then rounds all to float16."""
    for parameter in model.parameters():
        if parameter.dim() == 1:
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
    for parameter in model.parameters():
        parameter.copy_(parameter.half().float())


def build(name, vocab_size):
    torch.manual_seed(10 if name == "tiny-sd1" else 20)
    unet = UNet2DConditionModel(**UNETS[name])
    unet.conv_out.weight.mul_(3)
    levels = len(VAES[name]["block_out_channels"])
    vae = AutoencoderKL(
        **VAES[name], latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * levels, up_block_types=("UpDecoderBlock2D",) * levels,
    )
    vae.decoder.conv_out.weight.mul_(3)
    text_encoder = CLIPTextModel(CLIPTextConfig(**TEXT_ENCODERS[name], vocab_size=vocab_size, projection_dim=32))
    for parameter in text_encoder.parameters():
        if parameter.dim() == 2:
            parameter.mul_(3)  # the default initialisation hardly reacts to the prompt
    generator = torch.Generator().manual_seed(1)
    for model in (unet, vae, text_encoder):
        randomise(model, generator)
        model.half().eval()
    return unet, vae, text_encoder


def keep_keys(path, keys):
    config = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in config.items() if k in keys}, indent=2) + "\n")


def write_sd1(folder, unet, vae, text_encoder, merges):
    unet.save_pretrained(folder / "unet")
    vae.save_pretrained(folder / "vae")
    text_encoder.save_pretrained(folder / "text_encoder")
    for component, keys in PUBLISHED.items():
        keep_keys(folder / component / "config.json", keys.split())

    names = {f"text_model.{k}": v for k, v in text_encoder.state_dict().items()}
    names["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_tensors(folder / "text_encoder/model.safetensors", names, {"format": "pt"})

    tensors = {}
    for key, value in vae.state_dict().items():
        for new, old in OLD_ATTENTION.items():
            key = key.replace(new, old)
        tensors[key] = value
    save_tensors(folder / "vae/diffusion_pytorch_model.safetensors", tensors, {"format": "pt"})

    tokenizer = folder / "tokenizer"
    save_json(tokenizer / "vocab.json", vocabulary(merges))
    (tokenizer / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    added = {t: dict(content=c, lstrip=False, normalized=True, rstrip=False, single_word=False)
             for t, c in (("bos_token", START), ("eos_token", END), ("unk_token", END))}
    save_json(tokenizer / "special_tokens_map.json", {**added, "pad_token": END})
    typed = {k: {"__type": "AddedToken", **v} for k, v in added.items()}
    save_json(tokenizer / "tokenizer_config.json", {
        "add_prefix_space": False, **typed, "do_lower_case": True, "errors": "replace", "model_max_length": 77,
        "pad_token": END, "tokenizer_class": "CLIPTokenizer"})
    save_json(folder / "scheduler/scheduler_config.json", {
        "_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0", **SCHEDULER, "skip_prk_steps": True, "trained_betas": None})
    save_json(folder / "model_index.json", {
        "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6.0",
        "feature_extractor": [None, None], "requires_safety_checker": False, "safety_checker": [None, None],
        "scheduler": ["diffusers", "PNDMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"]})


def write_sd2(folder, unet, vae, text_encoder, merges):
    tokenizer = CLIPTokenizer(vocab=vocabulary(merges), merges=[tuple(m.split(" ")) for m in merges],
                              pad_token="!", model_max_length=77)
    scheduler = DDIMScheduler(**SCHEDULER, prediction_type="v_prediction", timestep_spacing="leading")
    StableDiffusionPipeline(
        vae=vae, text_encoder=text_encoder, tokenizer=tokenizer, unet=unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder, variant="fp16")


def main(merges_file):
    merges = Path(merges_file).read_text(encoding="utf-8").split("\n")[1 : MERGES + 1]
    for name, write in zip(TINY, (write_sd1, write_sd2)):
        folder = FIXTURES / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        unet, vae, text_encoder = build(name, len(vocabulary(merges)))
        write(folder, unet, vae, text_encoder, merges)
        for component, made in (("unet", unet), ("vae", vae), ("text_encoder", text_encoder)):
            expected = made.float().state_dict()
            for key, value in load_component(name, component).state_dict().items():
                assert torch.equal(value, expected[key]), (name, component, key)
            print(name, component, sum(p.numel() for p in made.parameters()), "parameters")


if __name__ == "__main__":
    main(sys.argv[1])
