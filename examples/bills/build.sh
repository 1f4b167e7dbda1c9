#!/bin/sh
# The pages of the three bills: a petrol car, an electric drive unit, a direct-drive generator.
# Rules are asked on the day of the release, and on the first day after a suspension ends.
# Run: sh examples/bills/build.sh
set -eu
bills=$(dirname "$0")
for bill in petrol-car.csv drive-unit.xlsx generator.csv; do
  monazite exposure "$bills/$bill" -m EUE --losses --valid 2026-11-24,2027-01-11 \
    --licence mofcom-gac-2025-18 -o "${bill%.*}.html"
done
