#!/bin/sh
# A sheet of 6 x 6 pictures of a model, over prompts and seeds.  Build first: ./latente --version
#
#   tools/compare/sheet.sh [MODEL [FILE.jpg]]
set -eu
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P)
home=$here/../..
. "$home/tools/find-jdk.sh"
find_jdk
class_path=${CLASS_PATH:-$home/core/target/classes:$(cat "$home/cli/target/classpath")}
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true -cp "$class_path" "$here/Sheet.java" \
  "${1:-$home/mini/src/main/resources/mini}" "${2:-sheet.jpg}"
