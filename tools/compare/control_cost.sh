#!/bin/sh
# What a ControlNet, two, a T2I-Adapter and IP-Adapters add to each step of SD 1.5, in turns; untrained networks of the published
# sizes, so that no file is needed.  Build first: ./latente --version
#
#   tools/compare/control_cost.sh [ROUNDS [SIDE [balanced|fast]]]
#
# SIDE is that of the picture in pixels (512), balanced or fast how weights are kept (--memory). Prints the median of each kind of
# step, and of its ratios to the plain step of the same round: of the clock, and of all threads' processor time, which another
# program beside it hardly changes.
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$(cat "$home/cli/target/classpath")}
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
exec "$jdk/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$class_path" \
  "$here/ControlCost.java" "$@"
