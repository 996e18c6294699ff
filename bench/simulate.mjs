import { parseArgs } from 'node:util';
import { EventQueue, randomFrom } from './simulation/events.mjs';
import { ListGateway, PlanningGateway } from './simulation/gateway.mjs';
import { SCENARIOS } from './simulation/scenarios.mjs';
import { World } from './simulation/world.mjs';

/** How long the news of a breaker is on its way through Redis. */
const NEWS_MS = 50;
const KINDS = { list: ListGateway, gatewayz: PlanningGateway };

const { values } = parseArgs({
  options: {
    gateways: { type: 'string', default: '1000' },
    providers: { type: 'string', default: '50' },
    models: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '300' },
    rate: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    scenarios: { type: 'string' },
  },
});
const size = Object.fromEntries(
  ['gateways', 'providers', 'models', 'seconds', 'rate', 'seed'].map((name) => [name, Number(values[name])]),
);
const wrong = Object.entries(size).find(([, value]) => !(value > 0));
if (wrong) throw new Error(`--${wrong[0]} must be a number above 0.`);
const names = values.scenarios?.split(',') ?? Object.keys(SCENARIOS);
const unknown = names.filter((name) => !SCENARIOS[name]);
if (unknown.length > 0)
  throw new Error(`Unknown: ${unknown.join(', ')}. Scenarios are ${Object.keys(SCENARIOS).join(', ')}.`);

process.stdout.write(
  `${size.gateways} gateways, ${size.providers} providers, ${size.models} models, ${size.rate} requests/s each ` +
    `for ${size.seconds} s of virtual time, seed ${size.seed}\n\n` +
    '| scenario | gateway | answered | of answerable | p50 ms | p99 ms | cost of oracle | attempts per request |\n' +
    '|---|---|---|---|---|---|---|---|\n',
);
for (const name of names) for (const kind of Object.keys(KINDS)) process.stdout.write(`${row(name, kind)}\n`);

/** One scenario with one kind of gateway. The same seed gives the same world, whatever the gateways do with it. */
function row(name, kind) {
  const queue = new EventQueue();
  const world = new World({ ...size, random: randomFrom(size.seed) });
  // What gateways draw must not change what happens to them.
  const arrivals = randomFrom(size.seed + 1);
  world.random = randomFrom(size.seed + 2);
  const endMs = size.seconds * 1000;
  for (const [share, happen] of SCENARIOS[name](world)) queue.at(share * endMs, happen);
  const gateways = [];
  const tellOthers = (from, tell) =>
    queue.at(queue.now + NEWS_MS, () => {
      for (const gateway of gateways) if (gateway !== from) tell(gateway);
    });
  for (let count = 0; count < size.gateways; count += 1) gateways.push(new KINDS[kind]({ world, queue, tellOthers }));
  const tally = { requests: 0, answerable: 0, kept: 0, answered: 0, attempts: 0, cost: 0, oracle: 0, waits: [] };
  for (const gateway of gateways) arrive({ gateway, world, queue, arrivals, endMs, tally });
  queue.runAll();
  return describe(name, kind, tally);
}

/** A gateway's requests, at random moments. */
function arrive({ gateway, world, queue, arrivals, endMs, tally }) {
  const next = () => {
    const at = queue.now + (-Math.log(1 - arrivals()) / size.rate) * 1000;
    if (at > endMs) return;
    queue.at(at, () => {
      ask({ gateway, world, queue, tally, model: world.models[Math.floor(arrivals() * world.models.length)] });
      next();
    });
  };
  next();
}

function ask({ gateway, world, queue, tally, model }) {
  const startedAt = queue.now;
  const [best] = world.answering(model);
  tally.requests += 1;
  if (best) tally.answerable += 1;
  gateway.serve(model, (offer, attempts) => {
    tally.attempts += attempts;
    if (!offer) return;
    tally.answered += 1;
    tally.waits.push(queue.now - startedAt);
    if (!best) return;
    tally.kept += 1;
    tally.cost += offer.dollars;
    tally.oracle += best.dollars;
  });
}

function describe(name, kind, { requests, answerable, kept, answered, attempts, cost, oracle, waits }) {
  waits.sort((a, b) => a - b);
  const at = (share) => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
  const percent = (part, whole) => `${((100 * part) / whole).toFixed(2)} %`;
  const cells = [
    name,
    kind,
    percent(answered, requests),
    percent(kept, answerable),
    at(0.5),
    at(0.99),
    `${(cost / oracle).toFixed(2)}x`,
    (attempts / requests).toFixed(3),
  ];
  return `| ${cells.join(' | ')} |`;
}
