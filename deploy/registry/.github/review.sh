#!/usr/bin/env bash
# Reviews the submissions that the last commit of HEAD changes, by the registry in BASE: review.sh BASE HEAD. Writes review.md.
# Exit codes: those of "conformance registry check"; also 1 if a submission comes with changes outside submissions/.
set -euo pipefail
base=$1 head=$2
declare -A submissions=()
outside=0
while IFS= read -r -d '' file; do
  case $file in
    submissions/*)
      name=${file#submissions/}
      submissions[${name%%/*}]=1
      ;;
    *) outside=$((outside + 1)) ;;
  esac
done < <(git -C "$head" diff -z --name-only --no-renames --no-ext-diff --no-textconv HEAD^1 HEAD)
: > review.md
paths=()
for name in "${!submissions[@]}"; do
  path=$head/submissions/$name
  if [ -e "$path" ] || [ -L "$path" ]; then paths+=("$path"); fi
done
if [ "${#submissions[@]}" -gt 0 ] && [ "$outside" -gt 0 ]; then
  echo "A submission changes its own directory and nothing else; this one changes $outside files outside submissions/." | tee review.md
  exit 1
fi
if [ "${#paths[@]}" -eq 0 ]; then
  echo "There is no submission to review: none is added or changed." | tee review.md
  exit 0
fi
conformance registry check "${paths[@]}" --registry "$base" --out review.md
