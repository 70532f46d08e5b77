"""Writes a tiny CLIP vision encoder and a tiny safety checker with random weights, and what they give: tiny-vision/.

image_encoder/ is named as transformers writes it today, safety_checker/ as in the published Stable Diffusion 1 folders
(vision_model.vision_model, position_ids). Thresholds of the checker lie between the cosines of the pictures, so that some
are flagged, some by special care alone.
"""

import numpy as np
from common import FIXTURES, save_json, save_tensors, torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from PIL import Image
from tiny_models import randomise
from transformers import CLIPConfig, CLIPVisionConfig, CLIPVisionModelWithProjection

try:
    from transformers import CLIPImageProcessorPil as CLIPImageProcessor
except ImportError:
    from transformers import CLIPImageProcessor

FOLDER = FIXTURES / "tiny-vision"
SIDE = 21
SIZES = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2, image_size=SIDE, patch_size=7,
             projection_dim=16)
PICTURES = {"wide": (61, 40), "tall": (33, 90), "small": (20, 24), "square": (21, 21), "one": (50, 50), "two": (37, 41)}


def picture(index, width, height):
    """Blocks and gradients, [H, W, 3] uint8."""
    random = np.random.default_rng(index)
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)], -1)
    base[height // 4 : height // 2, width // 3 :] = random.integers(0, 256, 3)
    return np.clip(base * random.uniform(0.2, 1, 3), 0, 255).astype(np.uint8)


def scaled(model, generator):
    for parameter in model.parameters():
        if parameter.dim() == 2:
            parameter.mul_(3)
    randomise(model, generator)
    return model.eval()


def main():
    generator = torch.Generator().manual_seed(3)
    processor = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    images = {}
    for i, (name, (width, height)) in enumerate(PICTURES.items()):
        images[name] = Image.fromarray(picture(i, width, height))
        (FOLDER / "pictures").mkdir(parents=True, exist_ok=True)
        images[name].save(FOLDER / f"pictures/{name}.png")
    tensors = {f"pixels.{n}": torch.as_tensor(np.asarray(processor(i, return_tensors="np").pixel_values)) for n, i in images.items()}
    pixels = torch.cat(list(tensors.values())).float()

    torch.manual_seed(30)
    encoder = scaled(CLIPVisionModelWithProjection(CLIPVisionConfig(**SIZES, hidden_act="gelu")), generator)
    result = encoder(pixels, output_hidden_states=True)
    tensors |= {"encoder.embeds": result.image_embeds, "encoder.penultimate": result.hidden_states[-2],
                "encoder.last": result.hidden_states[-1]}
    encoder.half().save_pretrained(FOLDER / "image_encoder")

    checker = StableDiffusionSafetyChecker(CLIPConfig(vision_config=dict(SIZES, hidden_act="quick_gelu"), text_config={}, projection_dim=16))
    checker = scaled(checker, generator)
    embeds = checker.visual_projection(checker.vision_model(pixels)[1])
    for name, count in (("special_care_embeds", 3), ("concept_embeds", 17)):
        # concepts near some pictures: sums of one picture's vector and noise
        near = embeds[torch.arange(count) % len(PICTURES)]
        vectors = near / near.norm(dim=1, keepdim=True) + 0.15 * torch.randn(count, 16, generator=generator)
        getattr(checker, name).copy_(vectors.half().float())
        cosines = torch.nn.functional.normalize(embeds) @ torch.nn.functional.normalize(getattr(checker, name)).T
        highest = cosines.sort(0, descending=True).values  # [pictures, concepts]
        # most concepts are met by nobody; one by the nearest picture; one only with the adjustment of special care
        limit = highest[0] + 0.05
        limit[0] = cosines[0, 0] - 0.004  # met by the picture that is nearest to concept 0
        if name == "concept_embeds":
            limit[0] = highest[0, 0] + 0.006
            limit[5] = (highest[0, 5] + highest[1, 5]) / 2
        getattr(checker, name + "_weights").copy_(limit.half().float())
    _, flagged = checker(clip_input=pixels, images=[np.ones((1, 1, 3)) for _ in images])
    for name in ("special_care_embeds", "concept_embeds"):
        tensors["checker." + name] = torch.nn.functional.normalize(embeds) @ torch.nn.functional.normalize(getattr(checker, name)).T
    print(flagged)
    state = {}
    for key, value in checker.half().state_dict().items():
        key = key.replace("vision_model.", "vision_model.vision_model.", 1) if not key.startswith("vision_model.vision_model.") else key
        state[key] = value
    state["vision_model.vision_model.embeddings.position_ids"] = torch.arange(10)[None]
    save_tensors(FOLDER / "safety_checker/model.safetensors", state, {"format": "pt"})
    save_json(FOLDER / "safety_checker/config.json", {
        "architectures": ["StableDiffusionSafetyChecker"], "model_type": "clip", "projection_dim": 16,
        "text_config": {"hidden_size": 8}, "vision_config": dict(SIZES, hidden_act="quick_gelu", projection_dim=512)})
    save_json(FOLDER / "feature_extractor/preprocessor_config.json", {
        "crop_size": SIDE, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": processor.image_mean, "image_std": processor.image_std,
        "resample": 3, "size": SIDE})
    tensors["checker.flagged"] = torch.tensor(flagged).long()
    save_tensors(FOLDER / "numbers.safetensors", tensors)


if __name__ == "__main__":
    main()
