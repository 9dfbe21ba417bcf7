#!/usr/bin/env bash
# `make run`: opens the window. Without a screen it does the window's work headless with the bundled
# model. MODEL, ASK and IMAGE ask one question on the terminal instead.
set -euo pipefail
cd "$(dirname "$0")/.."

facet=.venv/bin/facet

if [ -n "${MODEL:-}${ASK:-}${IMAGE:-}" ]; then
  model=${MODEL:-tiny}
  ask=${ASK:-Write the chart as a table.}
  if [ -n "${ASK:-}" ] && [ -z "${IMAGE:-}" ]; then
    exec "$facet" ask "$model" "$ask"
  fi
  exec "$facet" ask "$model" "$ask" --image "${IMAGE:-assets/examples/chart.png}"
fi

if [ "$(uname)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$facet"
fi

echo "There is no screen here, so Facet reads its example dashboard without one." >&2
exec "$facet" demo --out facet-demo
