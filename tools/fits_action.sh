#!/usr/bin/env bash
# The step of action.yml: annotates the pull request, writes the summary of the job, and ends with the exit code of
# the gate. Inputs come as variables: nothing of them is read as a command.
set -euo pipefail
set -f # a pattern such as Custom::* is no file name

if [[ -z "${FITS_REGIONS// /}" ]]; then
  echo "::error::No region is given: without one there is nothing to check."
  exit 2
fi
arguments=()
for region in $FITS_REGIONS; do arguments+=(--in "$region"); done
for type in $FITS_IGNORE; do arguments+=(--ignore "$type"); done
if [[ "$FITS_ALLOW_UNKNOWN" == true ]]; then arguments+=(--allow-unknown); fi
paths=()
while IFS= read -r path; do
  if [[ -n "$path" ]]; then paths+=("$path"); fi
done <<< "$FITS_PATHS"

code=0
aws-ssm-fetcher fits "${arguments[@]}" --format github -- "${paths[@]}" || code=$?
if [[ $code -eq 2 ]]; then exit 2; fi # wrong usage has no answer to show
aws-ssm-fetcher fits "${arguments[@]}" --format md -- "${paths[@]}" >> "$GITHUB_STEP_SUMMARY" || [[ $? -eq $code ]]
if [[ -n "$FITS_SARIF" ]]; then
  aws-ssm-fetcher fits "${arguments[@]}" --format sarif -- "${paths[@]}" > "$FITS_SARIF" || [[ $? -eq $code ]]
fi
exit "$code"
