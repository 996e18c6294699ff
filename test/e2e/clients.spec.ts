import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, Output, streamText, tool, type ToolSet } from 'ai';
import OpenAI from 'openai';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { transactionsOf } from '../support/stopped-database.js';

const MODEL = 'sandbox/echo-1';
const WEATHER = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
};
const TOOLS: OpenAI.ChatCompletionTool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { ...WEATHER } },
}));

describe('clients that do not know that they talk to a gateway', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let openai: OpenAI;

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({ env: { SANDBOX_BASE_URL: sandbox.url } });
    openai = new OpenAI({ apiKey: gateway.key, baseURL: `${gateway.url}/v1` });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  beforeEach(() => {
    sandbox.reset();
  });

  describe('openai', () => {
    const cancelled: string[] = [];
    const say = (content: string) => [{ role: 'user' as const, content }];

    it('gets a completion and what it cost', async () => {
      const {
        data,
        response,
        request_id: id,
      } = await openai.chat.completions.create({ model: MODEL, messages: say('Hello') }).withResponse();
      expect(data.choices[0]?.message.content).toMatch(/You said: Hello$/);
      expect(data.usage).toMatchObject({ prompt_tokens: 5, cost: expect.any(Number) as number });
      expect(id).toMatch(/^req_/);
      expect(response.headers.get('x-gatewayz-provider')).toBe('sandbox');
      expect(response.headers.get('x-gatewayz-model')).toBe(MODEL);
    });

    it('streams, with usage only when it asks for it', async () => {
      const read = async (options?: { include_usage: true }) => {
        const stream = await openai.chat.completions.create({
          model: MODEL,
          messages: say('Grüße 👋'),
          stream: true,
          ...(options && { stream_options: options }),
        });
        const chunks: OpenAI.ChatCompletionChunk[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        return chunks;
      };
      const [plain, metered] = [await read(), await read({ include_usage: true })];
      const textOf = (chunks: typeof plain) => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      expect(textOf(plain)).toMatch(/You said: Grüße 👋$/);
      expect(textOf(metered)).toBe(textOf(plain));
      expect(plain.every((chunk) => !('usage' in chunk))).toBe(true);
      expect(metered.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
      expect(metered.at(-1)).toMatchObject({ choices: [], usage: { cost: expect.any(Number) as number } });
    });

    it.each([{}, { fault: 'bad_tool_index' }])(
      'gets parallel tool calls apart, also from a provider with %j',
      async (behaviour) => {
        sandbox.schedule([behaviour as never]);
        const stream = openai.chat.completions.stream({
          model: MODEL,
          messages: say('parallel please'),
          tools: TOOLS,
        });
        const { choices } = await stream.finalChatCompletion();
        const calls = choices[0]?.message.tool_calls ?? [];
        expect(choices[0]?.finish_reason).toBe('tool_calls');
        expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual([
          'get_weather',
          'get_time',
        ]);
        expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
        for (const call of calls) {
          if (call.type === 'function')
            expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) as string });
        }
      },
    );

    it('gets JSON that satisfies its schema', async () => {
      const { choices } = await openai.chat.completions.create({
        model: MODEL,
        messages: say('Weather?'),
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'weather', strict: true, schema: { ...WEATHER } },
        },
      });
      expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ city: expect.any(String) as string });
    });

    it('reaches the provider with everything that it sent, but for the model', async () => {
      const body = {
        model: MODEL,
        messages: [
          {
            role: 'user' as const,
            content: [
              { type: 'text' as const, text: 'What is this?' },
              {
                type: 'image_url' as const,
                image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' as const },
              },
              { type: 'input_audio' as const, input_audio: { data: 'UklGRg==', format: 'wav' as const } },
            ],
          },
        ],
        n: 2,
        seed: 7,
        logprobs: true,
        top_logprobs: 2,
        temperature: 0.25,
        metadata: { trace: 'yes' },
        service_tier: 'default' as const,
        user: 'somebody',
        a_field_of_tomorrow: { deep: [1, null, 'x'] },
      };
      const { choices } = await openai.chat.completions.create(body);
      expect(choices.map(({ index }) => index)).toEqual([0, 1]);
      expect(choices[0]?.logprobs?.content?.length).toBeGreaterThan(0);
      expect(sandbox.requests.at(-1)?.body).toEqual({ ...body, model: 'echo-1' });
    });

    it('cancels the provider when it leaves', async () => {
      const controller = new AbortController();
      const { data: stream, request_id: id } = await openai.chat.completions
        .create(
          {
            model: 'sandbox/story-1',
            messages: say('Go on'),
            stream: true,
            max_completion_tokens: 400,
            ...{ sandbox: { pace_ms: 20 } },
          },
          { signal: controller.signal },
        )
        .withResponse();
      let seen = 0;
      for await (const chunk of stream) {
        seen += chunk.choices[0]?.delta.content ? 1 : 0;
        if (seen === 5) break;
      }
      controller.abort();
      await eventually(() => {
        expect(sandbox.requests.at(-1)?.isAborted).toBe(true);
      });
      cancelled.push(id ?? '');
    });
    it('raises its own classes of error, and retries only where that helps', async () => {
      const ask = (model: string, behaviour = {}) =>
        openai.chat.completions
          .create({ model, messages: say('x'), ...{ sandbox: behaviour } })
          .catch((error: unknown) => error);
      const stranger = new OpenAI({ apiKey: 'gw_live_wrong', baseURL: `${gateway.url}/v1` });
      expect(
        await stranger.chat.completions.create({ model: MODEL, messages: say('x') }).catch((error: unknown) => error),
      ).toBeInstanceOf(OpenAI.AuthenticationError);
      expect(await ask('sandbox/none')).toBeInstanceOf(OpenAI.NotFoundError);
      expect(await ask(MODEL, { fault: 'context_length' })).toBeInstanceOf(OpenAI.BadRequestError);
      sandbox.reset();
      expect(await ask(MODEL, { fault: 'status', status: 500 })).toBeInstanceOf(OpenAI.InternalServerError);
      expect(sandbox.requests).toHaveLength(1);
      sandbox.reset();
      expect(await ask(MODEL, { fault: 'status', status: 429, retry_after: 0 })).toBeInstanceOf(OpenAI.RateLimitError);
      expect(sandbox.requests).toHaveLength(3);
    });

    it('is told when a stream breaks', async () => {
      const stream = await openai.chat.completions.create({
        model: MODEL,
        messages: say('x'),
        stream: true,
        ...{ sandbox: { fault: 'cut', after: 2 } },
      });
      let text = '';
      const reading = (async () => {
        for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
      })();
      await expect(reading).rejects.toThrow(/broke off/);
      expect(text).not.toBe('');
    });

    it('lists the models, and finds one by its name with a slash', async () => {
      const ids: string[] = [];
      for await (const { id } of openai.models.list()) ids.push(id);
      expect(ids).toContain(MODEL);
      expect(await openai.models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: 'model' });
    });

    it('paid for what it got before it left', async () => {
      await gateway.stop();
      const rows = transactionsOf(gateway.dataDirectory);
      for (const id of cancelled) {
        expect(rows.get(id)).toMatchObject({ status: 'cancelled', token_source: 'counted' });
        expect(Number(rows.get(id)?.credits_used)).toBeGreaterThan(0);
      }
      expect(cancelled).toHaveLength(1);
      gateway = await startGateway({ env: { SANDBOX_BASE_URL: sandbox.url }, after: gateway });
    });
  });

  describe.each(['openai', 'openai-compatible'])('the AI SDK with its %s provider', (name) => {
    const model = () => {
      const options = { apiKey: gateway.key, baseURL: `${gateway.url}/v1` };
      return name === 'openai'
        ? createOpenAI(options).chat(MODEL)
        : createOpenAICompatible({ name: 'gatewayz', ...options })(MODEL);
    };

    it('generates text', async () => {
      const { text, usage } = await generateText({ model: model(), prompt: 'Hello' });
      expect(text).toMatch(/You said: Hello$/);
      expect(usage.outputTokens).toBeGreaterThan(0);
    });

    it('streams text', async () => {
      const result = streamText({ model: model(), prompt: 'Hello' });
      let text = '';
      for await (const piece of result.textStream) text += piece;
      expect(text).toMatch(/You said: Hello$/);
      expect(await result.finishReason).toBe('stop');
    });

    it('calls a tool', async () => {
      const weather = tool({ description: 'the weather', inputSchema: jsonSchema<{ city: string }>({ ...WEATHER }) });
      // The SDK's own types do not fit together under exactOptionalPropertyTypes.
      const tools = { get_weather: weather } as unknown as ToolSet;
      const { toolCalls } = await generateText({ model: model(), prompt: 'Weather?', tools });
      expect(toolCalls[0]).toMatchObject({ toolName: 'get_weather', input: { city: expect.any(String) as string } });
    });

    it('generates an object', async () => {
      const output = Output.object({ schema: jsonSchema<{ city: string }>({ ...WEATHER }) });
      const result = await generateText({ model: model(), prompt: 'Weather as JSON?', output });
      expect(typeof result.output).toBe('object');
    });

    it('sees a broken stream as an error', async () => {
      sandbox.schedule([{ fault: 'cut', after: 2 }]);
      const errors: unknown[] = [];
      const result = streamText({
        model: model(),
        prompt: 'Hello',
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
      });
      await result.consumeStream();
      expect(errors.length).toBeGreaterThan(0);
    });
  });

  describe('LangChain', () => {
    const chat = () =>
      new ChatOpenAI({ model: MODEL, apiKey: gateway.key, configuration: { baseURL: `${gateway.url}/v1` } });

    it('invokes, and knows its usage', async () => {
      const message = await chat().invoke('Hello');
      expect(message.text).toMatch(/You said: Hello$/);
      expect(message).toMatchObject({ usage_metadata: { output_tokens: 19 } });
    });

    it('streams', async () => {
      let text = '';
      for await (const chunk of await chat().stream('Hello')) text += chunk.text;
      expect(text).toMatch(/You said: Hello$/);
    });

    it('calls tools', async () => {
      const { tool_calls: calls } = await chat().bindTools(TOOLS).invoke('Weather?');
      expect(calls?.[0]).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) as string } });
    });
  });
});
