import { RedisScript } from '../../../platform/redis/redis-script.js';
import { PRELUDE } from './prelude.js';

/**
 * Ends a lease and journals its charge in one step: there is no moment at which the money is neither held nor charged.
 * Answers the charge. Without a line nothing is recorded.
 */
export const SETTLE = new RedisScript(`${PRELUDE}
local journal = KEYS[6]
local id, key, user = ARGV[1], ARGV[2], ARGV[3]
local credits, tokens, line = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local budgets = { ARGV[7], ARGV[8], ARGV[9], ARGV[10] }
local windows = { ARGV[11], ARGV[12], ARGV[13], '' }

roll(windows)
local hold = read_hold(id)
if hold then
  forget_hold(id, hold)
  if redis.call('HEXISTS', rates, 't' .. whole(hold.slot)) == 1 then use('t', hold.slot, tokens - hold.tokens) end
end
if line == '' then return '0' end

local charged = credits
local left = credits_left()
if left then charged = math.min(charged, left) end
local budget = budget_left(budgets)
if budget then charged = math.min(charged, budget) end
charged = math.max(charged, 0)

if redis.call('EXISTS', account) == 1 then add(account, 'unsettled', charged) end
if redis.call('EXISTS', spending) == 1 then
  for _, period in ipairs(PERIODS) do add(spending, period, charged) end
end
local dollars = string.format('%.0f.%09.0f', math.floor(charged / 1000000000), charged % 1000000000)
local complete = string.sub(line, 1, -2) .. ',"credits_used":"' .. dollars .. '"}'
redis.call('XADD', journal, '*', 'user', user, 'credits', whole(charged), 'line', complete)
redis.call('PEXPIRE', journal, KEPT_MS * 4)
return whole(charged)
`);

/** Lets a running call write up to so many tokens; 1 when there is enough left for them. */
export const GROW = new RedisScript(`${PRELUDE}
local id, output, cost, input = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens_limit = tonumber(ARGV[5])
local budgets = { ARGV[6], ARGV[7], ARGV[8], ARGV[9] }
local windows = { ARGV[10], ARGV[11], ARGV[12], '' }

roll(windows)
local hold = read_hold(id)
if not hold then return 0 end
local more, more_tokens = cost - hold.amount, input + output - hold.tokens
if tokens_limit and tokens_limit - read_rates().t_total < more_tokens then return 0 end
local credits, budget = credits_left(), budget_left(budgets)
if credits and credits < more or budget and budget < more then return 0 end

if tokens_limit then use('t', hold.slot, more_tokens) end
hold.amount, hold.tokens = cost, input + output
write_hold(id, hold)
add(account, 'held', more)
add(spending, 'held', more)
return 1
`);

/** Keeps the leases of running calls from expiring. */
export const RENEW = new RedisScript(`${PRELUDE}
local until_ms = now + tonumber(ARGV[1])
for index = 2, #ARGV do redis.call('ZADD', leases, 'XX', until_ms, ARGV[index]) end
return 1
`);
