-- Walks through a file of whole HTTP requests, each as its length on a line and then its bytes.
local requests = {}
local file = assert(io.open(os.getenv("BENCH_REQUESTS"), "rb"))
while true do
  local length = file:read("*n", 1)
  if not length then break end
  requests[#requests + 1] = file:read(length)
end
file:close()

local at = 0
request = function()
  at = at % #requests + 1
  return requests[at]
end
