#!/bin/sh
# Diffusion among pixels against diffusion among latents: the same scenes, the same U-Net, the same time.
#
#   tools/compare/pixels_or_latents.sh FOLDER VAE [MINUTES [COUNT]]
#
# FOLDER takes the results; VAE is an autoencoder that was trained (mini/src/main/resources/mini/vae). Prints for both: steps a
# second, peak memory, and what the judge sees in COUNT pictures of each.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
latente=${LATENTE:-$here/../../latente}
out=${1:?usage: pixels_or_latents.sh FOLDER VAE [MINUTES [COUNT]]}
vae=${2:?need the folder of an autoencoder}
minutes=${3:-30}
count=${4:-100}
mkdir -p "$out"
[ -r "$out/scenes/metadata.jsonl" ] || "$latente" scenes "$out/scenes" --count 4000 --seed 7

# Trains for the given minutes: run NAME ARGUMENTS...
run() {
  name=$1
  shift
  "$latente" train diffusion --data "$out/scenes" --out "$out/$name" --batch 16 --rate 0.001 --steps 100000 \
    --samples 100000 --checkpoint 100000 "$@" 2>"$out/$name.txt" &
  process=$!
  until grep -q '^step' "$out/$name.txt"; do sleep 1; done # encoding latents is not training
  sleep $((minutes * 60))
  memory=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$process/status")
  kill -TERM "$process"
  wait "$process" || true
  steps=$(tail -n 1 "$out/$name/log.csv" | cut -d , -f 1)
  printf '%s: %s steps in %s minutes, %s steps/s, peak memory %s MiB\n' "$name" "$steps" "$minutes" \
    "$(awk "BEGIN { printf \"%.2f\", $steps / $minutes / 60 }")" "$memory"
  "$latente" evaluate --model "$out/$name/model" --count "$count" --pairs 0
}

run latents --vae "$vae"
run pixels --pixels
