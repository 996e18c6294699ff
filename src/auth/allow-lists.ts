import { BlockList, isIP } from 'node:net';

const LONGEST_PREFIX = { ipv4: 32, ipv6: 128 };

/** `openai/gpt-5`, `openai/*` or `*mini*`: patterns of canonical model names, as one expression. */
export function modelPatterns(patterns: readonly string[]): RegExp {
  const expressions = patterns.map((pattern) => pattern.split('*').map(escape).join('.*'));
  return new RegExp(`^(?:${expressions.join('|')})$`);
}

/** Addresses and networks such as `10.0.0.0/8` or `2001:db8::/32`; undefined when one of them is neither. */
export function addressList(entries: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  return entries.every((entry) => add(list, entry)) ? list : undefined;
}

/** Whether the list holds the address of a client, which may be IPv4 in IPv6's clothes. */
export function holds(list: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = familyOf(plain);
  return family !== undefined && list.check(plain, family);
}

function add(list: BlockList, entry: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = familyOf(address);
  const bits = Number(prefix ?? 0);
  if (!family || bits > LONGEST_PREFIX[family]) return false;
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, bits, family);
  return true;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
