#!/bin/sh
# Plans an example, prints its calendar, and looks at a made-up record of twelve weeks. Leaves papers, a calendar file, a plan document and a
# journal behind. Run by `make demo-files`, and by `make demo`, which then shows the app.
set -eu
gradatim=${GRADATIM:-gradatim}
order=${1:-examples/ms-adult.toml}
out=${DEMO_OUT:-demo-out}
mkdir -p "$out"
rm -f "$out/plan.json"  # an approved plan is never written over, nor is a journal: each demonstration begins anew
rm -f "$out/journal.jsonl" "$out/journal.jsonl.lock" "$out/journal.jsonl.torn"

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

printf '\n4. Twelve weeks later (a made-up record): what is due today, and what is left in the box\n'
export GRADATIM_JOURNAL="$out/journal.jsonl"
"$gradatim" demo-journal --out "$GRADATIM_JOURNAL" >/dev/null
"$gradatim" today
echo
"$gradatim" stock

printf '\n5. The page for the doctor, and the card for the hospital\n'
for paper in report.pdf report.html card.pdf card.png; do
    "$gradatim" "${paper%.*}" --out "$out/$paper" >/dev/null
    printf '  %s\n' "$out/$paper"
done
printf '  %s\n' "$GRADATIM_JOURNAL"
printf '\nNext: gradatim --help, or docs/tutorial/first-plan.md\n'
