#!/bin/sh
# The speed of a training step of a U-Net: Latente against PyTorch, the same network, one after the other.
#
#   tools/compare/training_speed.sh [MODEL [BATCH [SECONDS]]]
#
# PYTHON names a Python with torch and diffusers (tools/reference/README.md); OMP_NUM_THREADS how many threads both use.
# Prints samples a second and peak memory of both, and the ratio. Build first: ./latente --version
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
model=${1:-$home/mini/src/main/resources/mini}
batch=${2:-16}
seconds=${3:-20}
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$(cat "$home/cli/target/classpath")}

latente() {
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$class_path" "$here/TrainingSpeed.java" "$model" "$batch" "$seconds" 2>/dev/null
}

python() {
  "${PYTHON:-python3}" "$here/training_speed.py" "$model" "$batch" "$seconds" 2>/dev/null
}

# Twice each, in turn, and the better of each: another program beside them slows only one.
a=$(latente) b=$(python) c=$(latente) d=$(python)
printf '%s\n%s\n%s\n%s\n' "L $a" "P $b" "L $c" "P $d" | awk '
  $2 > best[$1] { best[$1] = $2; memory[$1] = $3 }
  END {
    printf "Latente: %.1f samples/s, peak memory %d MiB\n", best["L"], memory["L"]
    printf "PyTorch: %.1f samples/s, peak memory %d MiB\n", best["P"], memory["P"]
    printf "ratio: %.2f\n", best["L"] / best["P"]
  }'
