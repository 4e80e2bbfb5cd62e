#!/usr/bin/env bash
# Posts one comment on the pull request, or updates the one that is there. GitHub takes 65536 characters.
set -euo pipefail
mark='<!-- conformance -->'
body=$RUNNER_TEMP/conformance-comment.md
{ echo "$mark"; head -c 60000 "${INPUT_OUT:-conformance-reports}/comment.md" | iconv -c -f UTF-8 -t UTF-8; } > "$body"
if [ "$(wc -c < "$body")" -ge 60000 ]; then printf '\n\n… cut; report.md in the artifact has the rest.\n' >> "$body"; fi
id=$(gh api "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --paginate --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" > /dev/null
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" -F "body=@$body" > /dev/null
fi
