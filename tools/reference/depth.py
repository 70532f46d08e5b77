"""Tiny depth estimators with random weights, and what transformers makes of pictures with them: depth/.

NAME.json, NAME.tsv              config and tensors of each network (see named_weights.py)
NAME-preprocessor.json           how pictures are brought to its input
components.safetensors           NAME.size: of the picture control.control_map(70, 50) as the processor makes it; NAME.input: a
                                 corner of it;
                                 NAME.shape: of the predicted depth [1, h, w]; NAME.depth: every third row
                                 and column of it
unet.json, unet.tsv              the U-Net of tiny-sd2 with a fifth input channel
estimated.png, given.png         what a depth model with it draws
"""

import json

import numpy as np
import torch
from common import FIXTURES, save_tensors
from diffusers import StableDiffusionDepth2ImgPipeline, StableDiffusionPipeline, UNet2DConditionModel
from control import control_map
from named_weights import fill, write
from PIL import Image
from transformers import (
    BitConfig, DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config, DPTConfig, DPTForDepthEstimation)
from transformers.models.dpt.image_processing_pil_dpt import DPTImageProcessorPil

FOLDER = FIXTURES / "depth"
VIT = dict(hidden_size=16, num_hidden_layers=4, num_attention_heads=2, intermediate_size=24, fusion_hidden_size=8)


def dino(**change):
    return Dinov2Config(**dict(
        hidden_size=16, num_hidden_layers=4, num_attention_heads=2, mlp_ratio=2, image_size=28, patch_size=14,
        out_indices=[1, 2, 3, 4], reshape_hidden_states=False, layerscale_value=0.7) | change)


def networks():
    bit = BitConfig(embedding_size=8, hidden_sizes=[16, 32, 64], depths=[1, 2, 1], num_groups=4, layer_type="bottleneck",
                    global_padding="SAME", embedding_dynamic_padding=True, out_features=["stage1", "stage2", "stage3"])
    half = dict(image_mean=[0.5, 0.5, 0.5], image_std=[0.5, 0.5, 0.5])
    return {
        "dpt-hybrid": (
            DPTForDepthEstimation(DPTConfig(
                **VIT, is_hybrid=True, backbone_config=bit, image_size=64, patch_size=16, backbone_featmap_shape=[1, 64, 4, 4],
                backbone_out_indices=[0, 1, 2, 3], neck_hidden_sizes=[16, 32, 16, 16], reassemble_factors=[1, 1, 1, 0.5])),
            dict(size=64, resample=2, keep_aspect_ratio=False, ensure_multiple_of=1, **half)),
        "dpt-vit": (
            DPTForDepthEstimation(DPTConfig(
                **VIT, image_size=64, patch_size=16, backbone_out_indices=[0, 1, 2, 3], neck_hidden_sizes=[8, 8, 16, 16])),
            dict(size=dict(height=96, width=96), resample=3, keep_aspect_ratio=False, ensure_multiple_of=32, **half)),
        "depth-anything": (
            DepthAnythingForDepthEstimation(DepthAnythingConfig(
                backbone_config=dino(), reassemble_hidden_size=16, neck_hidden_sizes=[8, 8, 16, 16], fusion_hidden_size=8,
                head_hidden_size=6)),
            dict(size=dict(height=56, width=56), resample=3, keep_aspect_ratio=True, ensure_multiple_of=14)),
        "depth-anything-metric": (
            DepthAnythingForDepthEstimation(DepthAnythingConfig(
                backbone_config=dino(use_swiglu_ffn=True, out_indices=[2, 4]), reassemble_hidden_size=16, neck_hidden_sizes=[8, 16],
                reassemble_factors=[2, 0.5], fusion_hidden_size=8, head_hidden_size=6, depth_estimation_type="metric", max_depth=20)),
            dict(size=dict(height=42, width=42), resample=3, keep_aspect_ratio=True, ensure_multiple_of=14)),
        "dpt-dino": (
            DPTForDepthEstimation(DPTConfig(
                backbone_config=dino(), fusion_hidden_size=8, neck_hidden_sizes=[8, 8, 16, 16], readout_type="add")),
            dict(size=dict(height=56, width=42), resample=3, keep_aspect_ratio=False, ensure_multiple_of=14)),
    }


def picture(net):
    """What a depth model with this estimator draws of noise alone: its picture to begin with counts for nothing (strength 1)."""
    base = UNet2DConditionModel.from_pretrained(FIXTURES / "tiny-sd2/unet", variant="fp16").config
    unet = fill(UNet2DConditionModel(**{k: v for k, v in base.items() if not k.startswith("_")} | dict(in_channels=5)))
    write(FOLDER, "unet", unet, dict(unet.config) | dict(_class_name="UNet2DConditionModel"))
    settings = json.loads((FOLDER / "dpt-hybrid-preprocessor.json").read_text())
    plain = StableDiffusionPipeline.from_pretrained(FIXTURES / "tiny-sd2", variant="fp16", torch_dtype=torch.float32, safety_checker=None)
    pipe = StableDiffusionDepth2ImgPipeline(
        vae=plain.vae, text_encoder=plain.text_encoder, tokenizer=plain.tokenizer, unet=unet, scheduler=plain.scheduler, depth_estimator=net,
        feature_extractor=DPTImageProcessorPil(**{k: v for k, v in settings.items() if k != "image_processor_type"}))
    pipe.set_progress_bar_config(disable=True)
    of = Image.fromarray(control_map(64, 48))
    drawn = {}
    for name, depth in (("estimated", None), ("given", torch.from_numpy(control_map(40, 30)).float()[None, :, :, 1] / 255)):
        generator = torch.Generator("cpu").manual_seed(5)
        pipe.prepare_latents = lambda *_, **__: torch.randn((1, 4, 12, 16), generator=generator)
        result = pipe("a red boat", image=of, depth_map=depth, strength=1.0, num_inference_steps=4, guidance_scale=5.0,
                      negative_prompt="a house", output_type="np").images[0]
        drawn[name] = (result * 255).round().astype(np.uint8)
        Image.fromarray(drawn[name]).save(FOLDER / f"{name}.png", optimize=True)
    print("pictures differ by", np.abs(drawn["estimated"].astype(int) - drawn["given"]).mean(), "deviation", drawn["given"].std())


def main():
    shown = Image.fromarray(control_map(70, 50))
    tensors = {}
    for name, (net, settings) in networks().items():
        write(FOLDER, name, fill(net.float()), net.config.to_dict())
        settings = dict(image_processor_type="DPTImageProcessor", do_resize=True, do_rescale=True, do_normalize=True,
                        rescale_factor=1 / 255, do_pad=False) | settings
        (FOLDER / f"{name}-preprocessor.json").write_text(json.dumps(settings, indent=1) + "\n")
        processor = DPTImageProcessorPil(**{k: v for k, v in settings.items() if k != "image_processor_type"})
        pixels = processor(images=shown, return_tensors="pt").pixel_values
        depth = net(pixels).predicted_depth
        print(name, tuple(pixels.shape), tuple(depth.shape), "depth", depth.min().item(), depth.mean().item(), depth.max().item())
        assert (depth > 0).float().mean() > 0.3 and depth.std() > 0.01 * depth.mean(), depth.std()
        tensors |= {f"{name}.size": torch.tensor(pixels.shape[-2:]), f"{name}.input": pixels[..., :6, -6:], f"{name}.shape": torch.tensor(depth.shape), f"{name}.depth": depth[:, ::3, ::3]}
        if name == "dpt-hybrid":
            picture(net)
    save_tensors(FOLDER / "components.safetensors", tensors)


if __name__ == "__main__":
    main()
