#!/usr/bin/env bash
# Makes the base image from the distribution's own packages, where no image registry is at hand.
#
# It has the release and the package mirror of this machine. Usage: base-image.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh
name=${1:?usage: base-image.sh NAME}
choose_engine
[ "$(id -u)" = 0 ] || die "debootstrap needs root: run it as root, or give BASE=an image that you can pull"
command -v debootstrap >/dev/null || install debootstrap >&2
command -v debootstrap >/dev/null || die "debootstrap is not here and cannot be installed"

release=$(codename)
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$release" '$1 == release {print $2; exit}')
[ -n "$mirror" ] || die "no package mirror for $release is configured on this machine (apt-get update?)"

folder=$(mktemp -d /tmp/govpay-lab-base.XXXXXX)
trap 'rm -rf "$folder"' EXIT
# The folder must be traversable by the users inside.
chmod 755 "$folder"
say "making the base image from $release packages"
debootstrap --variant=minbase --include=ca-certificates "$release" "$folder/root" "$mirror" \
    >"$folder/log" 2>&1 || { tail -5 "$folder/log" >&2; die "debootstrap failed"; }
rm -rf "$folder"/root/var/cache/apt/* "$folder"/root/var/lib/apt/lists/* "$folder"/root/usr/share/{doc,man,locale}/* "$folder"/root/var/log/*
tar -C "$folder/root" --numeric-owner -c . | "$ENGINE" import - "$name" >/dev/null
