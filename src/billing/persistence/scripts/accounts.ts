import { RedisScript } from '../../../platform/redis/redis-script.js';

/** An older version changes nothing: a balance never turns back. Versions are digits of one length. */
const HEAR = `
local function hear(account, version, balance, debited)
  if redis.call('EXISTS', account) == 0 then return end
  if debited ~= '0' then redis.call('HINCRBY', account, 'unsettled', '-' .. debited) end
  if version == '' then return end
  local known = redis.call('HGET', account, 'version')
  if not known or version > known then redis.call('HSET', account, 'version', version, 'balance', balance) end
end
`;

/** What the database knows of a user and a key. What is known of the key already is newer. */
export const OPEN = new RedisScript(`${HEAR}
local account, spending, kept_ms = KEYS[1], KEYS[2], ARGV[1]
redis.call('HSET', account, 'line', ARGV[4])
hear(account, ARGV[2], ARGV[3], '0')
redis.call('PEXPIRE', account, kept_ms)
if redis.call('EXISTS', spending) == 1 then return end
redis.call('HSET', spending, 'open', '0', 'held', '0', 'total', ARGV[11], 'total_since', '',
  'day', ARGV[5], 'day_since', ARGV[6], 'week', ARGV[7], 'week_since', ARGV[8], 'month', ARGV[9], 'month_since', ARGV[10])
redis.call('PEXPIRE', spending, kept_ms)
`);

/**
 * The database has taken these entries of the journal. Each is confirmed once, by whichever gateway comes first; only
 * then does its charge leave what is unsettled. Values: how many entries, each as id, user and charge; then each user
 * as id, version and balance.
 */
export const CONFIRM = new RedisScript(`${HEAR}
local journal, group, prefix, count = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local debited = {}
local at = 4
for _ = 1, count do
  local id, user, credits = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  at = at + 3
  if redis.call('XACK', journal, group, id) == 1 then
    redis.call('XDEL', journal, id)
    debited[user] = (debited[user] or 0) + tonumber(credits)
  end
end
while at <= #ARGV do
  local user, version, balance = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  at = at + 3
  hear(prefix .. '{' .. user .. '}', version, balance, string.format('%.0f', debited[user] or 0))
end
`);
