#!/bin/sh
# Puts itself into control groups of the node's own, with the node's memory and CPU, then becomes the given command.
# Environment: CGROUP (their name) MEMORY_BYTES CPU_QUOTA_MICROS (of 100 ms)
#   CGROUPS (v2, or CONTROLLERS=FOLDER for each hierarchy of version 1)
set -eu
if [ "$CGROUPS" != v2 ]; then
  for hierarchy in $CGROUPS; do
    root=/${hierarchy#*=/}
    group=$root/$CGROUP
    mkdir -p "$group"
    # one hierarchy may be of several controllers
    case ,${hierarchy%%=/*}, in
      *,cpuset,*)
        cat "$root/cpuset.cpus" > "$group/cpuset.cpus"
        cat "$root/cpuset.mems" > "$group/cpuset.mems"
        echo 1 > "$group/cgroup.clone_children" ;;
    esac
    case ,${hierarchy%%=/*}, in *,memory,*) echo "$MEMORY_BYTES" > "$group/memory.limit_in_bytes" ;; esac
    case ,${hierarchy%%=/*}, in
      *,cpu,*)
        echo 100000 > "$group/cpu.cfs_period_us"
        echo "$CPU_QUOTA_MICROS" > "$group/cpu.cfs_quota_us" ;;
    esac
    echo $$ > "$group/cgroup.procs"
  done
  exec "$@"
fi
if [ -d /run/systemd/system ]; then
  # systemd owns the tree: it makes the group, leaves what is below it to us, and removes it when it is empty
  tries=0
  while [ "$(systemctl show --property=ActiveState --value "$CGROUP.scope")" != inactive ] && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.2
  done
  export NODE_GROUP="/sys/fs/cgroup/muster.slice/$CGROUP.scope"
  exec systemd-run --scope --quiet --collect --no-ask-password --unit="$CGROUP.scope" --slice=muster.slice \
    --property=Delegate=yes --property="MemoryMax=$MEMORY_BYTES" --property=MemorySwapMax=0 \
    --property="CPUQuota=$((CPU_QUOTA_MICROS / 1000))%" --property=TasksMax=infinity "$@"
fi
root=/sys/fs/cgroup
for controller in $(cat "$root/cgroup.controllers"); do
  echo "+$controller" > "$root/cgroup.subtree_control" || echo "controller $controller cannot be shared out"
done
export NODE_GROUP="$root/$CGROUP"
mkdir -p "$NODE_GROUP"
echo "$MEMORY_BYTES" > "$NODE_GROUP/memory.max"
[ ! -e "$NODE_GROUP/memory.swap.max" ] || echo 0 > "$NODE_GROUP/memory.swap.max"
echo "$CPU_QUOTA_MICROS 100000" > "$NODE_GROUP/cpu.max"
echo $$ > "$NODE_GROUP/cgroup.procs"
exec "$@"
