import { NOTHING_BILLED } from '../../inference/bill.js';
import { HeldBytes } from '../../platform/memory/held-bytes.js';
import { HeldPieces } from '../../platform/memory/held-pieces.js';
import { ChatFormat } from '../chat-format.js';
import { RememberingFormat } from './remembering-format.js';

const piece = (text: string) => Buffer.from(`data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`);
const SIZE = piece('Hello').length;

describe('remembering a reply', () => {
  const remember = (memory: HeldBytes) => new RememberingFormat(new ChatFormat(false), new HeldPieces(memory));
  const stream = (format: RememberingFormat, texts: readonly string[]) => {
    const opened = format.stream();
    for (const text of texts) opened.sent?.(piece(text));
    return opened;
  };

  it('holds the very bytes that are sent, and nothing before the good end', () => {
    const format = remember(new HeldBytes(1_000, 1_000));
    const opened = format.stream();
    const sent = piece('Hello');
    opened.sent?.(sent);
    expect(format.answer).toBeUndefined();
    opened.completed({ bill: NOTHING_BILLED });
    expect(format.answer).toEqual({ stream: [sent] });
    expect(format.answer && 'stream' in format.answer && format.answer.stream[0]).toBe(sent);
  });

  it('has no answer when the stream broke', () => {
    const format = remember(new HeldBytes(1_000, 1_000));
    const error = { status: 502, type: 'x', code: null, param: null, message: 'x', headers: {} };
    stream(format, ['Hello']).failed({ bill: NOTHING_BILLED }, error, 'req_1');
    expect(format.answer).toBeUndefined();
  });

  it('gives up what is too large, and what finds no room beside others', () => {
    const large = remember(new HeldBytes(SIZE, 1_000));
    stream(large, ['Hello', 'again']).completed({ bill: NOTHING_BILLED });
    expect(large.answer).toBeUndefined();

    const memory = new HeldBytes(1_000, SIZE);
    const [first, second] = [remember(memory), remember(memory)];
    stream(first, ['Hello']).completed({ bill: NOTHING_BILLED });
    stream(second, ['Hello']).completed({ bill: NOTHING_BILLED });
    expect([first.answer, second.answer]).toEqual([{ stream: [piece('Hello')] }, undefined]);
    first.held.forget();
    const third = remember(memory);
    stream(third, ['Hello']).completed({ bill: NOTHING_BILLED });
    expect(third.answer).toBeDefined();
  });
});
