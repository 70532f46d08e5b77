#!/bin/sh
# Makes the pictures of pictures.md with mini, the model that ships with the project: for each row the inputs, then what
# was drawn of them.  LATENTE names another way to start the command.
#
#   docs/pictures.sh
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
latente=${LATENTE:-$here/../latente}
out=$here/pictures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../tools/find-jdk.sh"
find_jdk
mkdir -p "$out"

# What to begin with: rendered scenes, with their depth and the places of their things.
$latente scenes "$work/scenes" --count 12 --seed 21 >/dev/null
scene=$work/scenes/000000

draw() {
  file=$1
  shift
  $latente generate "$@" --seed 3 --no-watermark -o "$work/$file.png" >/dev/null
}

beside() {
  row=$1
  shift
  "$jdk/bin/java" -Djava.awt.headless=true "$here/../tools/compare/Beside.java" "$out/$row.jpg" "$@"
}

prompt='a large red boat in the middle, a calm lake at sunset'
draw text "$prompt"
beside text "$work/text.png"

draw init "$prompt" --init "$scene.png" --strength 0.7
beside init "$scene.png" "$work/init.png"

draw mask 'a large blue windmill, a meadow at noon' --init "$scene.png" --mask "$scene.mask0.png" --mask-fill blur --mask-blur 4 --strength 1
beside mask "$scene.png" "$scene.mask0.png" "$work/mask.png"

draw extend 'a meadow at noon' --init "$scene.png" --extend left=64,right=64
beside extend "$scene.png" "$work/extend.png"

draw depth 'a large white lighthouse, the sea at dawn' --depth "$scene.depth.png"
beside depth "$scene.depth.png" "$work/depth.png"

$latente depth "$scene.png" -o "$work/estimated.png" >/dev/null
draw castle 'a castle in the desert at night' --init "$scene.png" --strength 1 --depth auto
beside estimated "$scene.png" "$work/estimated.png" "$work/castle.png"

style=$work/scenes/000005
draw reference 'a large white house on the left' --reference "$style.png"
draw without 'a large white house on the left'
beside reference "$style.png" "$work/without.png" "$work/reference.png"

draw together 'a large yellow house' --init "$scene.png" --mask "$scene.mask0.png" --mask-fill blur --strength 1 \
  --depth "$scene.depth.png" --reference "$style.png"
beside together "$scene.png" "$scene.mask0.png" "$scene.depth.png" "$style.png" "$work/together.png"

draw hires "$prompt" --hires 2
beside hires "$work/text.png" "$work/hires.png"
