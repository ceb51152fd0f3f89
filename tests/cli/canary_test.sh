#!/bin/sh
# Canaries: secrets and unique texts are planted wherever a client can put them; then everything that the server lets out beside the
# answers themselves (its two logs, /metrics, problem bodies, its files) is searched for them. None may sing.
#
#   answers      nowhere but in the verdict for who sent them and in the reader's lists
#   tokens       nowhere at all, not even in the files
#   definitions  nowhere but where their author or a reader asks for them
#   headers, paths, queries, bodies that are refused: nowhere
. "$(dirname "$0")/lib.sh"
n=0
problems=$work/problems
mkdir "$problems"

# A request; its body is kept as a problem when it is one.
ask() { # status wanted, method, target, further arguments of curl
    wanted=$1 method=$2 target=$3
    shift 3
    n=$((n + 1))
    got=$(curl -s -X "$method" -o "$work/body" -D "$work/head" -w '%{http_code}' -H 'Expect:' "$@" "${base:-$url}$target")
    [ "$got" = "$wanted" ] || { echo "$method $target: $got, not $wanted"; cat "$work/body"; failed=1; }
    [ "$got" -lt 400 ] || cat "$work/head" "$work/body" >"$problems/$n"
}
as() { printf 'Authorization: Bearer %s' "$1"; }

serve --log.level debug
expect 0 "tenant" "$formwright" tenant create acme --data "$data"
for role in publisher reader submitter; do
    "$formwright" token create acme --role $role --data "$data" >"$work/$role" || exit 1
done
publisher=$(cat "$work/publisher") reader=$(cat "$work/reader") submitter=$(cat "$work/submitter")
json='Content-Type: application/json'
text='Content-Type: text/plain; charset=utf-8'
# Well formed, with a checksum that fits, but of nobody.
forged=$(echo "$reader" | tr 'A-Za-z' 'B-ZAb-za')

cat >"$work/visit.form" <<'FORM'
edition 2026
form visit "CANARY-title" {
  choices kinds { small "CANARY-option" large "Large" }
  name: text "CANARY-label" required length 1..20
  card: text "Card" pattern "[0-9]{16}"
  age: integer "Age" min 0 max 150
  share: decimal(2) "Share" = divide(1, age, 2)
  kind: choice(kinds) "Kind"
  check name != "CANARY-constant" else "CANARY-message" at name
}
FORM
"$formwright" check "$work/visit.form" >"$work/out" 2>"$work/err" || { cat "$work/err"; exit 1; }
sed 's/text/txt/; s/CANARY-label/CANARY-wrong/' "$work/visit.form" >"$work/wrong.form"
draft=/v1/tenants/acme/forms/visit/draft versions=/v1/tenants/acme/forms/visit/versions
ask 201 PUT $draft -H "$(as "$publisher")" -H "$text" -H 'If-None-Match: *' --data-binary @"$work/wrong.form"
ask 422 POST $versions -H "$(as "$publisher")"
ask 200 PUT $draft -H "$(as "$publisher")" -H "$text" -H 'If-Match: *' --data-binary @"$work/visit.form"
ask 428 PUT $draft -H "$(as "$publisher")" -H "$text" --data-binary @"$work/visit.form"
ask 201 POST $versions -H "$(as "$publisher")" -H 'Audit-Reason: opening day'
ask 403 PUT $draft -H "$(as "$reader")" -H "$text" --data-binary @"$work/visit.form"
ask 200 POST /v1/tenants/acme/forms:check -H "$(as "$publisher")" -H "$text" --data-binary @"$work/wrong.form"

# Answers: stored, refused, replayed, malformed, at fault, too long, of a wrong kind, with unknown names.
submit=/v1/p/acme/visit/submissions judge=/v1/p/acme/visit/evaluate
good='{"answers":{"name":"CANARY-name","card":"4711081547110815","age":40,"kind":"small"}}'
key() { printf 'Idempotency-Key: CANARY-key-%09d' "$1"; }
ask 201 POST $submit -H "$(key 1)" -H "$json" -d "$good"
ask 200 POST $submit -H "$(key 1)" -H "$json" -d "$good"
ask 409 POST $submit -H "$(key 1)" -H "$json" -d '{"answers":{"name":"CANARY-other","age":2}}'
ask 201 POST $submit -H "$(key 2)" -H "$json" -H "$(as "$submitter")" -d "$good"
ask 401 POST $submit -H "$(key 3)" -H "$json" -H "$(as "$forged")" -d "$good"
for answers in '"name":"CANARY-much-too-long-a-name"' '"name":"x","card":"CANARY-card"' '"name":"x","age":"CANARY-age"' \
    '"name":"x","kind":"CANARY-kind"' '"name":"x","CANARY-member":1' '"name":"x","age":["CANARY-list"]' '"name":{"CANARY-inner":1}' \
    '"name":"x","age":0,"card":"CANARY-card"' '"name":"CANARY-constant"' '"name":"x","age":987654321987'; do
    ask 422 POST $submit -H "$(key 4)" -H "$json" -d "{\"answers\":{$answers}}"
done
ask 400 POST $submit -H "$(key 5)" -H "$json" -d '{"answers":{"name":"CANARY-cut'
ask 400 POST $submit -H "$(key 5)" -H "$json" -d '{"answers":{"name":"CANARY-twice","name":"CANARY-twice"}}'
ask 400 POST $submit -H "$(key 5)" -H "$json" -d '{"answers":"CANARY-no-object"}'
ask 400 POST $submit -H "$(key 5)" -H "$json" -d '{"answers":{},"CANARY-envelope":1}'
ask 422 POST $submit -H "$(key 5)" -H "$json" -d '{"answers":{},"meta":{"locale":"CANARY-locale"}}'
ask 400 POST $submit -H 'Idempotency-Key: CANARY key' -H "$json" -d "$good"
ask 415 POST $submit -H "$(key 5)" -H 'Content-Type: CANARY/type' -d "$good"
ask 404 POST /v1/p/acme/canary-form/submissions -H "$(key 5)" -H "$json" -d "$good"
ask 200 POST $judge -H "$json" -d "$good"
ask 422 POST $judge -H "$json" -d '{"answers":{"name":"CANARY-name","age":0}}'

# Tokens and other secrets where they do not belong; headers, paths and queries.
ask 401 GET /v1/me -H "$(as "$forged")"
ask 401 GET /v1/me -H "$(as CANARY-token)"
ask 401 GET /v1/me -H "Authorization: Basic CANARY-basic"
ask 401 GET "/v1/me?access_token=$reader"
ask 400 GET "/v1/me?access_token=$reader" -H "$(as "$reader")"
ask 400 GET "/v1/me?$reader" -H "$(as "$reader")"
ask 404 GET "/v1/CANARY-path" -H "$(as "$reader")"
ask 404 GET "/v1/tenants/$reader/forms" -H "$(as "$reader")"
ask 404 DELETE "/v1/tenants/acme/tokens/CANARY-id" -H "$(as "$publisher")" -H 'Audit-Reason: x'
ask 400 GET "/v1/tenants/acme/forms?cursor=CANARY-cursor" -H "$(as "$reader")"
ask 400 GET "/v1/tenants/acme/forms?limit=CANARY-limit" -H "$(as "$reader")"
ask 400 GET "/v1/tenants/acme/forms/visit/submissions?since=CANARY-since" -H "$(as "$reader")"
ask 200 GET /v1/me -H "$(as "$reader")" -H 'Cookie: session=CANARY-cookie' -H 'User-Agent: CANARY-agent' -H 'Referer: http://CANARY-referer/' \
    -H 'X-Forwarded-For: CANARY-forwarded' -H 'X-Request-Id: CANARY-request-id' -H 'Traceparent: CANARY-trace'
ask 501 CANARY-METHOD /v1/me
ask 400 POST /v1/tenants -H "$(as "$operator")" -H "$json" -d '{"id":"x","password":"CANARY-password"}'
ask 400 POST /v1/tenants/acme/tokens -H "$(as "$publisher")" -H "$json" -d '{"role":"CANARY-role"}'
ask 400 POST /v1/tenants/acme/state -H "$(as "$operator")" -H "$json" -d '{"to":"CANARY-state"}'
ask 412 PUT $draft -H "$(as "$publisher")" -H "$text" -H 'If-Match: "sha256-0000000000000000000000000000000000000000000000000000000000000000"' --data-binary @"$work/visit.form"
ask 200 GET /v1/tenants/acme/forms/visit/submissions -H "$(as "$reader")"
grep -q CANARY-name "$work/body" || fail "the reader does not get what was answered: nothing is proven here"
ask 200 GET /v1/tenants/acme/forms/visit/submissions:export -H "$(as "$reader")"
ask 200 GET /v1/tenants/acme/audit -H "$(as "$reader")"
cp "$work/body" "$work/audit"
ask 200 GET /v1/audit -H "$(as "$operator")"
cat "$work/body" >>"$work/audit"
base=$admin
ask 200 GET /metrics
cp "$work/body" "$work/metrics"
ask 404 GET "/v1/p/CANARY-path/x"
ask 200 GET /version
base=
ask 404 GET /metrics
ask 200 GET /readyz
expect 0 "doctor" "$formwright" doctor --data "$data"
cp "$work/out" "$work/doctor"
stop_server

# ---- what was let out
[ "$(wc -l <"$work/serve.out")" -gt 50 ] || fail "requests are not logged: nothing is proven here"
[ "$(ls "$problems" | wc -l)" -gt 30 ] || fail "too few problems: nothing is proven here"
sings() { # where, what, files…
    where=$1 bird=$2
    shift 2
    grep -rqiF -e "$bird" "$@" || return 0
    echo "$where: \"$bird\" is let out:"; grep -rniF -e "$bird" "$@" | cut -c1-400 | head -5
    failed=1
}
sings "the logs" canary "$work/serve.out" "$work/serve.err"
sings "the metrics" canary "$work/metrics"
sings "doctor" canary "$work/doctor"
# A definition's title is its author's to publish, and shown in the audit log; no answer and no header but the reason is.
for bird in CANARY-name CANARY-other CANARY-card CANARY-key CANARY-cookie CANARY-agent CANARY-referer CANARY-forwarded CANARY-request CANARY-trace \
    CANARY-password CANARY-constant; do
    sings "the audit log" "$bird" "$work/audit"
done
# Problems: what the definition says (labels, messages) is there for the submitter, and a pointer names a member that the form does not know;
# what was sent is not, neither answers nor headers.
for bird in CANARY-name CANARY-other CANARY-much CANARY-card CANARY-age CANARY-kind CANARY-list CANARY-inner CANARY-constant CANARY-cut CANARY-twice \
    CANARY-no-object CANARY-locale CANARY-key 'CANARY key' CANARY/type CANARY-token CANARY-basic CANARY-cursor CANARY-limit CANARY-since CANARY-password \
    CANARY-role CANARY-state CANARY-cookie 987654321987 4711081547110815; do
    sings "a problem" "$bird" "$problems"
done
for token in "$publisher" "$reader" "$submitter" "$operator" "$forged"; do
    secret=$(echo "$token" | sed 's/^fmd_[a-z]*_[^_]*_//; s/_[0-9a-f]*$//')
    [ ${#secret} -ge 40 ] || fail "the secret of a token was not found: nothing is proven here"
    sings "the logs" "$secret" "$work/serve.out" "$work/serve.err"
    sings "the metrics, the audit log or doctor" "$secret" "$work/metrics" "$work/audit" "$work/doctor"
    sings "a file" "$secret" "$data"
done
for token in "$publisher" "$reader" "$submitter" "$operator" "$forged"; do sings "a problem" "$token" "$problems"; done
finish
