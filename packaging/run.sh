#!/usr/bin/env bash
# `make run`: asks a model about a picture. MODEL, ASK and IMAGE choose which; without a model the
# small test checkpoint shows every step.
set -euo pipefail
cd "$(dirname "$0")/.."

ask=${ASK:-What does this dashboard show? Name the best month and its revenue.}
image=${IMAGE:-assets/examples/dashboard.png}

if [ -n "${MODEL:-}" ]; then
  if [ -n "${ASK:-}" ] && [ -z "${IMAGE:-}" ]; then
    exec .venv/bin/facet ask "$MODEL" "$ask"
  fi
  exec .venv/bin/facet ask "$MODEL" "$ask" --image "$image"
fi

cat >&2 <<'TEXT'
No MODEL=folder was given, so a small test checkpoint of the Gemma 4 architecture answers.
Its weights are random: every step below is real, and the words of the answer are noise.

TEXT
exec .venv/bin/facet ask tests/parity/data/e "$ask" --image "$image" --seed 6 --max-tokens 40
