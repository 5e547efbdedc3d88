#!/bin/sh
# Becomes the given command in a group below the node's: in version 2 a group that shares out controllers has no processes
# of its own. It runs when the node's group is the root of its cgroup namespace already.
# Environment: NODE_GROUP (the node's group as the host sees it; not set in version 1)
set -eu
if [ -n "${NODE_GROUP:-}" ]; then
  mkdir -p "$NODE_GROUP/init"
  echo $$ > "$NODE_GROUP/init/cgroup.procs"
fi
exec "$@"
