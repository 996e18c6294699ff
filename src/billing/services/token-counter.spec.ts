import { TokenCounter } from './token-counter.js';

describe('counting tokens', () => {
  const counter = new TokenCounter();

  it.each([
    ['', 0],
    ['Hello', 1],
    ['Hello, world!', 4],
    ['Grüße aus Köln', 5],
  ])('finds in "%s" as many as OpenAI does: %i', async (text, tokens) => {
    expect(await counter.countText(text)).toBe(tokens);
  });

  it('takes text that looks like a control token for text', async () => {
    expect(await counter.countText('<|endoftext|>')).toBeGreaterThan(0);
  });

  it('counts a long text in slices, without holding up others, and as if it were one', async () => {
    const sentence = ' The quick brown fox jumps over the lazy dog.';
    const once = await counter.countText(sentence);
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 0);
    const tokens = await counter.countText(sentence.repeat(5_000));
    clearInterval(ticking);
    // A cut may fall into a word.
    expect(Math.abs(tokens - once * 5_000)).toBeLessThan(50);
    expect(turns).toBeGreaterThan(1);
  });

  it('counts what stands in messages, parts, tool calls and tools', async () => {
    const request = { messages: [{ role: 'user', content: 'Hello' }] };
    const plain = await counter.countPrompt(request);
    // The text, and what OpenAI's format adds around a message; what joins the texts may be one more.
    expect(Math.abs(plain - (1 + 3))).toBeLessThanOrEqual(1);
    const inParts = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] };
    expect(await counter.countPrompt(inParts)).toBeGreaterThanOrEqual(plain);
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const withPicture = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }, picture] }] };
    expect((await counter.countPrompt(withPicture)) - (await counter.countPrompt(inParts))).toBe(765);
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
    expect(await counter.countPrompt({ ...request, tools })).toBeGreaterThan(plain + 5);
    const called = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"city":"Köln"}' } }];
    const answered = { messages: [...request.messages, { role: 'assistant', content: null, tool_calls: called }] };
    expect(await counter.countPrompt(answered)).toBeGreaterThan(plain + 10);
  });

  it.each([
    [{}],
    [{ messages: 'none' }],
    [{ messages: [7, null, { content: 7 }, { content: [7, { type: 'text' }] }] }],
  ])('does not stumble over %j', async (request) => {
    expect(await counter.countPrompt(request)).toBeGreaterThanOrEqual(0);
  });
});
