#!/usr/bin/env bash
# Installs conformance: a release whose checksum is pinned or, without a version, a build of the source of this action.
set -euo pipefail
bin=${RUNNER_TEMP:?}/conformance-bin
mkdir -p "$bin"
if [ -z "${VERSION:-}" ]; then
  (cd "$GITHUB_ACTION_PATH/../../.." && CGO_ENABLED=0 go build -trimpath -o "$bin/conformance" ./cmd/conformance)
else
  [[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "::error::version: write it as v1.2.3"; exit 2; }
  [[ ${CHECKSUM:-} =~ ^[0-9a-f]{64}$ ]] || { echo "::error::checksum: give the SHA-256 of the archive, as SHA256SUMS of the release has it"; exit 2; }
  case "$RUNNER_OS/$RUNNER_ARCH" in
    Linux/X64) platform=linux_amd64 ;;
    Linux/ARM64) platform=linux_arm64 ;;
    macOS/X64) platform=darwin_amd64 ;;
    macOS/ARM64) platform=darwin_arm64 ;;
    *) echo "::error::there is no archive for $RUNNER_OS/$RUNNER_ARCH here; leave version empty to build from source"; exit 2 ;;
  esac
  archive=$RUNNER_TEMP/conformance.tar.gz
  from=${CONFORMANCE_RELEASES:-https://github.com/sa-conformance/conformance/releases/download}
  curl -fsSL --retry 3 -o "$archive" "$from/$VERSION/conformance_${VERSION#v}_$platform.tar.gz"
  found=$( (sha256sum "$archive" 2>/dev/null || shasum -a 256 "$archive") | cut -d ' ' -f 1)
  if [ "$found" != "$CHECKSUM" ]; then
    echo "::error::the archive has the SHA-256 $found and not the one that is pinned; it is not installed"
    exit 2
  fi
  tar -xzf "$archive" -C "$bin" --strip-components 1
fi
echo "$bin" >> "${GITHUB_PATH:?}"
"$bin/conformance" --version
