import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Connection } from './connection.mjs';
import { SCENARIOS, requestBytes } from './scenarios.mjs';
import { Tally } from './tally.mjs';

const STRAGGLERS_MS = 10_000;

/**
 * One pass of load. Without a rate, every connection sends its next request when its reply is complete; with one,
 * requests leave at that rate whatever the target does, and those that find no free connection wait, measured.
 */
async function pass({ url, scenario, model, headers, connections, seconds, rate }) {
  const { hostname, port } = new URL(url);
  const bytes = requestBytes({ url, scenario, model, headers });
  const { isStream } = SCENARIOS[scenario];
  const open = Array.from(
    { length: connections },
    () => new Connection({ host: hostname, port: Number(port), isStream }),
  );
  await Promise.all(open.map((connection) => connection.open()));
  const tally = new Tally();
  const run = rate ? atRate : atFullSpeed;
  await run({ open, bytes, seconds, rate, tally });
  for (const connection of open) connection.close();
  return tally.summarise(seconds);
}

async function atFullSpeed({ open, bytes, seconds, tally }) {
  const end = performance.now() + seconds * 1000;
  await settled(open, tally, (connection, finished) => {
    const next = (outcome) => {
      const isInTime = performance.now() < end;
      if (outcome) tally.add(outcome, isInTime);
      if (isInTime) connection.send(bytes, next);
      else finished();
    };
    next();
  });
}

/** Resolves when every connection has finished; a reply that does not come in a reasonable time is an error. */
async function settled(open, tally, start) {
  const all = Promise.all(open.map((connection) => new Promise((resolve) => start(connection, resolve))));
  const watch = setInterval(() => {
    for (const connection of open) {
      if (!connection.isIdle && performance.now() - connection.sentAt > STRAGGLERS_MS) connection.socket?.destroy();
    }
  }, 500);
  await all;
  clearInterval(watch);
}

async function atRate({ open, bytes, seconds, rate, tally }) {
  const waiting = [];
  let [left, closing] = [Math.round(rate * seconds), () => undefined];
  const closed = new Promise((resolve) => (closing = resolve));
  const dispatch = (connection, dueAt) => {
    connection.send(bytes, (outcome) => {
      const late = connection.sentAt - dueAt;
      tally.add(
        outcome.error ? outcome : { latency: outcome.latency + late, firstByte: outcome.firstByte + late },
        true,
      );
      left -= 1;
      const next = waiting.shift();
      if (next !== undefined) setImmediate(dispatch, connection, next);
      if (left === 0) closing();
    });
  };
  const startedAt = performance.now();
  for (let number = 0; number < rate * seconds; number++) {
    const delay = startedAt + (number * 1000) / rate - performance.now();
    if (delay > 0.5) await sleep(delay);
    const free = open.find((connection) => connection.isIdle);
    if (free) dispatch(free, performance.now());
    else waiting.push(performance.now());
  }
  await Promise.race([closed, sleep(STRAGGLERS_MS, undefined, { ref: false })]);
  if (left > 0) tally.add({ error: `${left} requests without a reply` }, false);
}

/** By itself: `node bench/load.mjs --url http://127.0.0.1:8001/v1/chat/completions --key … --seconds 3`. */
async function fromCommandLine() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      scenario: { type: 'string', default: 'short' },
      model: { type: 'string', default: 'tiny-1' },
      key: { type: 'string', default: 'none' },
      connections: { type: 'string', default: '16' },
      seconds: { type: 'string', default: '3' },
      rate: { type: 'string', default: '0' },
    },
  });
  const numbers = {
    connections: Number(values.connections),
    seconds: Number(values.seconds),
    rate: Number(values.rate),
  };
  const result = await pass({ ...values, ...numbers, headers: { authorization: `Bearer ${values.key}` } });
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
}

if (process.send) {
  process.on('disconnect', () => process.exit());
  process.on('message', async (order) => {
    const answer = await pass(order).catch((error) => ({ failure: String(error) }));
    process.send(answer);
  });
} else {
  await fromCommandLine();
}
