#!/usr/bin/env bash
# Judges the target, and leaves the exit code to the last step of the action, so that reports and comment are there whatever it is.
set -uo pipefail
mask() { while IFS= read -r line; do [ -z "$line" ] || printf '::add-mask::%s\n' "$line"; done <<< "$1"; }

if [ -n "${INPUT_TOKEN_COMMAND:-}" ]; then
  if [ -n "${INPUT_TOKEN:-}" ]; then echo "::error::token and token-command: give one of them"; exit 2; fi
  INPUT_TOKEN=$(bash -euo pipefail -c "$INPUT_TOKEN_COMMAND") || { echo "::error::token-command failed"; exit 2; }
fi
for name in TOKEN RESTRICTED_TOKEN EXPIRED_TOKEN NOT_YET_VALID_TOKEN; do
  input=INPUT_$name
  if [ -n "${!input:-}" ]; then
    mask "${!input}"
    export "CONFORMANCE_$name=${!input}"
  fi
  unset "$input"
done

out=${INPUT_OUT:-conformance-reports}
args=(run --out "$out")
if [ -n "${INPUT_TARGET:-}" ]; then args+=(--target "$INPUT_TARGET"); else args+=(--reference); fi
[ -z "${INPUT_ORGANIZATION:-}" ] || args+=(--organization "$INPUT_ORGANIZATION")
[ -z "${INPUT_OTHER_ORGANIZATION:-}" ] || args+=(--other-organization "$INPUT_OTHER_ORGANIZATION")
IFS=', ' read -ra groups <<< "${INPUT_GROUPS:-}"
for group in "${groups[@]}"; do args+=(--group "$group"); done
IFS=', ' read -ra profiles <<< "${INPUT_PROFILES:-}"
for profile in "${profiles[@]}"; do args+=(--profile "$profile"); done
[ -z "${INPUT_DEPTH:-}" ] || args+=(--depth "$INPUT_DEPTH")
[ -z "${INPUT_WAIVERS:-}" ] || args+=(--waivers "$INPUT_WAIVERS")
baseline=${INPUT_BASELINE:-}
[ -n "$baseline" ] || { [ ! -s .conformance-baseline/report.json ] || baseline=.conformance-baseline/report.json; }
if [ -n "$baseline" ] && [ "${INPUT_GATE_ON_BASELINE:-}" = true ]; then args+=(--baseline "$baseline"); fi

conformance "${args[@]}"
code=$?
echo "code=$code" >> "$GITHUB_OUTPUT"
[ -s "$out/report.json" ] || exit "$code"

# SARIF points at the workflow, which is a file of this repository: owner/repo/.github/workflows/x.yaml@ref.
place=${GITHUB_WORKFLOW_REF:-}
place=${place%@*}
place=${place#*/*/}
if [ -n "$place" ]; then conformance report "$out/report.json" --format sarif --place "$place" --out "$out/report.sarif"; fi

comment=$out/comment.md
: > "$comment"
if [ -n "${INPUT_CONTRACT:-}" ]; then
  conformance contract diff "$INPUT_CONTRACT" --markdown > "$out/contract-diff.md" || [ $? = 1 ] || echo "::warning::the contract of the target could not be compared"
  # The first line says whether the two have drifted.
  if ! head -n 1 "$out/contract-diff.md" | grep -q 'agrees'; then { head -n 1 "$out/contract-diff.md"; echo; } >> "$comment"; fi
fi
if [ -n "$baseline" ]; then
  conformance compare "$baseline" "$out/report.json" --markdown > "$out/compare.md" || echo "::warning::the runs could not be compared"
  cat "$out/compare.md" >> "$comment"
  echo >> "$comment"
fi
cat "$out/report.md" >> "$comment"

field() { sed -n "s/^  \"$1\": \"\([a-z-]*\)\",*$/\1/p" "$out/report.json" | head -n 1; }
gate=passed
[ "$code" = 0 ] || gate=failed
{
  echo "verdict=$(field verdict)"
  echo "gate=$gate"
  echo "report=$out/report.json"
} >> "$GITHUB_OUTPUT"
mkdir -p .conformance-baseline
cp "$out/report.json" .conformance-baseline/report.json
if [ -f "$out/recording.har" ]; then cp "$out/recording.har" .conformance-baseline/recording.har; fi
