# Finds a JDK for the launcher and for continuous integration, which read this file with "." and provide `fail`.

needed=25.0.3

# Whether $1 is the home of a JDK that is new enough; tells from its release file, without starting it.
is_suitable() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=0
  while IFS='=' read -r key value || [ -n "$key" ]; do
    if [ "$key" = JAVA_VERSION ]; then version=${value#\"}; fi
  done <"$1/release"
  version=${version%%[!0-9.]*}
  is_at_least "$version" "$needed"
}

# Whether version $1 is $2 or later; both are numbers with dots.
is_at_least() {
  have=$1.0.0 need=$2.0.0
  for _ in 1 2 3; do
    a=${have%%.*} b=${need%%.*}
    if [ "${a:-0}" -gt "${b:-0}" ]; then return 0; fi
    if [ "${a:-0}" -lt "${b:-0}" ]; then return 1; fi
    have=${have#*.} need=${need#*.}
  done
}

# Puts the home of the first suitable JDK into $jdk.
find_jdk() {
  if [ -n "${LATENTE_JAVA:-}" ]; then
    jdk=$LATENTE_JAVA
    is_suitable "$jdk" || fail "LATENTE_JAVA must be the home of a JDK $needed or later: $jdk"
    return
  fi
  on_path=
  if java=$(command -v java); then
    java=$(readlink -f "$java") || java=
    on_path=${java%/bin/java}
  fi
  for jdk in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$jdk" ] && is_suitable "$jdk"; then return; fi
  done
  fail "no JDK $needed or later found in LATENTE_JAVA, JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks, ~/.local/share/mise or /Library/Java; get one from https://adoptium.net"
}
