#!/usr/bin/env bash
# Every call that a fetch makes to SCB's PxWebApi 2, held against a mock made from the official OpenAPI description with request validation on.
# PXAPI_SPEC names PxAPI-2.yml of PxTools/PxApiSpecs, which no package registry has; needs npm.
set -euo pipefail
cd "$(dirname "$0")/../.."
spec=${PXAPI_SPEC:-}
if [ ! -f "$spec" ]; then
  echo "skipped: PXAPI_SPEC names no PxAPI-2.yml"
  exit 0
fi
command -v npm > /dev/null || { echo "skipped: npm is not installed"; exit 0; }
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
(cd "$work" && npm init -y > /dev/null && npm install --silent --no-audit --no-fund @stoplight/prism-cli@5 > /dev/null)
# The description requires "values" beside "valueCodes"; the server does not.
python3 - "$spec" "$work/spec.yml" << 'EOF'
import sys
text = open(sys.argv[1], encoding="utf-8").read()
slip = '        - "variableCode"\n        - "values"\n'
assert text.count(slip) == 1, "the known slip is no longer there: look at the description"
open(sys.argv[2], "w", encoding="utf-8").write(text.replace(slip, '        - "variableCode"\n'))
EOF
# The description points to its examples, which lie beside it.
if [ -d "$(dirname "$spec")/examplesAsYml" ]; then cp -r "$(dirname "$spec")/examplesAsYml" "$work/"; fi
MALMARKNAD_CALLS="$work/calls" cargo test --quiet --test it fetch::calls_to_scb > /dev/null
"$work/node_modules/.bin/prism" mock --errors --port 4010 --host 127.0.0.1 "$work/spec.yml" > "$work/prism.log" 2>&1 &
server=$!
for _ in $(seq 60); do curl -s -o /dev/null http://127.0.0.1:4010/config && break; sleep 0.5; done
curl -s -o /dev/null http://127.0.0.1:4010/config || { tail -20 "$work/prism.log"; exit 1; }
python3 - "$work/calls" << 'EOF'
import json, sys, urllib.error, urllib.request
accepted, refused = 0, []
for line in open(sys.argv[1], encoding="utf-8"):
    method, path, body = json.loads(line)
    data = body.encode() if method == "POST" else None
    request = urllib.request.Request("http://127.0.0.1:4010" + path, data=data, method=method, headers={"content-type": "application/json", "accept": "application/json, */*;q=0.5"})
    try:
        urllib.request.urlopen(request, timeout=20).read()
        accepted += 1
    except urllib.error.HTTPError as error:
        refused.append((error.code, method, path, error.read()[:400]))
# What the description forbids must be refused, or nothing has been proved.
wrong = json.dumps({"selection": [{"variable": "Kon", "valueCodes": ["1"]}]}).encode()
request = urllib.request.Request("http://127.0.0.1:4010/tables/TAB4442/data?lang=sv&outputFormat=json-stat2", data=wrong, headers={"content-type": "application/json"})
try:
    urllib.request.urlopen(request, timeout=20)
    sys.exit("the mock takes what the description forbids")
except urllib.error.HTTPError as error:
    assert error.code in (400, 422), error.code
for each in refused[:10]:
    print(*each)
print(f"PxWebApi 2: {accepted} calls accepted by the official description, {len(refused)} refused")
sys.exit(1 if refused or accepted == 0 else 0)
EOF
