#!/bin/sh
# Pid 1 of a node: gives it a root, mounts, a disk and cgroups of its own, then keeps containerd, kube-proxy and kubelet
# running. Standard output is the node's log.
# Environment: NODE DATA (the node's folder) PUBLIC (files all nodes read) BINARIES LOGS MEMORY_KB KUBELET_FLAGS (words)
#   CGROUPS (v2, or CONTROLLERS=FOLDER for each hierarchy of version 1)
set -eu
mount --make-rprivate /
mkdir -p "$DATA/upper" "$DATA/work" "$DATA/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$DATA/upper,workdir=$DATA/work" "$DATA/root"
mount --rbind /dev "$DATA/root/dev"
for shared in "$DATA" "$PUBLIC" "$BINARIES" "$LOGS"; do
  mkdir -p "$DATA/root$shared"
  mount --bind "$shared" "$DATA/root$shared"
done
# what pods and faults write: their loop device goes with the last mount, however the node ends
disk=$DATA/root$DATA/disk
mkdir -p "$disk"
mount -o loop,discard,noinit_itable "$DATA/disk.img" "$disk"
for folder in /var/lib/kubelet /var/lib/muster /var/log/pods; do
  mkdir -p "$disk$folder" "$DATA/root$folder"
  mount --bind "$disk$folder" "$DATA/root$folder"
done
mount -t proc proc "$DATA/root/proc"
mount -t sysfs sysfs "$DATA/root/sys"
mount -t tmpfs tmpfs "$DATA/root/run"
mkdir -p "$DATA/root/run/lock" "$DATA/root/oldroot"
cd "$DATA/root"
pivot_root . oldroot
cd /
umount -l /oldroot
hostname "$NODE"
# inside the cgroup namespace each hierarchy's root is the node's own group
if [ "$CGROUPS" = v2 ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" > /sys/fs/cgroup/cgroup.subtree_control || echo "controller $controller cannot be shared out"
  done
else
  mount -t tmpfs tmpfs /sys/fs/cgroup
  for hierarchy in $CGROUPS; do
    controllers=${hierarchy%%=/*}
    case $controllers in
      name=*) folder=${controllers#name=} options=none,$controllers ;;
      *) folder=$controllers options=$controllers ;;
    esac
    mkdir -p "/sys/fs/cgroup/$folder"
    # controllers that the host has mounted together can only be mounted together
    mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$folder"
    for each in $(echo "$folder" | tr , ' '); do
      [ "$each" = "$folder" ] || ln -s "$folder" "/sys/fs/cgroup/$each"
    done
  done
fi
# kubelet reads the machine's size here
sed -e "s/^MemTotal:.*/MemTotal:       $MEMORY_KB kB/" \
    -e "s/^MemFree:.*/MemFree:        $MEMORY_KB kB/" \
    -e "s/^MemAvailable:.*/MemAvailable:   $MEMORY_KB kB/" \
    -e "s/^SwapTotal:.*/SwapTotal:      0 kB/" -e "s/^SwapFree:.*/SwapFree:       0 kB/" /proc/meminfo > "$DATA/meminfo"
mount --bind "$DATA/meminfo" /proc/meminfo
# kubelet does not start on a machine that tells no clock, as some that are emulated
if [ "$(uname -m)" = x86_64 ] && ! grep -q '^cpu MHz' /proc/cpuinfo; then
  sed -e 's/^processor.*/&\ncpu MHz\t\t: 1000.000/' /proc/cpuinfo > "$DATA/cpuinfo"
  mount --bind "$DATA/cpuinfo" /proc/cpuinfo
fi
# what kubernetes left from a previous boot of the network lives in the old namespace; addresses of dead sandboxes do not
rm -rf /var/lib/cni/networks
# Runs a program ($1: its name, the rest: its command line) again whenever it ends, as a machine's init does.
keep() {
  name=$1
  shift
  while :; do
    code=0
    "$@" >> "$LOGS/$NODE-$name.log" 2>&1 || code=$?
    echo "$(date -u +%FT%TZ) $name ended with code $code, it is started again"
    sleep 1
  done
}
keep containerd containerd -c "$DATA/containerd.toml" &
# an API server that just starts refuses kube-proxy, which then pauses for seconds: pods would find no services
(
  while [ -e "$PUBLIC/api-server-starts" ]; do sleep 0.2; done
  keep kube-proxy "$BINARIES/kube-proxy" --config "$DATA/kube-proxy.yaml"
) &
tries=0
until [ -S /run/containerd/containerd.sock ] || [ "$tries" -ge 200 ]; do
  tries=$((tries + 1))
  sleep 0.05
done
keep kubelet "$BINARIES/kubelet" --config "$DATA/kubelet.yaml" --kubeconfig "$PUBLIC/$NODE.conf" \
  --hostname-override "$NODE" --node-ip "$NODE_ADDRESS" --cert-dir "$DATA/pki" --node-labels "$NODE_LABELS" $KUBELET_FLAGS &
# reaps whatever loses its parent; the pause is for the case that every loop above was killed
while :; do
  wait
  sleep 1
done
