#!/usr/bin/env bash
# `make app`: the bundled program in dist/, tried before it is called done.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
say() { printf 'app: %s\n' "$*" >&2; }

if ! "$python" -c 'import PyInstaller' >/dev/null 2>&1; then
  say "installing PyInstaller into .venv"
  if command -v uv >/dev/null; then
    VIRTUAL_ENV=.venv uv pip install --quiet '.[app]' --editable .
  else
    "$python" -m pip install --quiet --disable-pip-version-check --editable '.[app]'
  fi
fi

mkdir -p build
FACET_LICENCES=build/licences.json
FACET_ICON=build/Facet.icns
export FACET_ICON
FACET_LICENCES=$PWD/$FACET_LICENCES
export FACET_LICENCES
"$python" packaging/licences.py "$FACET_LICENCES"
QT_QPA_PLATFORM=offscreen "$python" packaging/icon.py "$FACET_ICON"
FACET_ICON=$PWD/$FACET_ICON
say "building (about a minute)"
"$python" -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller \
  packaging/facet.spec

if [ "$(uname)" = Darwin ]; then
  program=dist/Facet.app/Contents/MacOS/facet
else
  program=dist/Facet/facet
fi
size=$(du -sm dist/Facet | cut -f1)
say "trying it"
# Nothing of this checkout or its environment may be needed.
begin=$(date +%s)
env -i HOME="${HOME:-/}" PATH=/usr/bin:/bin LANG=C.UTF-8 "$program" --smoke
say "dist/Facet: $size MB, tried in $(($(date +%s) - begin)) s"
