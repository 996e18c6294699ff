import { readStream } from '../support/event-stream.js';
import { eventually, startGateway } from '../support/gateway.js';

const url = process.env['REAL_UPSTREAM_URL'];
if (!url) process.stderr.write('REAL_UPSTREAM_URL is not set: no real model server is tried.\n');

(url ? describe : describe.skip)('a real model server', () => {
  it('streams and answers through the gateway', async () => {
    const gateway = await startGateway({ env: { GATEWAYZ_PROVIDERS: `real=${url ?? ''}` } });
    const model = await eventually(async () => {
      const { data } = (await (await gateway.call('/v1/models?provider=real')).json()) as { data: { id: string }[] };
      const [first] = data;
      if (!first) throw new Error('no model yet');
      return first.id;
    });
    const body = { model, max_tokens: 24, messages: [{ role: 'user', content: 'Say hello in one sentence.' }] };

    const plain = (await (await gateway.chat(body)).json()) as {
      choices: { message: { content: string } }[];
      usage: { completion_tokens: number };
    };
    expect(plain.choices[0]?.message.content).not.toBe('');
    expect(plain.usage.completion_tokens).toBeGreaterThan(0);

    const { text, chunks, events } = await readStream(
      await gateway.chat({ ...body, stream: true, stream_options: { include_usage: true } }),
    );
    expect(text).not.toBe('');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cost: 0 } });
    expect(events.at(-1)).toBe('[DONE]');
    process.stderr.write(`${model}: ${JSON.stringify(text)} ${JSON.stringify(chunks.at(-1)?.usage)}\n`);
    await gateway.stop();
  });
});
