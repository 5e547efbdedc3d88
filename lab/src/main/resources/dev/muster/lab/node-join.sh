#!/bin/sh
# Puts itself into the node's cgroup of every hierarchy, with the node's memory and CPU, then becomes the given command.
# Environment: CGROUP MEMORY_BYTES CPU_QUOTA_MICROS
set -eu
for hierarchy in memory cpu cpuacct cpuset pids devices freezer blkio systemd; do
  root=/sys/fs/cgroup/$hierarchy
  [ -d "$root" ] || continue
  group=$root/$CGROUP
  mkdir -p "$group"
  case $hierarchy in
    cpuset)
      cat "$root/cpuset.cpus" > "$group/cpuset.cpus"
      cat "$root/cpuset.mems" > "$group/cpuset.mems"
      echo 1 > "$group/cgroup.clone_children" ;;
    memory) echo "$MEMORY_BYTES" > "$group/memory.limit_in_bytes" ;;
    cpu)
      echo 100000 > "$group/cpu.cfs_period_us"
      echo "$CPU_QUOTA_MICROS" > "$group/cpu.cfs_quota_us" ;;
  esac
  echo $$ > "$group/cgroup.procs"
done
exec "$@"
