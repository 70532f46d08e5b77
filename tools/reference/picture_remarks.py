"""Writes small JPEG, WebP and PNG files with remarks as other programs leave them, by Pillow.

A1111's web UI writes EXIF's UserComment as "UNICODE\\0" and UTF-16 with the upper byte first (piexif); others write the
lower byte first, or "ASCII\\0\\0\\0" and UTF-8. ComfyUI's WebP nodes put "prompt:{...}" and "workflow:{...}" into the
camera's model and make. Pictures are 24x16 and grey.
"""
import json
import sys
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

TEXT = 'ein rotes Boot, 赤い船\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 42, Size: 24x16'
GRAPH = {"3": {"class_type": "KSampler", "inputs": {"seed": 5, "steps": 20}}}
out = Path(sys.argv[1])
picture = Image.new("RGB", (24, 16), (90, 90, 90))


def comment(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = data
    return exif


picture.save(out / "a1111.jpg", exif=comment(b"UNICODE\0" + TEXT.encode("utf_16_be")))
picture.save(out / "little-endian.jpg", exif=comment(b"UNICODE\0" + TEXT.encode("utf_16_le")))
picture.save(out / "ascii.jpg", exif=comment(b"ASCII\0\0\0" + TEXT.encode()))
picture.save(out / "comment.jpg", exif=comment(b"ASCII\0\0\0" + b"a day at the sea"))
picture.save(out / "a1111.webp", exif=comment(b"UNICODE\0" + TEXT.encode("utf_16_be")))
picture.save(out / "lossless.webp", lossless=True)
comfy = Image.Exif()
comfy[0x0110] = "prompt:" + json.dumps(GRAPH)
comfy[0x010F] = "workflow:" + json.dumps({"nodes": []})
picture.save(out / "comfyui.webp", exif=comfy)
for name, texts in {
    "comfyui": {"prompt": json.dumps(GRAPH), "workflow": json.dumps({"nodes": []})},
    "invokeai": {"invokeai_metadata": json.dumps({"positive_prompt": "a red boat", "seed": 5})},
    "novelai": {"Software": "NovelAI", "Comment": json.dumps({"steps": 28})},
}.items():
    info = PngInfo()
    for key, value in texts.items():
        info.add_text(key, value)
    picture.save(out / f"{name}.png", pnginfo=info)
