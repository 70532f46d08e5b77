#!/bin/sh
# Diffusion among pixels against diffusion among latents: the same scenes, the same U-Net, the same processor time.
#
#   tools/compare/pixels_or_latents.sh FOLDER VAE [MINUTES [COUNT]]
#
# FOLDER takes the results; VAE is an autoencoder that was trained (mini/src/main/resources/mini/vae). Prints for both: steps a
# second of processor time (MINUTES are those of all cores together, so that other work beside does not count), peak memory, and what
# the judge sees in COUNT pictures of each. FOLDER/pixels_or_latents.jpg shows the same prompts drawn by both.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
latente=${LATENTE:-$here/../../latente}
out=${1:?usage: pixels_or_latents.sh FOLDER VAE [MINUTES [COUNT]]}
vae=${2:?need the folder of an autoencoder}
minutes=${3:-30}
count=${4:-100}
mkdir -p "$out"
[ -r "$out/scenes/metadata.jsonl" ] || "$latente" scenes "$out/scenes" --count 4000 --seed 7

. "$here/../find-jdk.sh"
find_jdk

# Seconds of processor time that process $1 has used.
used() {
  awk -v ticks="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) / ticks) }' "/proc/$1/stat"
}

# Trains for the given minutes, then has pictures judged: run NAME ARGUMENTS...
run() {
  name=$1
  shift
  "$latente" train diffusion --data "$out/scenes" --out "$out/$name" --batch 16 --rate 0.001 --steps 100000 \
    --samples 100000 --checkpoint 100000 "$@" 2>"$out/$name.txt" &
  process=$!
  until grep -q '^step' "$out/$name.txt"; do sleep 1; done # encoding latents is not training
  began=$(used "$process")
  until [ $(($(used "$process") - began)) -ge $((minutes * 60)) ]; do sleep 1; done
  memory=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$process/status")
  kill -TERM "$process"
  wait "$process" || true
  steps=$(tail -n 1 "$out/$name/log.csv" | cut -d , -f 1)
  printf '%s: %s steps in %s minutes, %s steps/s, peak memory %s MiB\n' "$name" "$steps" "$minutes" \
    "$(awk "BEGIN { printf \"%.2f\", $steps / $minutes / 60 }")" "$memory"
  "$latente" evaluate --model "$out/$name/model" --count "$count" --pairs 0
  draw boat 'a large red boat in the middle, a calm lake at sunset'
  draw house 'a large yellow house on the right, a meadow at noon'
  draw castle 'a large white castle in the middle, the desert at night'
}

draw() {
  "$latente" generate "$2" -m "$out/$name/model" --seed 1 --no-watermark -o "$out/$name-$1.png" >"$out/drawn.txt"
}

run latents --vae "$vae"
run pixels --pixels
"$jdk/bin/java" -Djava.awt.headless=true "$here/Beside.java" "$out/pixels_or_latents.jpg" \
  "$out/latents-boat.png" "$out/latents-house.png" "$out/latents-castle.png" \
  "$out/pixels-boat.png" "$out/pixels-house.png" "$out/pixels-castle.png"
