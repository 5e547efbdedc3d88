# How Muster's own program is started, from the source tree and from an archive. It reads JAVA_HOME, ROOT and LIB
# (the folder of its jars).

# The first word is "exec" where nothing comes after it.
start() {
  exec=
  if [ "$1" = exec ]; then
    exec=exec
    shift
  fi
  set -- -XX:+UseSerialGC -Xmx768m -Xshare:auto \
    -Djdk.httpclient.allowRestrictedHeaders=host -Djdk.httpclient.disableRetryConnect=true \
    --enable-native-access=ALL-UNNAMED "-Dmuster.dist=$ROOT" -cp "$LIB/*" \
    dev.muster.cli.Main "$@"
  # or Java can not take a file's name that is not ASCII
  [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
  # a Java that does not come as far as Muster ends with 1, and so does a drill that failed
  if ! why=$("$JAVA_HOME/bin/java" --dry-run "$@" 2>&1); then
    echo "muster: Java does not start: $why" >&2
    exit 70
  fi
  $exec "$JAVA_HOME/bin/java" "$@"
}
