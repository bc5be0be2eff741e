#!/bin/bash
# A Docker Engine for the tests, by hand: no systemd, the host's network left alone (containers use --network none or host).
# Experimental features are on: checkpoints are one; they need CRIU on PATH (.ci/criu.sh).
# usage: .ci/docker.sh start|stop DIR ; then DOCKER_HOST=unix://DIR/docker.sock
set -euo pipefail
dir=$(mkdir -p "$2" && cd "$2" && pwd)
export DOCKER_HOST=unix://$dir/docker.sock
answers() { curl -sf --max-time 2 --unix-socket "$dir/docker.sock" http://docker/_ping >/dev/null; }
case $1 in
start)
  if answers; then echo "$DOCKER_HOST"; exit 0; fi
  rm -f "$dir/pid"
  setsid dockerd --experimental --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
    --data-root "$dir/data" --exec-root "$dir/exec" -H "$DOCKER_HOST" --pidfile "$dir/pid" \
    </dev/null >"$dir/log" 2>&1 &
  for _ in $(seq 150); do
    if answers; then echo "$DOCKER_HOST"; exit 0; fi
    sleep 0.2
  done
  tail -5 "$dir/log" >&2
  exit 1
  ;;
stop)
  [ -f "$dir/pid" ] || exit 0
  ids=$(docker ps -aq 2>/dev/null || true)
  [ -z "$ids" ] || docker rm -f $ids >/dev/null
  pid=$(cat "$dir/pid")
  kill "$pid" 2>/dev/null || exit 0
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done
  ;;
*) echo "usage: docker.sh start|stop DIR" >&2; exit 2 ;;
esac
