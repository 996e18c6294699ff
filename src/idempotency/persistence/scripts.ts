import { RedisScript } from '../../platform/redis/redis-script.js';

/** KEYS: the entry. ARGV: fingerprint, owner, lease in ms, now in ms. */
export const CLAIM = new RedisScript(`
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'status')
if not known[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 'claimed'
end
if known[1] ~= ARGV[1] then return 'conflict' end
if known[2] then return 'stored' end
redis.call('HSET', KEYS[1], 'awaited', ARGV[4])
return 'running'
`);

/** KEYS: the entry. ARGV: fingerprint, owner, lease in ms. When somebody asked last, in ms. */
export const RENEW = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2])
end
local known = redis.call('HMGET', KEYS[1], 'owner', 'awaited')
if known[1] ~= ARGV[2] then return '0' end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return known[2] or '0'
`);

/** KEYS: the entry. ARGV: fingerprint, owner, ttl in ms, status, headers, body, request id. Whether it was kept. */
export const KEEP = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'status', ARGV[4], 'headers', ARGV[5], 'body', ARGV[6], 'request_id', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/** KEYS: the entry. ARGV: owner. */
export const RELEASE = new RedisScript(`
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

/**
 * Enters a kept reply into the list of all. KEYS: the list, by time, and the sum of its bytes. ARGV: id, size, limit,
 * now and ttl in ms. The ids of those that must go, oldest first.
 */
export const ENTER = new RedisScript(`
local now, ttl = tonumber(ARGV[4]), tonumber(ARGV[5])
local total = tonumber(redis.call('GET', KEYS[2]) or '0')
local function leave(member)
  redis.call('ZREM', KEYS[1], member)
  local size, id = string.match(member, '^(%d+):(.*)$')
  total = total - tonumber(size)
  return id
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now - ttl, 'BYSCORE', 'LIMIT', 0, 1000)) do leave(member) end
if redis.call('ZADD', KEYS[1], now, ARGV[2] .. ':' .. ARGV[1]) == 1 then total = total + tonumber(ARGV[2]) end
local gone = {}
while total > tonumber(ARGV[3]) do
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not oldest then break end
  gone[#gone + 1] = leave(oldest)
end
redis.call('SET', KEYS[2], total, 'PX', ttl)
redis.call('PEXPIRE', KEYS[1], ttl)
return gone
`);
