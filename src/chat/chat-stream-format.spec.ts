import type { Bill } from '../inference/bill.js';
import { describeError } from '../platform/http/error-description.js';
import type { ChatChunk } from '../providers/dialect.js';
import { NO_TOKENS } from '../providers/token-usage.js';
import { UpstreamCutError } from '../providers/upstream-errors.js';
import { ChatStreamFormat } from './chat-stream-format.js';

const ENVELOPE = { id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'm' };
const BILL: Bill = { usage: { ...NO_TOKENS, input: 3, output: 2 }, source: 'counted', cost: 5_000n, credits: 5_000n };
const GIVEN = { prompt_tokens: 30, completion_tokens: 20, total_tokens: 50, provider_own: 1 };
const FAILURE = describeError(new UpstreamCutError('groq'));

const chunk = (delta: object, choice: object = {}, more: object = {}): ChatChunk => ({
  ...ENVELOPE,
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
});
const ROLE = chunk({ role: 'assistant', content: '' });
const END = chunk({}, { finish_reason: 'stop' });

interface Sent {
  readonly choices?: { readonly index: number; readonly delta: object; readonly finish_reason: string | null }[];
  readonly usage?: object | null;
  readonly error?: object;
}

/** The events of a stream's last bytes, and whether each is as clients want it. */
function events(text: string): (Sent | '[DONE]')[] {
  const frames = text.split('\n\n');
  expect(frames.pop()).toBe('');
  return frames.map((frame) => {
    expect(frame).toMatch(/^data: [^\n]+$/);
    const data = frame.slice(6);
    return data === '[DONE]' ? data : (JSON.parse(data) as Sent);
  });
}

function formatOf(isUsageWanted: boolean, ...chunks: ChatChunk[]) {
  const format = new ChatStreamFormat(isUsageWanted);
  return { format, sent: chunks.map((given) => format.rewrite(given)) as (Sent | undefined)[] };
}

describe('a stream to a client that did not ask for usage', () => {
  it('holds no member called usage at all, and is otherwise the very chunks that came', () => {
    const given = [ROLE, chunk({ content: 'a' }), { ...END, usage: null }, { ...ENVELOPE, choices: [], usage: GIVEN }];
    const { format, sent } = formatOf(false, ...given);
    expect(sent[0]).toBe(ROLE);
    expect(sent[1]).toBe(given[1]);
    expect(sent[2]).toEqual(END);
    expect(sent[3]).toBeUndefined();
    expect(events(format.completed({ bill: BILL }))).toEqual(['[DONE]']);
  });

  it('ends in an error without choices when it failed, and [DONE]', () => {
    const { format } = formatOf(false, ROLE, chunk({ content: 'a' }));
    expect(events(format.failed({ bill: BILL }, FAILURE, 'req_1'))).toEqual([
      {
        error: {
          message: 'groq broke off before the reply was complete.',
          type: 'provider_error',
          code: 'provider_error',
          param: null,
          request_id: 'req_1',
        },
      },
      '[DONE]',
    ]);
  });
});

describe('a stream to a client that asked for usage', () => {
  it('has `usage: null` on every chunk and exactly one chunk of usage, without choices, before [DONE]', () => {
    const late = { ...ENVELOPE, choices: [], usage: GIVEN };
    const { format, sent } = formatOf(true, ROLE, { ...END, usage: null }, late);
    expect(sent[0]).toEqual({ ...ROLE, usage: null });
    expect(sent[1]).toEqual({ ...END, usage: null });
    expect(sent[2]).toBeUndefined();
    const [usage, done, ...more] = events(format.completed({ bill: { ...BILL, source: 'provider' } }));
    expect(usage).toEqual({ ...ENVELOPE, choices: [], usage: { ...GIVEN, cost: 0.000005 } });
    expect([done, ...more]).toEqual(['[DONE]']);
  });

  it('does not show usage twice when the provider put it into the last choice', () => {
    const { format, sent } = formatOf(true, ROLE, { ...END, usage: GIVEN });
    expect(sent[1]?.usage).toBeNull();
    expect(events(format.completed({ bill: { ...BILL, source: 'provider' } }))[0]).toMatchObject({ usage: GIVEN });
  });

  it('shows our own count when the provider gave none', () => {
    const { format } = formatOf(true, ROLE, END);
    expect(events(format.completed({ bill: BILL }))[0]).toMatchObject({
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.000005 },
    });
  });

  it('tells what was used before it tells of the failure', () => {
    const { format } = formatOf(true, ROLE);
    const [usage, error, done] = events(format.failed({ bill: BILL }, FAILURE, 'req_1')) as [Sent, Sent, string];
    expect(usage).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });
    expect(Object.keys(error)).toEqual(['error']);
    expect(done).toBe('[DONE]');
  });
});

describe('every stream', () => {
  it('begins each choice with a role, and only once', () => {
    const { sent } = formatOf(
      false,
      chunk({ content: 'a' }),
      chunk({ content: 'b' }),
      chunk({ content: 'c' }, { index: 1 }),
    );
    expect(sent.map((given) => given?.choices?.[0]?.delta)).toEqual([
      { content: 'a', role: 'assistant' },
      { content: 'b' },
      { content: 'c', role: 'assistant' },
    ]);
  });

  it('has a delta in each choice', () => {
    const { sent } = formatOf(false, ROLE, { ...ENVELOPE, choices: [{ index: 0, finish_reason: 'stop' }] });
    expect(sent[1]?.choices).toEqual([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  });

  it('ends each choice with a reason, which is ours where the provider gave none', () => {
    const call = { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const { format } = formatOf(
      true,
      chunk({ role: 'assistant', content: 'a' }),
      chunk({ role: 'assistant', tool_calls: [call] }, { index: 1 }),
      chunk({ role: 'assistant' }, { index: 2, finish_reason: 'length' }),
    );
    const ends = events(format.completed({ bill: BILL })).slice(0, -2) as Sent[];
    expect(ends).toEqual([
      { ...ENVELOPE, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
      { ...ENVELOPE, choices: [{ index: 1, delta: {}, finish_reason: 'tool_calls' }], usage: null },
    ]);
  });

  it('gives no reason to a stream that failed', () => {
    const { format } = formatOf(false, ROLE);
    expect(format.failed({ bill: BILL }, FAILURE, 'req_1')).not.toContain('finish_reason');
  });

  it('has tool calls with an index each, and id and name only at their begin', () => {
    const fragment = (id: string, args: string) => ({
      index: 0,
      id,
      type: 'function',
      function: { name: 'f', arguments: args },
    });
    const { sent } = formatOf(
      false,
      chunk({ role: 'assistant', tool_calls: [fragment('a', '')] }),
      chunk({ tool_calls: [fragment('a', '{}')] }),
      chunk({ tool_calls: [fragment('b', '{}')] }),
    );
    const calls = sent.map((given) => (given?.choices?.[0]?.delta as { tool_calls: object[] }).tool_calls[0]);
    expect(calls).toEqual([
      fragment('a', ''),
      { index: 0, function: { arguments: '{}' } },
      { ...fragment('b', '{}'), index: 1 },
    ]);
  });

  it('is an error from its first byte when nothing came of it', () => {
    const { format } = formatOf(true);
    const [usage, error, done] = events(format.failed({ bill: { ...BILL, usage: NO_TOKENS } }, FAILURE, 'req_1'));
    expect(usage).toMatchObject({ object: 'chat.completion.chunk', choices: [], usage: { total_tokens: 0 } });
    expect(error).toHaveProperty('error');
    expect(done).toBe('[DONE]');
  });
});
