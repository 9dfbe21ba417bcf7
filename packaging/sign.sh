#!/usr/bin/env bash
# On a Mac, after `make app`: signs are checked, the program is notarised, a DMG is made and notarised.
#   FACET_SIGN_IDENTITY   "Developer ID Application: ..." (also read by `make app`, which signs with it)
#   FACET_NOTARY_PROFILE  a profile stored with `xcrun notarytool store-credentials`
set -euo pipefail
cd "$(dirname "$0")/.."

: "${FACET_SIGN_IDENTITY:?set it to your Developer ID Application identity}"
: "${FACET_NOTARY_PROFILE:?set it to a profile of notarytool}"
[ "$(uname)" = Darwin ] || { echo "sign: only a Mac can sign programs for a Mac" >&2; exit 2; }

app=dist/Facet.app
version=$(.venv/bin/python -c 'import app; print(app.__version__)')
dmg=dist/Facet-$version.dmg

codesign --verify --deep --strict --verbose=2 "$app"
# ditto keeps the links inside the program; a plain zip would break its signature.
ditto -c -k --keepParent "$app" build/Facet.zip
xcrun notarytool submit build/Facet.zip --keychain-profile "$FACET_NOTARY_PROFILE" --wait
xcrun stapler staple "$app"

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
ditto "$app" "$staging/Facet.app"
ln -s /Applications "$staging/Applications"
hdiutil create -volname Facet -srcfolder "$staging" -ov -format UDZO "$dmg"
codesign --sign "$FACET_SIGN_IDENTITY" --timestamp "$dmg"
xcrun notarytool submit "$dmg" --keychain-profile "$FACET_NOTARY_PROFILE" --wait
xcrun stapler staple "$dmg"
spctl --assess --type open --context context:primary-signature --verbose "$dmg"
echo "sign: $dmg" >&2
