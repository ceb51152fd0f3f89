#!/bin/sh
# The cases of examples/nigeria_wards.form: its tables are made from the lists of the XForm beside the repository. Skipped where that is not.
#   wards_test.sh FORMWRIGHT ROOT
formwright=$1
root=$2
form=$root/../shared/corpus/forms-xforms-openrosa/javarosa/nigeria_wards_external_combined.xml
[ -f "$form" ] || { echo "SKIPPED: no $form here"; exit 77; }
tables=$(mktemp -d)
trap 'rm -rf "$tables"' EXIT

# One line for each item of an instance: name, label, state.
items() {
    awk -v want="$1" '
        /<instance id=/ { on = index($0, "\"" want "\"") > 0 }
        /<\/instance>/ { on = 0 }
        !on { next }
        { value = $0; gsub(/^[^>]*>|<\/.*$/, "", value) }
        /<name>/ { name = value } /<label>/ { label = value } /<state>/ { state = value }
        /<\/item>/ { print name "\t" label "\t" state; name = label = state = "" }' "$form"
}

# The states have their labels in the select itself.
awk '/<select1 ref="\/nigeria_wards_external\/state">/ { on = 1 } /<\/select1>/ { on = 0 }
     !on { next } { value = $0; gsub(/^[^>]*>|<\/.*$/, "", value) }
     /<item>/ { inside = 1 } inside && /<label>/ { label = value } inside && /<value>/ { print value "\t" label }' "$form" |
    awk -F '\t' 'BEGIN { print "code,name" } { print $1 ",\"" $2 "\"" }' >"$tables/state.csv"
items lgas | awk -F '\t' 'BEGIN { print "code,name,state" } { print $1 "-" $3 ",\"" $2 "\"," $3 }' >"$tables/lga.csv"
items wards | awk -F '\t' 'BEGIN { print "code,name,state,lga" } { print "w-" $1 "-" $3 ",\"" $2 "\"," $3 "," $1 "-" $3 }' >"$tables/ward.csv"
for table in state:38 lga:775 ward:775; do
    lines=$(wc -l <"$tables/${table%:*}.csv")
    [ "$lines" = "${table#*:}" ] || { echo "${table%:*}: $lines lines, not ${table#*:}"; exit 1; }
done
"$formwright" test "$root/examples/nigeria_wards.form" --root "$root" --tables "$tables"
