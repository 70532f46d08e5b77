#!/bin/sh
# How long Latente and other programs take to draw the same picture: an untrained model of the size of Stable Diffusion 1.5,
# 512x512, two evaluations of the U-Net a step, on the processor, in f32. Those that are not installed are left out.
#
#   tools/compare/peers.sh [--rounds N] [--steps N] [--pictures N | --short] [--threads N] [--cache DIR] [--only NAME,...]
#
#   --rounds    how often each program draws, one after the other, in turned order every second time (3)
#   --steps     steps of these pictures, 2 or more (4)
#   --pictures  whole pictures of 20 steps that each draws afterwards, in turns (1)
#   --short     none of these: 20 steps are extrapolated
#   --threads   of each program (2)
#   --cache     where models are kept: 4.3 GB, and 4.2 GB more for ONNX Runtime (${XDG_CACHE_HOME:-~/.cache}/latente-compare)
#   --only      some of latente, diffusers, onnx, sdcpp
#
# PYTHON names a Python with torch, diffusers and transformers (tools/reference/README.md), onnxruntime, and for the first time
# onnx; SDCPP the program sd-cli of stable-diffusion.cpp. Trials find what is quickest on this machine: diffusers' layout of
# memory, unless DIFFUSERS_LAYOUT says contiguous or channels-last, and stable-diffusion.cpp's attention and convolutions, unless
# SDCPP_ARGS has its options. LATENTE names another launcher.
#
# Every drawing is a new process. Seconds of stages are what the programs themselves measured, those of whole pictures are from
# start to exit, memory is the most resident at any time. stable-diffusion.cpp evaluates the halves of guidance one after the
# other, the others as a batch of two; it multiplies f16 weights with inputs rounded to f16 unless SDCPP_ARGS has `--type f32`.
#
# stable-diffusion.cpp: clone it with its submodules, then
#   cmake -B build -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DGGML_LLAMAFILE=ON && cmake --build build --target sd-cli
# With AVX-512 its ggml takes SD 1.5's heads of 40 numbers one by one, as 40 is no multiple of 16 (85 s a step on two cores, not 23):
# compile ggml/src/ggml-cpu/ops.cpp with -mno-avx512f behind the other flags, and take SDCPP_ARGS=--diffusion-fa.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
fail() {
  printf 'peers.sh: %s\n' "$1" >&2
  exit 1
}
. "$home/tools/find-jdk.sh"
find_jdk
latente=${LATENTE:-$home/latente}
"$latente" --version >/dev/null # builds
built=$home/target/launch/${LATENTE_NATIVES:-cpu}
class_path=${CLASS_PATH:-$(cat "$built/$(cat "$built/ready")/classpath")}
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dlatente="$latente" -Dhere="$here" -cp "$class_path" "$here/Peers.java" "$@"
