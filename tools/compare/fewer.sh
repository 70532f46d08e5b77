#!/bin/sh
# What the options that spare evaluations of the U-Net cost in likeness: held-out scenes drawn by a model plainly and with each
# option, in turns.  Build first: ./latente --version
#
#   tools/compare/fewer.sh [PICTURES [MODEL [THREADS [DISTILLED]]]]
#
# Prints for each option its share of the plain run's arithmetic and processor time, the PSNR of its pictures against the plain
# ones, and the judge's share of right attributes. Without MODEL, mini draws; THREADS are the machine's if not said
# or 0. With DISTILLED, such as mini/src/main/resources/mini-fast, that model's pictures and those of fewer steps are compared instead.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$home/scenes/target/classes:$(cat "$home/cli/target/classpath")}
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$class_path" "$here/Fewer.java" \
  "${1:-40}" "${2:-$home/mini/src/main/resources/mini}" "${3:-0}" ${4+"$4"}
