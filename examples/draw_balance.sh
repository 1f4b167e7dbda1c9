#!/bin/sh
# Draw where the neodymium and praseodymium of 2024 came from, went to, and do not close.
# Run: sh examples/draw_balance.sh
set -eu
monazite balance -e NdPr --year 2024 --svg ndpr-2024.svg > balance.txt
head -n 7 balance.txt
