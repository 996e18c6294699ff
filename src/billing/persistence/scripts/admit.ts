import { RedisScript } from '../../../platform/redis/redis-script.js';
import { PRELUDE } from './prelude.js';

/**
 * The same decision as `LocalBooks.admit`, over what all gateways know. Answers `unknown`; or `ok`, the tokens of
 * output, the hold and the slot; or `no`, the reason and the wait (below zero when waiting does not help) or the period
 * of the budget; each but the first followed by what is left of both rates and when they are free again.
 */
export const ADMIT = new RedisScript(`${PRELUDE}
local id, key, lease_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local requests_limit, tokens_limit, concurrency = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local input, wanted, least = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local input_cost, output_price = tonumber(ARGV[10]), tonumber(ARGV[11])
local budgets = { ARGV[12], ARGV[13], ARGV[14], ARGV[15] }
local windows = { ARGV[16], ARGV[17], ARGV[18], '' }

if redis.call('EXISTS', account) == 0 or redis.call('EXISTS', spending) == 0 then return { 'unknown' } end
free_expired()
roll(windows)
keep()

local has_rates = requests_limit or tokens_limit
local used = has_rates and read_rates()

local function with_rates(answer)
  if not used then return answer end
  local requests, tokens = requests_limit or 0, tokens_limit or 0
  for _, figure in ipairs({
    whole(math.max(requests - used.r_total, 0)), whole(reset(used, 'r')),
    whole(math.max(tokens - used.t_total, 0)), whole(reset(used, 't')),
  }) do
    table.insert(answer, figure)
  end
  return answer
end

local function refuse(reason, detail) return with_rates({ 'no', reason, tostring(detail), '' }) end

if requests_limit and used.r_total >= requests_limit then
  return refuse('requests', whole(free_after(used, 'r', 1, requests_limit)))
end
if concurrency and number(spending, 'open') >= concurrency then return refuse('concurrency', '1000') end

local output, short_of = wanted, nil
local function bound(reason, affordable)
  if affordable < output then output, short_of = affordable, reason end
end

local function affordable(money)
  if money < input_cost then return -1 end
  if output_price == 0 then return wanted end
  local count = math.min(math.floor((money - input_cost) / output_price * 1000), wanted)
  -- The quotient is rounded; what it costs is not.
  while count >= 0 and cost_of(input_cost, output_price, count) > money do count = count - 1 end
  return count
end

if tokens_limit then bound('tokens', tokens_limit - used.t_total - input) end
local budget, period = budget_left(budgets)
if budget then bound('budget', affordable(budget)) end
local credits = credits_left()
if credits then bound('credits', affordable(credits)) end

if short_of and output < least then
  if short_of == 'tokens' then return refuse('tokens', whole(free_after(used, 't', input + wanted, tokens_limit))) end
  return refuse(short_of, short_of == 'budget' and period or '-1')
end

local hold = { key = key, amount = cost_of(input_cost, output_price, output), tokens = input + output, slot = slot }
write_hold(id, hold)
redis.call('ZADD', leases, now + lease_ms, id)
redis.call('PEXPIRE', leases, KEPT_MS)
redis.call('PEXPIRE', holds, KEPT_MS)
add(account, 'held', hold.amount)
add(spending, 'held', hold.amount)
add(spending, 'open', 1)
if requests_limit then
  use('r', slot, 1)
  used.r_total, used.r_last = used.r_total + 1, slot
end
if tokens_limit then
  use('t', slot, hold.tokens)
  used.t_total, used.t_last = used.t_total + hold.tokens, slot
end
return with_rates({ 'ok', whole(output), whole(hold.amount), whole(slot) })
`);
