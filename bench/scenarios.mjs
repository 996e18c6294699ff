const SENTENCE = 'The quick gateway forwards "quoted" words over the lazy provider, line after line.\n';

/**
 * What is asked, how often per second in the pass that measures added latency, and after how many calls a target is
 * warm (measured: a gateway's CPU per short call falls from 81 µs after 100,000 to 67 µs after 200,000, and no further).
 */
export const SCENARIOS = {
  short: {
    title: 'short JSON (0.3 KB in, 0.6 KB out)',
    isStream: false,
    rate: 200,
    warmUpCalls: 200_000,
    body: plain(SENTENCE.repeat(2)),
  },
  large: {
    title: 'large JSON (100 KB in, 0.6 KB out)',
    isStream: false,
    rate: 100,
    warmUpCalls: 20_000,
    body: plain(SENTENCE.repeat(1170)),
  },
  stream: {
    title: 'stream of 100 chunks, each its own write',
    isStream: true,
    rate: 50,
    warmUpCalls: 5_000,
    // The simulated provider was started to answer in so many chunks.
    body: { ...plain(SENTENCE), stream: true, stream_options: { include_usage: true } },
  },
};

function plain(prompt) {
  return { messages: [{ role: 'user', content: prompt }], temperature: 0.7, max_tokens: 200 };
}

/** The whole request as it goes over the wire, made once. */
export function requestBytes({ url, scenario, model, headers }) {
  const { host, pathname } = new URL(url);
  const body = JSON.stringify({ model, ...SCENARIOS[scenario].body });
  const lines = Object.entries({
    host,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
