"""Writes what each scheduler does with a closed-form model: schedulers.json lists the cases, schedulers.safetensors has the numbers.

The model stands in for the U-Net; x is the sample after scale_model_input, t the timestep as the scheduler gives it:

    model(x, t) = 0.5 * tanh(x) * cos(t / 500) + 0.25 * x

Its value is taken as eps or as v, whatever the case's prediction type says. A case runs as diffusers' pipelines do, in float32:

    generator = torch.Generator("cpu").manual_seed(0)
    sample = torch.randn((1, 4, 6, 6), generator=generator) * scheduler.init_noise_sigma
    for t in scheduler.timesteps:
        sample = scheduler.step(model(scheduler.scale_model_input(sample, t), t), t, sample, generator=generator).prev_sample

so that the noise of the steps (DDPM, Euler a) goes on in the stream that gave the first noise: one draw of the sample's shape per
step. The draw of the last step has no effect (DDPM multiplies it by 1e-10, Euler a by 0).
"""

import inspect

from common import FIXTURES, save_json, save_tensors, torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
)

SAMPLERS = {
    "ddim": DDIMScheduler,
    "ddpm": DDPMScheduler,
    "euler": EulerDiscreteScheduler,
    "euler-a": EulerAncestralDiscreteScheduler,
    "dpm++2m": DPMSolverMultistepScheduler,
}
SPACINGS = ("leading", "trailing", "linspace")
STABLE_DIFFUSION = dict(
    num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
    clip_sample=False, set_alpha_to_one=False, steps_offset=1,
)
SHAPE = (1, 4, 6, 6)


def model(x, t):
    return 0.5 * torch.tanh(x) * torch.cos(t.float() / 500) + 0.25 * x


def accepts(kind, option):
    return option in inspect.signature(kind.__init__).parameters


def cases():
    for sampler, kind in SAMPLERS.items():
        for karras in (False, True) if accepts(kind, "use_karras_sigmas") else (False,):
            for spacing in SPACINGS:
                for prediction, steps in (("epsilon", 10), ("v_prediction", 10), ("epsilon", 1), ("epsilon", 7), ("epsilon", 25)):
                    short = "eps" if prediction == "epsilon" else "v"
                    name = f"{sampler}.{spacing}{'.karras' if karras else ''}.{short}.{steps}"
                    yield dict(name=name, sampler=sampler, scheduler=kind.__name__, timestep_spacing=spacing,
                               karras=karras, prediction_type=prediction, steps=steps)


def make(case):
    kind = SAMPLERS[case["sampler"]]
    options = STABLE_DIFFUSION | dict(timestep_spacing=case["timestep_spacing"], prediction_type=case["prediction_type"])
    if case["karras"]:
        options["use_karras_sigmas"] = True
    scheduler = kind(**{k: v for k, v in options.items() if accepts(kind, k)})
    scheduler.set_timesteps(case["steps"])
    return scheduler


def run(case):
    scheduler = make(case)
    case["init_noise_sigma"] = float(scheduler.init_noise_sigma)
    tensors = {"timesteps": scheduler.timesteps.float()}
    if hasattr(scheduler, "sigmas"):
        tensors["sigmas"] = scheduler.sigmas.float()
    generator = torch.Generator("cpu").manual_seed(0)
    sample = torch.randn(SHAPE, generator=generator) * scheduler.init_noise_sigma
    for t in scheduler.timesteps:
        output = model(scheduler.scale_model_input(sample, t), t)
        sample = scheduler.step(output, t, sample, generator=generator).prev_sample
        tensors.setdefault("first", sample)
    tensors["final"] = sample
    assert torch.isfinite(sample).all() and sample.dtype == torch.float32, case
    return {f"{case['name']}.{key}": value for key, value in tensors.items()}


def main():
    tensors = {"noise": torch.randn(SHAPE, generator=torch.Generator("cpu").manual_seed(0))}
    all_cases = list(cases())
    for case in all_cases:
        tensors |= run(case)
        print(case["name"], tensors[case["name"] + ".final"].std().item(), tensors[case["name"] + ".timesteps"][:3].tolist())
    formula = "model(x, t) = 0.5 * tanh(x) * cos(t / 500) + 0.25 * x"
    save_json(FIXTURES / "schedulers.json", {
        "model": formula, "shape": SHAPE, "seed": 0, "config": STABLE_DIFFUSION, "cases": all_cases})
    save_tensors(FIXTURES / "schedulers.safetensors", tensors, {"model": formula})


if __name__ == "__main__":
    main()
