#!/usr/bin/env bash
# Makes .venv ready for work: the newest fitting Python, this project in editable form, its tools.
# On Debian as root it also brings the system libraries that Qt and fast tests want.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
debian_packages="libopenblas0-pthread libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1
  libfreetype6 libpulse0 libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
  fonts-dejavu-core"

say() { printf 'setup: %s\n' "$*" >&2; }

# The first of the fitting Pythons that starts and can make environments; empty when none does.
newest_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
      >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
}

install_debian_packages() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 0
  local missing=() name
  for name in $debian_packages; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing system libraries: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}"; } \
    >/dev/null 2>&1; then
    say "could not install ${missing[*]}; tests may be slow, and the Qt test may be skipped"
  fi
}

fits() { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys' >/dev/null 2>&1; }

if command -v uv >/dev/null; then
  fits || uv venv --quiet --python '>=3.11,<3.14' "$venv"
  say "installing Facet and its tools into $venv with uv"
  install_debian_packages
  VIRTUAL_ENV=$venv uv pip install --quiet --editable '.[dev]'
  exit
fi

if ! fits; then
  python=$(newest_python)
  if [ -z "$python" ]; then
    say "Facet needs Python 3.11, 3.12 or 3.13 and found none that can make environments;" \
      "install one (macOS: brew install python@3.13; Debian: apt install python3 python3-venv)" \
      "and run the command again"
    exit 2
  fi
  say "making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
install_debian_packages
say "installing Facet and its tools into $venv (the first time takes a minute or two)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
