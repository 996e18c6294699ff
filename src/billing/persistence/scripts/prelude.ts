/**
 * What the scripts of the shared books have in common. Their keys, all in the slot of one user:
 *
 * - account: `version` and `balance` as the database last told, `line` (credit line; empty is without limit), `held`,
 *   `unsettled`. Nano-dollars; a double is exact up to nine million dollars.
 * - spending, one a key: `open` calls, `held`, and for each period what is spent and since when.
 * - rates, one a key: what was used in each half second, requests (`r`) and tokens (`t`).
 * - leases: running calls by the time at which they expire. holds: what each has set aside.
 */
export const PRELUDE = `
local account, spending, rates, leases, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local SLOT_MS, SLOTS, KEPT_MS = 500, 121, 604800000
local PERIODS = { 'day', 'week', 'month', 'total' }

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slot = math.floor(now / SLOT_MS)

local function whole(number) return string.format('%.0f', number) end

local function add(key, field, number)
  if number ~= 0 then redis.call('HINCRBY', key, field, whole(number)) end
end

local function number(key, field) return tonumber(redis.call('HGET', key, field) or '0') end

local function keep()
  redis.call('PEXPIRE', account, KEPT_MS)
  redis.call('PEXPIRE', spending, KEPT_MS)
end

local function read_hold(id)
  local text = redis.call('HGET', holds, id)
  if not text then return nil end
  local key, amount, tokens, at = string.match(text, '^(.-)|(%d+)|(%d+)|(%d+)$')
  return { key = key, amount = tonumber(amount), tokens = tonumber(tokens), slot = tonumber(at) }
end

local function write_hold(id, hold)
  redis.call('HSET', holds, id, hold.key .. '|' .. whole(hold.amount) .. '|' .. whole(hold.tokens) .. '|' .. whole(hold.slot))
end

local function forget_hold(id, hold)
  redis.call('ZREM', leases, id)
  redis.call('HDEL', holds, id)
  add(account, 'held', -hold.amount)
  local of_key = string.gsub(spending, '[^:]+$', '') .. hold.key
  if redis.call('EXISTS', of_key) == 1 then
    add(of_key, 'held', -hold.amount)
    add(of_key, 'open', -1)
  end
end

-- A gateway that died left its calls behind.
local function free_expired()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do
    local hold = read_hold(id)
    if hold then forget_hold(id, hold) else redis.call('ZREM', leases, id) end
  end
end

-- What was used in the minute, by slot; older slots are forgotten.
local function read_rates()
  local used = { r = {}, t = {}, r_total = 0, t_total = 0, r_last = 0, t_last = 0 }
  local all = redis.call('HGETALL', rates)
  for index = 1, #all, 2 do
    local kind, at, count = string.sub(all[index], 1, 1), tonumber(string.sub(all[index], 2)), tonumber(all[index + 1])
    if at <= slot - SLOTS then
      redis.call('HDEL', rates, all[index])
    else
      used[kind][at] = count
      used[kind .. '_total'] = used[kind .. '_total'] + count
      if at > used[kind .. '_last'] then used[kind .. '_last'] = at end
    end
  end
  return used
end

local function use(kind, at, count)
  if count == 0 or at <= slot - SLOTS then return end
  redis.call('HINCRBY', rates, kind .. whole(at), whole(count))
  redis.call('PEXPIRE', rates, SLOTS * SLOT_MS + 1000)
end

local function expiry(at) return (at + SLOTS) * SLOT_MS end

local function free_after(used, kind, amount, limit)
  local excess = used[kind .. '_total'] + amount - limit
  for at = slot - SLOTS + 1, slot do
    if excess <= 0 then break end
    excess = excess - (used[kind][at] or 0)
    if excess <= 0 then return expiry(at) - now end
  end
  if excess <= 0 then return 0 end
  return -1
end

local function reset(used, kind)
  if used[kind .. '_total'] <= 0 then return 0 end
  return math.max(expiry(used[kind .. '_last']) - now, 0)
end

-- A period that has ended begins anew; a gateway whose clock is behind does not turn it back.
local function roll(windows)
  for index, period in ipairs(PERIODS) do
    local since = redis.call('HGET', spending, period .. '_since')
    if since and windows[index] > since then
      redis.call('HSET', spending, period, '0', period .. '_since', windows[index])
    end
  end
end

-- Nil is without limit, or an account that was forgotten meanwhile.
local function credits_left()
  local line = redis.call('HGET', account, 'line')
  if not line or line == '' then return nil end
  return number(account, 'balance') + tonumber(line) - number(account, 'held') - number(account, 'unsettled')
end

local function budget_left(budgets)
  local least, of
  local held = number(spending, 'held')
  for index, period in ipairs(PERIODS) do
    if budgets[index] ~= '' then
      local left = tonumber(budgets[index]) - number(spending, period) - held
      if not least or left < least then least, of = left, period end
    end
  end
  return least, of
end

local function cost_of(input_cost, output_price, output)
  return input_cost + math.ceil(output * output_price / 1000)
end
`;
