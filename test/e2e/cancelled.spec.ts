import { chunk, event } from '../support/chat-answers.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { transactionsOf, type TransactionRow } from '../support/stopped-database.js';

const USAGE = { prompt_tokens: 10, completion_tokens: 77, total_tokens: 87 };
/** How long the provider goes on after its first token. */
const REST_MS = 500;

/** A provider that writes on for a while when its client has gone. */
async function startProvider(): Promise<ScriptedServer> {
  return ScriptedServer.start((response, { message }) => {
    if (message.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'Once upon a time' }));
    setTimeout(() => {
      response.write(chunk({ content: ' there was an end.' }) + chunk({}, 'stop'));
      response.end(
        event({ id: 'chatcmpl-1', choices: [], usage: USAGE, x_groq: { usage: USAGE } }) + 'data: [DONE]\n\n',
      );
    }, REST_MS);
  });
}

describe('a stream that its client leaves', () => {
  let billing: ScriptedServer;
  let stopping: ScriptedServer;
  let gateway: Gateway;
  let rows: Map<string, TransactionRow>;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    [billing, stopping] = await Promise.all([startProvider(), startProvider()]);
    gateway = await startGateway({
      env: {
        GROQ_API_KEY: 'gsk-0123456789',
        GROQ_BASE_URL: billing.url,
        OPENAI_API_KEY: 'sk-0123456789',
        OPENAI_BASE_URL: stopping.url,
      },
    });
    ids['billing'] = await leave('groq/llama-3.1-8b-instant');
    ids['stopping'] = await leave('openai/gpt-4o-mini');
    await eventually(async () => {
      const metrics = await (await gateway.call('/metrics')).text();
      expect(metrics).toMatch(/gatewayz_credit_settlements_total\{status="journalled",[^}]*\} 2\n/);
    });
    await gateway.stop();
    rows = transactionsOf(gateway.dataDirectory);
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all([billing.close(), stopping.close()]);
  });

  /** Reads until the first token and goes. */
  async function leave(model: string): Promise<string> {
    const client = new AbortController();
    const chat = { model, stream: true, messages: [{ role: 'user', content: 'Tell me.' }] };
    const response = await gateway.chat(chat, { signal: client.signal });
    expect(response.status).toBe(200);
    await response.body?.getReader().read();
    client.abort();
    return response.headers.get('x-request-id') ?? '';
  }

  it('is read for its usage where the provider bills for all of it anyway', () => {
    expect(rows.get(ids['billing'] ?? '')).toMatchObject({
      status: 'cancelled',
      token_source: 'provider',
      output_tokens: USAGE.completion_tokens,
    });
  });

  it('is cancelled elsewhere, and pays for what it got', () => {
    const row = rows.get(ids['stopping'] ?? '');
    expect(row).toMatchObject({ status: 'cancelled', token_source: 'counted' });
    expect(row?.output_tokens).toBeLessThan(10);
    expect(Number(row?.credits_used)).toBeGreaterThan(0);
  });
});
