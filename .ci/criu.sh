#!/bin/bash
# A CRIU for the tests that runs on current kernels: stable Debian's does not, so that of its unstable suite is unpacked beside the
# system with the libraries it needs. Nothing of the system is changed. Fails where this kernel cannot make checkpoints.
# usage: .ci/criu.sh DIR ; then DIR/bin stands first on PATH of whatever starts dockerd or Podman.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
if [ ! -x "$dir/bin/criu" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Component: main' | grep '/debian/$' | sed -n 1p)
  mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$dir/bin"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sources.list"
  : >"$work/status"
  # As on a machine on which nothing is installed: whatever CRIU depends on comes with it.
  apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists"
    -o "Dir::State::Status=$work/status" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  "${apt[@]}" install -y --download-only --no-install-recommends criu >/dev/null
  rm -rf "$dir/root"
  for package in "$work"/cache/archives/*.deb; do dpkg-deb -x "$package" "$dir/root"; done
  libraries=$dir/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
  loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' -print -quit)
  printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$loader" "$libraries" "$dir/root/usr/sbin/criu" >"$dir/bin/criu"
  chmod +x "$dir/bin/criu"
fi
"$dir/bin/criu" check >&2
echo "$dir/bin"
