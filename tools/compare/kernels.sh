#!/bin/sh
# Each kernel and the operation of libtorch that it stands for, in turns.  Build first: ./latente --version
#
#   tools/compare/kernels.sh [ROUNDS]
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$(cat "$home/cli/target/classpath")}
exec "$jdk/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$class_path" \
  "$here/Kernels.java" "$@"
