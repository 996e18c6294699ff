import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { startSandbox, type Sandbox } from '../sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: 'secret',
    aliases: { 'claude-haiku-4-5': 'echo-1', 'gemini-2.5-flash': 'echo-1' },
  });
});
afterEach(() => {
  sandbox.reset();
});
afterAll(() => sandbox.close());

const origin = () => sandbox.url.replace(/\/v1$/, '');
const MODELS: readonly (readonly [string, (model: string) => LanguageModelV4])[] = [
  ['Anthropic', (model) => createAnthropic({ apiKey: 'secret', baseURL: `${origin()}/v1` }).languageModel(model)],
  ['Google', (model) => createGoogle({ apiKey: 'secret', baseURL: `${origin()}/v1beta` }).languageModel(model)],
];

const said = (text: string): LanguageModelV4CallOptions => ({
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text }] },
  ],
});
const TOOL = {
  type: 'function' as const,
  name: 'weather',
  inputSchema: { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] },
};

async function streamed(model: LanguageModelV4, options: LanguageModelV4CallOptions) {
  const { stream } = await model.doStream(options);
  let [text, reasoning] = ['', ''];
  const calls: string[] = [];
  let end: unknown;
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.delta;
    if (part.type === 'reasoning-delta') reasoning += part.delta;
    if (part.type === 'tool-call') calls.push(part.toolName);
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish') end = { reason: part.finishReason.unified, output: part.usage.outputTokens.total };
  }
  return { text, reasoning, calls, end };
}

describe.each(MODELS)("%s's clients", (name, modelOf) => {
  const known = name === 'Google' ? 'gemini-2.5-flash' : 'claude-haiku-4-5';

  it('read a reply, whole and streamed', async () => {
    const whole = await modelOf(known).doGenerate(said('Guten Tag, 雪'));
    const [content] = whole.content;
    expect(content).toMatchObject({ type: 'text', text: expect.stringMatching(/simulated.*Guten Tag, 雪$/) as string });
    expect(whole.usage.inputTokens.total).toBeGreaterThan(3);
    const { text, end } = await streamed(modelOf(known), said('Guten Tag, 雪'));
    expect(content?.type === 'text' && content.text).toBe(text);
    expect(end).toEqual({ reason: 'stop', output: whole.usage.outputTokens.total });
  });

  it('read calls of tools, one or two, and go on after their results', async () => {
    const options = { ...said('In parallel, please.'), tools: [TOOL, { ...TOOL, name: 'news' }] };
    const whole = await modelOf(known).doGenerate(options);
    expect(whole.content).toMatchObject([{ type: 'tool-call', toolName: 'weather' }, { toolName: 'news' }]);
    expect(whole.finishReason.unified).toBe('tool-calls');
    expect(await streamed(modelOf(known), options)).toMatchObject({ calls: ['weather', 'news'] });
    const call = { type: 'tool-call' as const, toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' } };
    const output = { type: 'text' as const, value: 'warm' };
    const answered = await modelOf(known).doGenerate({
      tools: [TOOL],
      prompt: [
        ...options.prompt,
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'weather', output }] },
      ],
    });
    expect(JSON.stringify(answered.content)).toContain('The tool said');
  });

  it('read thoughts', async () => {
    const { reasoning, text } = await streamed(modelOf('reason-1'), said('Why?'));
    expect(reasoning).toContain('pretend to think');
    expect(text).toContain('Why?');
  });

  it('hear of the length, and of what was cached', async () => {
    sandbox.schedule([{ cached_tokens: 4 }]);
    const { finishReason, usage } = await modelOf('story-1').doGenerate({ ...said('Go'), maxOutputTokens: 20 });
    expect([finishReason.unified, usage.outputTokens.total, usage.inputTokens.cacheRead]).toEqual(['length', 20, 4]);
  });

  it.each([
    [{ fault: 'status' as const, status: 429 }, 429],
    [{ fault: 'status' as const, status: 503 }, 503],
    [{ fault: 'context_length' as const }, 400],
  ])('hear of %j', async (behaviour, statusCode) => {
    sandbox.schedule([behaviour]);
    await expect(modelOf(known).doGenerate(said('Hi'))).rejects.toMatchObject({ statusCode });
  });

  it('hear of a failure in the middle of a stream', async () => {
    sandbox.schedule([{ fault: 'error_frame', after: 2 }]);
    await expect(streamed(modelOf(known), said('Hi'))).rejects.toMatchObject({
      message: expect.stringContaining('broke down') as string,
    });
  });

  it('are refused without the key, and for a model that there is not', async () => {
    const strangers = name === 'Google' ? createGoogle : createAnthropic;
    const baseURL = `${origin()}/${name === 'Google' ? 'v1beta' : 'v1'}`;
    const stranger = strangers({ apiKey: 'wrong', baseURL }).languageModel(known);
    await expect(stranger.doGenerate(said('Hi'))).rejects.toMatchObject({ statusCode: 401 });
    await expect(modelOf('claude-of-tomorrow').doGenerate(said('Hi'))).rejects.toMatchObject({ statusCode: 404 });
  });
});

it('lists its models in the words of whoever asks', async () => {
  const list = async (path: string, headers: Record<string, string>): Promise<string> =>
    (await fetch(origin() + path, { headers })).text();
  const anthropic = await list('/v1/models?limit=9', { 'x-api-key': 'secret', 'anthropic-version': '2023-06-01' });
  expect(JSON.parse(anthropic)).toMatchObject({
    data: expect.arrayContaining([
      { type: 'model', id: 'claude-haiku-4-5', display_name: 'claude-haiku-4-5', created_at: '2026-01-01T00:00:00Z' },
    ]) as object,
  });
  expect(await list('/v1beta/models', { 'x-goog-api-key': 'secret' })).toContain('"name":"models/gemini-2.5-flash"');
  expect(await list('/v1/models', { authorization: 'Bearer secret' })).toContain('"id":"gemini-2.5-flash"');
});
