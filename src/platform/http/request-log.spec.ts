import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { LogDestination } from '../logging/log-destination.js';
import { RequestLog } from './request-log.js';

const FACTS = {
  request_id: 'req_1',
  path: '/v1/models',
  status: 200,
  ms: 1.5,
  model: 'größtes "Modell"\n',
  stream: null,
};

describe('the line of a request', () => {
  const linesOf = async (write: (destination: LogDestination) => void): Promise<unknown[]> => {
    const file = join(mkdtempSync(join(tmpdir(), 'gatewayz-log-')), 'log');
    const destination = new LogDestination(1_000_000, openSync(file, 'w'));
    write(destination);
    await destination.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => ({ ...(JSON.parse(line) as object), time: 0 }));
  };

  it('is the one that pino would write', async () => {
    const ours = await linesOf((destination) => {
      new RequestLog({ LOG_LEVEL: 'info' }, destination).write(FACTS);
    });
    const pinos = await linesOf((destination) => {
      pino({ level: 'info' }, destination).info(FACTS, 'request');
    });
    expect(ours).toEqual(pinos);
    expect(ours).toMatchObject([{ level: 30, pid: process.pid, hostname: hostname(), ...FACTS, msg: 'request' }]);
  });

  it.each(['warn', 'silent'] as const)('is left out at %s', async (level) => {
    expect(
      await linesOf((destination) => {
        new RequestLog({ LOG_LEVEL: level }, destination).write(FACTS);
      }),
    ).toEqual([]);
  });
});
