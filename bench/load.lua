-- wrk: GETs, POSTs, or a share of each; to one form, or to many tenants or forms in turn. Prints what wrk itself leaves out.
--   KIND get | post | submit | mixed (every twentieth a submission)   BODY_FILE   RUN (of the idempotency keys)
--   PATHS of TENANTS or FORMS: {} in the address's path is a number of five digits, COUNT of them   IF_NONE_MATCH
local kind, count = os.getenv("KIND") or "get", tonumber(os.getenv("COUNT") or "1")
local body = ""
if os.getenv("BODY_FILE") then
  local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
  body = file:read("a")
  file:close()
end
if os.getenv("IF_NONE_MATCH") then wrk.headers["If-None-Match"] = os.getenv("IF_NONE_MATCH") end
local form, made, at = os.getenv("FORM_PATH"), 0, 0
local target = os.getenv("POST_PATH") or form
local gets, heads, tails = {}, {}, {}
local function path_of(path, i) return (path:gsub("{}", string.format("%05d", i))) end
function init()
  for i = 0, count - 1 do
    gets[i] = wrk.format("GET", path_of(form, i))
    if kind ~= "get" then
      local headers = { ["Content-Type"] = "application/json", ["Idempotency-Key"] = "KEYKEYKEY", ["Host"] = wrk.headers["Host"] }
      local text = wrk.format("POST", path_of(target, i), headers, body)
      local from, to = text:find("KEYKEYKEY", 1, true)
      heads[i], tails[i] = text:sub(1, from - 1), text:sub(to + 1)
    end
  end
end
local run = os.getenv("RUN") or "run"
function request()
  made, at = made + 1, (at + 7919) % count
  if kind == "get" or (kind == "mixed" and made % 20 ~= 0) then return gets[at] end
  return heads[at] .. run .. string.format("-%012d", made) .. tails[at]
end
function done(summary, latency)
  local e = summary.errors
  print(string.format('TOLD {"requests":%d,"us":%d,"p50":%.4f,"p90":%.4f,"p99":%.4f,"p999":%.4f,"max":%.4f,"bad":%d,"lost":%d}', summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000, latency.max / 1000,
    e.status, e.connect + e.read + e.write + e.timeout))
end
