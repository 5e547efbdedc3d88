# How Muster's own program is started, from the source tree and from an archive. It reads JAVA_HOME, ROOT and LIB
# (the folder of its jars).

# Classes as a start has loaded them, kept by "train". A start without it is slower, and the same in all else.
CACHE=$LIB/../start.aot

# Becomes Java with the options of every start and what it is given: more options, a class, its arguments.
# MetaspaceSize=: the default is full in the middle of a drill, and the collection of everything that follows stands for up to a second on a busy
# machine, in which the load is late.
# disabledSchemes=: else no proxy for https is told the password that its address has.
java_with() {
  # by name and in one order, as the cache wants it; an empty entry would be the folder one stands in
  jars=$(
    LC_ALL=C
    printf '%s:' "$LIB"/*.jar
  )
  set -- -XX:+UseSerialGC -Xmx768m -XX:MetaspaceSize=128m \
    -Djdk.http.auth.tunneling.disabledSchemes= \
    --enable-native-access=ALL-UNNAMED "-Dmuster.dist=$ROOT" -cp "${jars%:}" "$@"
  if [ "$brief" = yes ]; then
    # no verdict: it need not be known first whether Java starts, and whoever asks wants to know at once
    "$JAVA_HOME/bin/java" "$@" || exit 70
    trap - EXIT
    exit 0
  fi
  # or Java cannot take a file's name that is not ASCII
  [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
  # a Java that does not come as far as Muster ends with 1, and so does a drill that failed
  if ! why=$("$JAVA_HOME/bin/java" --dry-run "$@" 2>&1); then
    echo "muster: Java does not start: $why" >&2
    exit 70
  fi
  exec "$JAVA_HOME/bin/java" "$@"
}

# Becomes Muster.
start() {
  brief=no
  case ${1:-} in
    --version | -V | --help | -h) brief=yes compiler=-XX:TieredStopAtLevel=1 ;;
    run | resume | load) compiler=-XX:+TieredCompilation ;; # its load may need all that the machine can do
    *) compiler=-XX:TieredStopAtLevel=1 ;;           # ends before the optimizing compiler's work would pay
  esac
  set -- dev.muster.cli.Main "$@"
  # picocli's classes are too old for the cache, and these commands do little else
  if [ "$brief" = no ] && [ -e "$CACHE" ]; then set -- "-XX:AOTCache=$CACHE" -Xlog:disable "$@"; fi
  java_with "$compiler" "$@"
}

# Makes the cache of a start, by one start.
train() (
  brief=no
  rm -f "$CACHE"
  java_with "-XX:AOTCacheOutput=$CACHE" dev.muster.cli.Training
)
