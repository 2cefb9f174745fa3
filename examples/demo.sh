#!/bin/sh
# Plans an example, prints its calendar, and leaves a PDF, a calendar file and a plan document behind. Run by `make demo`.
set -eu
gradatim=${GRADATIM:-gradatim}
order=${1:-examples/ms-adult.toml}
out=${DEMO_OUT:-demo-out}
mkdir -p "$out"
rm -f "$out/plan.json"  # an approved plan is never written over: each demonstration begins anew

printf '\n1. An order becomes a checked draft (%s)\n' "$order"
"$gradatim" plan "$order"
"$gradatim" plan "$order" --out "$out/plan.json" >/dev/null

printf '\n2. A prescriber approves it (here: a stand-in, for the demonstration only)\n'
"$gradatim" approve "$out/plan.json" --by "Demonstration prescriber"

printf '\n3. The approved plan goes out: on paper, in the phone, as data\n'
for kind in pdf ics csv; do
    "$gradatim" calendar "$out/plan.json" --out "$out/calendar.$kind" >/dev/null
done
printf '  %s\n' "$out/calendar.pdf" "$out/calendar.ics" "$out/calendar.csv" "$out/plan.json"
printf '\nNext: gradatim --help, or docs/tutorial/first-plan.md\n'
