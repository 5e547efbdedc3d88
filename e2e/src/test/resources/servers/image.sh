#!/bin/bash
# Makes an image of servers that are not Muster's, without a container daemon, and prints where its archive is.
#   image.sh FOLDER   keeps it there: the same files here give the same name
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "$0")")
name=$(cd "$here" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-16)
archive=$1/servers-$name.tar
if [ -e "$archive" ]; then
  echo "$archive"
  exit
fi
mkdir -p "$1"
work=$(mktemp -d "$1/servers.XXXXXX")
trap 'rm -rf "$work"' EXIT

libraries=libc6,zlib1g,libstdc++6,libgomp1,libgcc-s1
mmdebstrap --quiet --variant=extract --include="$libraries,python3.11-minimal,libpython3.11-stdlib" \
  --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' \
  --dpkgopt=path-exclude='/usr/share/locale/*' --format=tar bookworm "$work/base.tar" >&2

mkdir -p "$work/content/tmp" "$work/content/srv"
chmod 1777 "$work/content/tmp"
python3 -m pip install --quiet --target "$work/content/site" --python-version 3.11 --only-binary=:all: \
  -r "$here/requirements.txt" >&2
# three quarters of it are for what no proxy does at its usual work
(cd "$work/content/site" && rm -rf polars _polars_runtime_32 azure numpy numpy.libs grpc hf_xet huggingface_hub nacl \
  redis _soundfile_data bin litellm/proxy/_experimental/out)
cp -r "$here/llama.py" "$here/litellm.yaml" "$here/web" "$work/content/srv/"
tar -cf "$work/content.tar" --owner=0 --group=0 --numeric-owner -C "$work/content" srv site tmp

sum() { sha256sum "$1" | cut -d ' ' -f 1; }
cat > "$work/config.json" <<EOF
{"architecture": "$(dpkg --print-architecture)", "os": "linux",
 "config": {"Env": ["PATH=/usr/bin:/bin", "PYTHONPATH=/site", "HOME=/tmp"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$(sum "$work/base.tar")", "sha256:$(sum "$work/content.tar")"]}}
EOF
cat > "$work/manifest.json" <<EOF
[{"Config": "config.json", "RepoTags": ["muster.test/servers:1"], "Layers": ["base.tar", "content.tar"]}]
EOF
tar -cf "$work/image.tar" -C "$work" config.json manifest.json base.tar content.tar
mv "$work/image.tar" "$archive"
echo "$archive"
