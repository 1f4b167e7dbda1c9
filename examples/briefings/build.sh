#!/bin/sh
# Two finished briefings: dysprosium into the United States, magnets of neodymium and praseodymium
# into the European Union. Name formats to write them too: pdf, docx, pptx, markdown.
#   sh examples/briefings/build.sh pdf
set -eu
write() {
  name=$1 element=$2 market=$3
  shift 3
  words=
  for kind in "$@"; do words="$words --$kind $name.$kind"; done
  # shellcheck disable=SC2086 # a word each
  monazite brief -e "$element" -m "$market" -o "$name.html" $words
}
write dysprosium-usa Dy USA "$@"
write magnets-eu NdPr EUE "$@"
