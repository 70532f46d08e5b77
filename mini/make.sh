#!/bin/sh
# Makes the models `mini` and `mini-fast` from nothing: draws scenes, trains the autoencoder, then the U-Net with its text encoder,
# then both apart, then what makes it follow depth and references, then the copy for four steps, and judges them.
#
#   mini/make.sh FOLDER [PERCENT]
#
# With a PERCENT below 100 all numbers of scenes and steps are that part of the whole: 1 shows in some minutes that each stage
# does its part, and gives a model that draws clouds of colour.
#
# Takes about thirteen hours on one core of a Xeon with AVX-512; README.md beside this tells what came of it. Stop it with
# Ctrl-C and start it again: each part goes on where it was. The stops at given steps (--until) are part of the recipe, because
# settings changed there.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
out=${1:?usage: mini/make.sh FOLDER [PERCENT]}
percent=${2:-100}
case $percent in
  '' | *[!0-9]* | 0* | ????*) echo "make.sh: PERCENT must be a whole number from 1 to 100: $percent" >&2; exit 2 ;;
esac
[ "$percent" -le 100 ] || { echo "make.sh: PERCENT must be 100 or less: $percent" >&2; exit 2; }
latente=$here/../latente
mkdir -p "$out"

# The part of $1 that is wanted, $2 (or 2) at least.
part() {
  wanted=$(($1 * percent / 100))
  least=${2:-2}
  echo $((wanted > least ? wanted : least))
}

# Whether the training in folder $1 has reached step $2.
reached() {
  [ -r "$1/log.csv" ] && [ "$(tail -n 1 "$1/log.csv" | cut -d , -f 1)" -ge "$2" ]
}

[ -r "$out/scenes-a/metadata.jsonl" ] || "$latente" scenes "$out/scenes-a" --count "$(part 5000 24)" --seed 1
[ -r "$out/scenes-b/metadata.jsonl" ] || "$latente" scenes "$out/scenes-b" --count "$(part 16000 24)" --seed 7

# The autoencoder: 128 x 128 x 3 to 32 x 32 x 4.
vae() {
  "$latente" train vae --data "$out/scenes-a" --out "$out/vae" --channels 16,32,64 --latents 4 \
    --batch 8 --crop 64 --warm-up 100 --rate 0.0012 --edges 0.2 "$@"
}
reached "$out/vae" "$(part 3301)" || vae --steps "$(part 7000)" --until "$(part 3301)"
[ -r "$out/vae/vae/config.json" ] || vae --steps "$(part 6000)"

# The U-Net and the text encoder.
diffusion() {
  "$latente" train diffusion --data "$out/scenes-b" --vae "$out/vae/vae" --out "$out/run" --channels 48,64,128 \
    --batch 16 --warm-up 200 "$@"
}
reached "$out/run" "$(part 1098)" || diffusion --rate 0.001 --steps "$(part 7000)" --until "$(part 1098)" --average 0.999
reached "$out/run" "$(part 1724)" || diffusion --rate 0.001 --steps "$(part 4550)" --until "$(part 1724)" --average 0.999
reached "$out/run" "$(part 2437)" || diffusion --rate 0.001 --steps "$(part 4550)" --until "$(part 2437)" --things 4 --average 0.999
reached "$out/run" "$(part 3600)" || diffusion --rate 0.0015 --steps "$(part 5000)" --until "$(part 3600)" --things 4 --average 0.999 \
  --timestep-width 0.6 --timestep-centre -0.2
reached "$out/run" "$(part 4507)" || diffusion --rate 0.0025 --steps "$(part 5050)" --until "$(part 4507)" --things 4 --average 0.998 \
  --timestep-width 0.8 --timestep-centre 0.2
diffusion --rate 0.004 --steps "$(part 5100)" --average 0.998 --timestep-width 0.8 --timestep-centre 0.2


# The text encoder learns to read captions, then the U-Net goes on with it; the scenes are drawn anew, with captions that
# leave less out.
[ -r "$out/scenes-c/metadata.jsonl" ] || "$latente" scenes "$out/scenes-c" --count "$(part 20000 24)" --seed 7
reached "$out/text" "$(part 1500)" || "$latente" train text --from "$out/run/model" --out "$out/text" --steps "$(part 1500)" --batch 64 --rate 0.0015
reading() {
  "$latente" train diffusion --from "$out/text/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-c" --out "$out/reading" \
    --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --timestep-width 0.8 --timestep-centre 0.2 --precision bf16 "$@"
}
reached "$out/reading" "$(part 600)" || reading --steps "$(part 5000)" --until "$(part 600)" --things 2
reading --steps "$(part 1000)"

# More of the same, from 4,000 scenes more.
[ -r "$out/scenes-d/metadata.jsonl" ] || "$latente" scenes "$out/scenes-d" --count "$(part 24000 24)" --seed 7
"$latente" train diffusion --from "$out/reading/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-d" --out "$out/further" \
  --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --timestep-width 0.8 --timestep-centre 0.2 --precision bf16 --steps "$(part 7400)"

# And again, from other scenes; the rate first aimed at 8,200 steps.
[ -r "$out/scenes-e/metadata.jsonl" ] || "$latente" scenes "$out/scenes-e" --count "$(part 40000 24)" --seed 31
again() {
  "$latente" train diffusion --from "$out/further/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-e" --out "$out/again" \
    --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --timestep-width 0.8 --timestep-centre 0.2 --precision bf16 "$@"
}
reached "$out/again" "$(part 6600)" || again --steps "$(part 8200)" --until "$(part 6600)"
again --steps "$(part 7600)"

# And onward from others still. Errors at things count more where noise does not hide them, but in the last third.
[ -r "$out/scenes-f/metadata.jsonl" ] || "$latente" scenes "$out/scenes-f" --count "$(part 28000 24)" --seed 53
onward() {
  "$latente" train diffusion --from "$out/again/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-f" --out "$out/onward" \
    --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --timestep-width 0.8 --timestep-centre 0.2 --precision bf16 "$@"
}
reached "$out/onward" "$(part 1400)" || onward --steps "$(part 4300)" --until "$(part 1400)"
reached "$out/onward" "$(part 3300)" || onward --steps "$(part 4900)" --until "$(part 3300)" --things 3
onward --steps "$(part 4900)"

# And finer, from others: at less noise, where the small parts of things are decided.
[ -r "$out/scenes-g/metadata.jsonl" ] || "$latente" scenes "$out/scenes-g" --count "$(part 28000 24)" --seed 67
finer() {
  "$latente" train diffusion --from "$out/onward/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-g" --out "$out/finer" \
    --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --timestep-width 1 --precision bf16 --steps "$(part 6000)" "$@"
}
reached "$out/finer" "$(part 1622)" || finer --until "$(part 1622)" --things 3 --timestep-centre -0.6
reached "$out/finer" "$(part 4600)" || finer --until "$(part 4600)" --things 3 --timestep-centre -1
finer --timestep-centre -1

# And windmills, whose sails are the hardest: the same scenes, those with windmills three times.
if ! [ -r "$out/scenes-sails/metadata.jsonl" ]; then
  mkdir -p "$out/scenes-sails"
  awk '{ gsub(/"(file_name|depth|mask)":"/, "&../scenes-g/"); print } /windmill/ { print; print }' \
    "$out/scenes-g/metadata.jsonl" >"$out/scenes-sails/new"
  mv "$out/scenes-sails/new" "$out/scenes-sails/metadata.jsonl"
fi
sails() {
  "$latente" train diffusion --from "$out/finer/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-sails" --out "$out/sails" \
    --batch 16 --warm-up 100 --rate 0.0015 --average 0.998 --things 3 --timestep-width 1 --precision bf16 --steps "$(part 4000)" "$@"
}
reached "$out/sails" "$(part 2741)" || sails --until "$(part 2741)" --timestep-centre -0.5
sails --timestep-centre -1.3

# And longer, at a lower rate, which first aimed at other ends.
longer() {
  "$latente" train diffusion --from "$out/sails/model" --freeze-text --vae "$out/vae/vae" --data "$out/scenes-sails" --out "$out/longer" \
    --batch 16 --warm-up 100 --rate 0.0005 --average 0.998 --things 3 --timestep-width 1 --timestep-centre -1.3 --precision bf16 "$@"
}
reached "$out/longer" "$(part 5000)" || longer --steps "$(part 5000)"
reached "$out/longer" "$(part 7108)" || longer --steps "$(part 14000)" --until "$(part 7108)"
reached "$out/longer" "$(part 7925)" || longer --steps "$(part 13500)" --until "$(part 7925)"

# And clearer: it learns to draw led away from what it was before "again", long ago.
clearer() {
  "$latente" train autoguide --from "$out/longer/model" --weaker "$out/further/model" --scale 2 --data "$out/scenes-sails" --out "$out/clearer" \
    --batch 16 --warm-up 50 --rate 0.0003 --average 0.995 --things 3 --timestep-width 1 --timestep-centre -1 --precision bf16 "$@"
}
reached "$out/clearer" "$(part 570)" || clearer --steps "$(part 1500)" --until "$(part 570)"
clearer --steps "$(part 1200)"
model=$out/clearer/model

# A sharper decoder for the same latents.
"$latente" train vae --from "$out/vae/vae" --freeze-encoder --data "$out/scenes-f" --out "$out/sharp" --batch 8 --crop 64 \
  --warm-up 100 --rate 0.001 --steps "$(part 10000)"
rm -rf "$model/vae"
cp -r "$out/sharp/vae" "$model/vae"

# What makes it follow depth, and tells the depth of pictures.
"$latente" train depth --data "$out/scenes-c" --out "$out/depth" --steps "$(part 1500)" --batch 8 --rate 0.002 --warm-up 50 --average 0.995
"$latente" train control --model "$model" --data "$out/scenes-d" --map depth --out "$out/control" --steps "$(part 1200)" --batch 12 \
  --rate 0.002 --warm-up 30 --average 0.99 --precision bf16
"$latente" train control --model "$model" --data "$out/scenes-d" --map depth --out "$out/control" --steps "$(part 5200)" --batch 12 \
  --rate 0.0015 --warm-up 30 --average 0.995 --precision bf16 --drop-out 0.5 --things 3 --timestep-width 0.8 --timestep-centre 0.6
"$latente" train control --model "$model" --data "$out/scenes-d" --map depth --out "$out/control" --steps "$(part 8000)" --batch 12 \
  --rate 0.0015 --warm-up 30 --average 0.995 --precision bf16 --drop-out 0.5 --things 3 --timestep-width 0.8 --timestep-centre 0.6
# and once more, as the U-Net it was trained for had learned on
"$latente" train control --model "$model" --from "$out/control/controlnet" --data "$out/scenes-g" --map depth --out "$out/control-on" \
  --steps "$(part 900)" --batch 12 --rate 0.001 --warm-up 30 --average 0.995 --precision bf16 --drop-out 0.5 --things 3 \
  --timestep-width 0.8 --timestep-centre 0.6
# 2.2 was measured to follow better than 1.6; above 0.2 larger pictures have more things than were asked for
if ! grep -q depth_weight "$model/model_index.json"; then
  awk '/"guidance"/ { $0 = $0 ",\n    \"depth_weight\" : 2.2,\n    \"hires_strength\" : 0.1" } 1' "$model/model_index.json" >"$out/index.json"
  mv "$out/index.json" "$model/model_index.json"
fi
cp -r "$out/depth/depth_estimator" "$model/"
rm -rf "$model/controlnet-depth"
cp -r "$out/control-on/controlnet" "$model/controlnet-depth"

# What makes it follow references: an image encoder, then the adapter; the first schedule of the encoder was longer.
eye() {
  "$latente" train image-encoder --model "$model" --data "$out/scenes-e" --out "$out/eye" --batch 128 --rate 0.001 \
    --warm-up 100 --average 0.99 --precision bf16 "$@"
}
reached "$out/eye" "$(part 325)" || eye --steps "$(part 2400)" --until "$(part 325)"
eye --steps "$(part 1300)"
"$latente" train reference --model "$model" --encoder "$out/eye/image_encoder" --data "$out/scenes-g" --out "$out/references" \
  --steps "$(part 1500)" --batch 16 --rate 0.002 --warm-up 50 --average 0.995 --precision bf16
cp -r "$out/references/ip-adapter" "$model/"

# The copy for four steps without guidance, mini-fast: 2,400 of the model's paths, then the copy.
few() {
  "$latente" train distil --from "$model" --data "$out/scenes-g" --out "$out/fast" --paths "$(part 2400 16)" --batch 8 --warm-up 50 \
    --precision bf16 --average 0.99 "$@"
}
reached "$out/fast" "$(part 750)" || few --rate 0.0015 --steps "$(part 750)"
few --rate 0.001 --steps "$(part 1250)"

"$latente" evaluate --model "$model" --count "$(part 500 4)" --held-out --seed 5
"$latente" evaluate --model "$out/fast/model" --count "$(part 500 4)" --held-out --seed 5
"$latente" evaluate --model "$model" --count "$(part 100 4)" --guided depth
"$latente" evaluate --model "$model" --count "$(part 100 4)" --guided reference
