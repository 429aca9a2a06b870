#!/bin/sh
# Makes crates/web/assets again. Needed only when Bootstrap Italia, a template or this folder changes.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-fund --no-audit
node build.mjs
