-- wrk: posts the body of BODY_FILE, each time under a new idempotency key.
local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
wrk.method, wrk.body = "POST", file:read("a")
file:close()
wrk.headers["Content-Type"] = "application/json"
local threads, made = 0, 0
function setup(thread) thread:set("number", threads) threads = threads + 1 end
function request()
  made = made + 1
  wrk.headers["Idempotency-Key"] = string.format("bench-%s-%02d-%012d", os.getenv("RUN"), number, made)
  return wrk.format()
end
-- Anything but 201 would make the rate a lie.
function done(summary) if summary.errors.status > 0 then print("BAD " .. summary.errors.status) end end
