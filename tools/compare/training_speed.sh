#!/bin/sh
# The speed of a training step of a U-Net: Latente against PyTorch, the same network, one after the other.
#
#   tools/compare/training_speed.sh [MODEL [BATCH [SECONDS [PRECISION]]]]
#
# PRECISION is f32 or bf16 (mixed, as `--precision bf16` and PyTorch's autocast have it); both, one after the other, if it is
# not given. PYTHON names a Python with torch and diffusers (tools/reference/README.md); OMP_NUM_THREADS how many threads both use.
# Prints samples a second and peak memory of both, and the ratio, for each precision. Build first: ./latente --version
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
model=${1:-$home/mini/src/main/resources/mini}
batch=${2:-16}
seconds=${3:-20}
precisions=${4:-f32 bf16}
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$(cat "$home/cli/target/classpath")}

# Java's options are the launcher's for training: the vectors' module, and kernels compiled soon.
vectors=$(sed -n "/^vectors='/,/'\$/p" "$home/latente" | tr -d "'" | sed 's/^vectors=//')

latente() {
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $vectors \
    -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$class_path" "$here/TrainingSpeed.java" "$model" "$batch" "$seconds" "$1" 2>/dev/null
}

python() {
  "${PYTHON:-python3}" "$here/training_speed.py" "$model" "$batch" "$seconds" "$1" 2>/dev/null
}

# Twice each, in turn, and the better of each: another program beside them slows only one.
for precision in $precisions; do
  a=$(latente "$precision") b=$(python "$precision") c=$(latente "$precision") d=$(python "$precision")
  printf '%s\n%s\n%s\n%s\n' "L $a" "P $b" "L $c" "P $d" | awk -v precision="$precision" '
    $2 > best[$1] { best[$1] = $2; memory[$1] = $3 }
    END {
      printf "%s, Latente: %.1f samples/s, peak memory %d MiB\n", precision, best["L"], memory["L"]
      printf "%s, PyTorch: %.1f samples/s, peak memory %d MiB\n", precision, best["P"], memory["P"]
      printf "%s, ratio: %.2f\n", precision, best["L"] / best["P"]
    }'
done
