import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const LISTEN = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
    console.log(server.address().port));
`;

/**
 * An address where connecting neither succeeds nor fails: a process that stopped, and whose queue of connections the
 * system has filled.
 */
export async function startDeafServer(): Promise<{ readonly url: string; close(): void }> {
  const process = spawn(globalThis.process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(process.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  process.kill('SIGSTOP');
  const queue = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      for (const socket of queue) socket.destroy();
      process.kill('SIGKILL');
    },
  };
}
