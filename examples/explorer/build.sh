#!/bin/sh
# A small explorer: dysprosium for the United States and Japan, from all sources and by their tiers.
# Run: sh examples/explorer/build.sh
set -eu
monazite explore -e Dy -m USA -m JPN -o dysprosium.html
