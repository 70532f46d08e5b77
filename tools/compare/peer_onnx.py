"""Draws a picture with ONNX Runtime and tells what each stage took; Peers.java reads it.

Usage: peer_onnx.py export MODEL FOLDER            writes MODEL's networks (diffusers' layout) as ONNX, in f32
       peer_onnx.py run FOLDER THREADS STEPS [PICTURE]
"""

import sys
import time

BEGAN = time.perf_counter()

from pathlib import Path

import numpy as np

BATCH = 2  # both halves of guidance
GUIDANCE = 7.5
VAE_SCALE = 0.18215
OPSET = 17
TOKENS = np.array([[49406] + [49407] * 76, [49406, 320, 736, 4440, 525, 320, 5816, 3334, 536, 7711] + [49407] * 67])


def lap(stage):
    """Prints the seconds since the last lap."""
    global BEGAN
    now = time.perf_counter()
    print(stage, f"{now - BEGAN:.4f}", flush=True)
    BEGAN = time.perf_counter()


def export(model, folder):
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel

    torch.set_grad_enabled(False)
    f32 = dict(torch_dtype=torch.float32)

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.text = CLIPTextModel.from_pretrained(model / "text_encoder", dtype=torch.float32, attn_implementation="eager")

        def forward(self, ids):
            return self.text(ids).last_hidden_state

    class UNet(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.unet = UNet2DConditionModel.from_pretrained(model / "unet", **f32)

        def forward(self, x, t, text):
            return self.unet(x, t, text, return_dict=False)[0]

    class Decoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.vae = AutoencoderKL.from_pretrained(model / "vae", **f32)

        def forward(self, z):
            return self.vae.decode(z, return_dict=False)[0]

    parts = {
        "text": (Text, dict(ids=torch.from_numpy(TOKENS))),
        "decoder": (Decoder, dict(z=torch.randn(1, 4, 64, 64))),
        "unet": (UNet, dict(x=torch.randn(BATCH, 4, 64, 64), t=torch.full((BATCH,), 500), text=torch.randn(BATCH, 77, 768))),
    }
    for name, (network, inputs) in parts.items():
        target = folder / name / "model.onnx"
        if (folder / name / "done").exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # The older exporter, as the newer one needs one more package.
        torch.onnx.export(network().eval(), tuple(inputs.values()), str(target), input_names=list(inputs), output_names=["out"], opset_version=OPSET, dynamo=False)
        (folder / name / "done").touch()


def session(folder, name, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(folder / name / "model.onnx"), options, providers=["CPUExecutionProvider"])


def evaluate(unet, x, t, text):
    return unet.run(None, dict(x=x, t=np.full(BATCH, t, np.int64), text=text))[0]


def run(folder, threads, steps, picture):
    import onnxruntime  # noqa: F401, to time it apart

    lap("start")
    text_encoder = session(folder, "text", threads)
    unet = session(folder, "unet", threads)
    decoder = session(folder, "decoder", threads)
    lap("load")
    text = text_encoder.run(None, dict(ids=TOKENS))[0]
    lap("text")
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    alphas = np.cumprod(1 - betas)
    times = np.linspace(999, 0, steps)
    sigmas = np.append(np.interp(times, np.arange(1000), np.sqrt((1 - alphas) / alphas)), 0)
    x = np.random.default_rng(0).standard_normal((1, 4, 64, 64)) * sigmas[0]
    for i, t in enumerate(times):
        scaled = np.repeat(x / np.sqrt(sigmas[i] ** 2 + 1), BATCH, 0).astype(np.float32)
        without, given = evaluate(unet, scaled, int(t), text)
        x = x + (without + GUIDANCE * (given - without)) * (sigmas[i + 1] - sigmas[i])
        lap("step")
    pixels = decoder.run(None, dict(z=(x / VAE_SCALE).astype(np.float32)))[0][0]
    lap("decode")
    if picture:
        from PIL import Image

        pixels = np.nan_to_num(pixels).clip(-1, 1).transpose(1, 2, 0)
        Image.fromarray(((pixels + 1) * 127.5).round().astype(np.uint8)).save(picture)


def main(what, folder, *arguments):
    if what == "export":
        export(Path(folder), Path(arguments[0]))
    else:
        threads, steps, *picture = arguments
        run(Path(folder), int(threads), int(steps), picture[0] if picture else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
