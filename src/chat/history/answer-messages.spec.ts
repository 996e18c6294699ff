import { answerMessages } from './answer-messages.js';

const stream = (...deltas: object[]) => ({
  stream: deltas.map((delta) => Buffer.from(`data: ${JSON.stringify({ choices: [delta], usage: null })}\n\n`)),
});
const say = (content: string, index = 0) => ({ index, delta: { content }, finish_reason: null });

describe('what is kept of an answer', () => {
  it('is the text of a stream, put together, also where a piece cuts a character', () => {
    const [whole = Buffer.alloc(0)] = stream(say('Grüße 👋')).stream;
    const cut = { stream: [...stream(say('One, ')).stream, whole.subarray(0, 40), whole.subarray(40)] };
    expect(answerMessages(cut)).toEqual([{ role: 'assistant', content: 'One, Grüße 👋' }]);
  });

  it('is each choice by itself', () => {
    expect(answerMessages(stream(say('a'), say('b', 1), say('A'), say('B', 1)))).toEqual([
      { role: 'assistant', content: 'aA' },
      { role: 'assistant', content: 'bB' },
    ]);
  });

  it('is tool calls, whose arguments come in pieces', () => {
    const call = (fragment: object) => ({ index: 0, delta: { tool_calls: [fragment] } });
    const answer = stream(
      { index: 0, delta: { role: 'assistant', content: null } },
      call({ index: 0, id: 'one', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"city":' } }),
      call({ index: 1, id: 'two', type: 'function', function: { name: 'get_time', arguments: '{}' } }),
      call({ index: 0, function: { arguments: '"Bern"}' } }),
    );
    expect(answerMessages(answer)).toEqual([
      {
        role: 'assistant',
        tool_calls: [
          { id: 'one', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Bern"}' } },
          { id: 'two', type: 'function', function: { name: 'get_time', arguments: '{}' } },
        ],
      },
    ]);
  });

  it('leaves out comments, ends and thoughts', () => {
    const { stream: pieces } = stream({ index: 0, delta: { reasoning_content: 'hmm' } }, say('Yes.'));
    const noise = [Buffer.from(': ping\n'), ...pieces, Buffer.from('data: [DONE]\n\n')];
    expect(answerMessages({ stream: noise })).toEqual([{ role: 'assistant', content: 'Yes.' }]);
  });

  it('is the message of each choice of a plain reply', () => {
    const message = { role: 'assistant', content: 'Hi', refusal: null, reasoning_content: 'hmm', annotations: [] };
    expect(answerMessages({ choices: [{ index: 0, message }] })).toEqual([{ role: 'assistant', content: 'Hi' }]);
  });
});
