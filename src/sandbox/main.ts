import { parseArgs } from 'node:util';
import { parseBehaviourHeader } from './behaviour.js';
import { findModel, type ModelAliases } from './models.js';
import { startSandbox } from './sandbox.js';

/** `npm run sandbox -- --port 8001`: the simulated provider by itself. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8001' },
      'api-key': { type: 'string' },
      alias: { type: 'string', multiple: true, default: [] },
      behaviour: { type: 'string', default: '' },
      record: { type: 'boolean', default: true },
      'with-parent': { type: 'boolean', default: false },
    },
  });
  const { host, port, record } = values;
  const sandbox = await startSandbox({
    host,
    port: Number(port),
    apiKey: values['api-key'],
    aliases: Object.fromEntries(values.alias.map(readAlias)),
    behaviour: parseBehaviourHeader(values.behaviour),
    record,
  });
  process.stdout.write(`The simulated provider listens on ${sandbox.url}\n${exampleFor(sandbox.url)}\n`);

  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (values['with-parent']) stopWithParent(stop);
}

/** `claude-haiku-4-5=echo-1`: another name of a model. */
function readAlias(text: string): [alias: string, model: ModelAliases[string]] {
  const [alias = '', id] = text.split('=');
  const model = findModel(id);
  if (!model) throw new Error(`--alias ${text}: there is no model ${id ?? ''}.`);
  return [alias, model.id];
}

/** A parent that is killed cannot say goodbye; its end of the pipe or of the IPC channel closes all the same. */
function stopWithParent(stop: () => void): void {
  process.once('disconnect', stop);
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.once('error', stop);
  process.stdin.resume();
}

function exampleFor(url: string): string {
  const body = JSON.stringify({ model: 'echo-1', messages: [{ role: 'user', content: 'Hello' }] });
  return `Try: curl -s ${url}/chat/completions -H 'content-type: application/json' -d '${body}'`;
}

await main();
