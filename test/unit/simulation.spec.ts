import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const NODE = join(process.cwd(), 'node_modules', '.bin', 'node');

interface Row {
  readonly kept: number;
  readonly p99Ms: number;
  readonly attempts: number;
}

/** A small world, some minutes of which pass in seconds. */
function simulate(scenario: string, seed = 1): Readonly<Record<string, Row>> {
  const options = ['--gateways', '20', '--providers', '20', '--models', '5', '--rate', '5', '--seconds', '120'];
  const argv = ['bench/simulate.mjs', ...options, '--seed', String(seed), '--scenarios', scenario];
  const output = execFileSync(NODE, argv, { encoding: 'utf8' });
  const rows = output.split('\n').filter((line) => line.startsWith(`| ${scenario} |`));
  return Object.fromEntries(
    rows.map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const [, , kind = '', , kept, , p99Ms, , attempts] = cells;
      return [kind, { kept: Number.parseFloat(kept ?? ''), p99Ms: Number(p99Ms), attempts: Number(attempts) }];
    }),
  );
}

describe('the simulation of many gateways', () => {
  it('says the same for the same seed', () => {
    expect(simulate('everything at once')).toEqual(simulate('everything at once'));
  });

  it.each(['nothing happens', 'a fifth refuses', 'a fifth is slow and fails', 'everything at once'])(
    'answers what can be answered when %s, with few attempts too many',
    (scenario) => {
      const { gatewayz } = simulate(scenario);
      expect(gatewayz?.kept).toBeGreaterThan(99.9);
      expect(gatewayz?.attempts).toBeLessThan(1.06);
    },
  );

  it('makes no storm when all providers are down', () => {
    const { gatewayz, list } = simulate('all refuse for a while');
    expect(list?.attempts).toBeGreaterThan(1.5);
    expect(gatewayz?.attempts).toBeLessThan(1.2);
    expect(gatewayz?.kept).toBeGreaterThan(99);
  });

  it('finds silent providers out long before their deadlines', () => {
    const { gatewayz, list } = simulate('a fifth is silent');
    expect(list?.p99Ms).toBeGreaterThan(20_000);
    expect(gatewayz?.p99Ms).toBeLessThan(5_000);
  });
});
