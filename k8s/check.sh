#!/usr/bin/env bash
# Builds every overlay and checks what comes out against the schemas of Kubernetes and the rules of check.py.
# No cluster is needed. Used by `make k8s-check`.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

kustomize_build() {
    if command -v kustomize >/dev/null; then kustomize build "$1"; else kubectl kustomize "$1"; fi
}

# Debian 12's kubectl is too old for these files; newer distributions' is not.
if ! command -v kubectl >/dev/null && ! command -v kustomize >/dev/null; then install kubernetes-client >&2; fi
command -v kubectl >/dev/null || command -v kustomize >/dev/null ||
    die "neither kubectl nor kustomize is here, and kubernetes-client cannot be installed"

tools=$PWD/target/deploy/python-k8s
[ -x "$tools/bin/kubernetes-validate" ] || pip_install "$tools" kubernetes-validate==1.37.0 ||
    die "kubernetes-validate is not here and cannot be installed from PyPI"

folder=$(mktemp -d /tmp/govpay-lab-k8s.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cp -r k8s/base k8s/overlays "$folder/"
for overlay in "$folder"/overlays/*; do
    name=$(basename "$overlay")
    cp "$overlay/secret.env.example" "$overlay/secret.env"
    kustomize_build "$overlay" >"$folder/$name.yaml" || die "$name: kustomize cannot build it"
    "$tools/bin/kubernetes-validate" --strict --quiet --no-warn "$folder/$name.yaml" || die "$name: not as the schemas want"
    "$tools/bin/python" k8s/check.py "$folder/$name.yaml" || die "$name: rules broken, see above"
    say "$name: $(grep -c '^kind:' "$folder/$name.yaml") objects, all right"
done
