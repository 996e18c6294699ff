import * as fc from 'fast-check';
import { aCaller } from '../../../test/support/caller.js';
import type { Lease } from '../admission/admission-request.js';
import { budgetWindows } from '../admission/budget-windows.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import type { UsageJournal } from '../persistence/usage-journal.js';
import { LocalBooks } from './local-books.js';

/** What happens to an account: a call begins, grows, ends or is dropped, the database debits, somebody adds credits. */
type Step =
  | { readonly kind: 'admit'; readonly output: number; readonly inputCost: number }
  | { readonly kind: 'grow'; readonly which: number; readonly output: number }
  | { readonly kind: 'settle'; readonly which: number; readonly cost: number }
  | { readonly kind: 'drop'; readonly which: number }
  | { readonly kind: 'debit' }
  | { readonly kind: 'credit'; readonly amount: number };

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('admit' as const), output: fc.nat(500), inputCost: fc.nat(50) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('grow' as const), which: fc.nat(9), output: fc.nat(900) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(9), cost: fc.nat(900) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('debit' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('credit' as const), amount: fc.nat(500) }) },
  ),
  { maxLength: 60 },
);

/** The database and the journal of one user, as plainly as can be. */
class Ledger {
  credited = 1_000n;
  debited = 0n;
  readonly journal: bigint[] = [];

  append(line: string): Promise<void> {
    const { credits_used: credits } = JSON.parse(line) as { credits_used: string };
    this.journal.push(parseDollars(credits));
    return Promise.resolve();
  }
}

const CALLER = aCaller();

/** One run through a series of steps. */
class Play {
  readonly ledger = new Ledger();
  readonly books = new LocalBooks(this.ledger as unknown as UsageJournal);
  readonly open: Lease[] = [];
  private calls = 0;

  constructor() {
    const windows = budgetWindows(Date.now());
    this.books.open({ ...totals(this.ledger), apiKeyId: 'key', creditLine: 0n, spent: NOTHING, windows });
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'admit') this.admit(step.output, step.inputCost);
    else if (step.kind === 'debit') this.debit();
    else if (step.kind === 'credit') this.credit(step.amount);
    else await this.go(step);
  }

  private admit(outputTokens: number, inputCost: number): void {
    const decision = this.books.admit({
      requestId: `r${(this.calls += 1)}`,
      caller: CALLER,
      inputTokens: 1,
      outputTokens,
      isOpenEnded: true,
      inputCost: BigInt(inputCost),
      outputPrice: 1_000n,
    });
    if (decision && 'lease' in decision) this.open.push(decision.lease);
  }

  /** Something happens to a call that is open. */
  private async go(step: Extract<Step, { which: number }>): Promise<void> {
    const at = step.which % Math.max(this.open.length, 1);
    const lease = this.open[at];
    if (!lease) return;
    if (step.kind === 'grow') {
      if (step.output > lease.outputTokens) this.books.grow(lease, step.output);
      return;
    }
    this.open.splice(at, 1);
    if (step.kind === 'drop') this.books.drop(lease);
    else await this.books.settle(lease, { tokens: 1, credits: BigInt(step.cost) }, '{"id":"x"}');
  }

  private debit(): void {
    const amount = sum(this.ledger.journal.splice(0));
    this.ledger.debited += amount;
    this.books.hear(totals(this.ledger), amount);
  }

  private credit(amount: number): void {
    this.ledger.credited += BigInt(amount);
    this.books.hear(totals(this.ledger), 0n);
  }
}

async function play(steps: readonly Step[]): Promise<void> {
  const run = new Play();
  for (const step of steps) {
    await run.take(step);
    check(run);
  }
  run.books.onModuleDestroy();
}

/** Held is what open calls hold, unsettled what the journal holds, and all together never more than was credited. */
function check({ books, ledger, open }: Play): void {
  const { held, unsettled } = books.standing('user');
  expect(held).toBe(sum(open.map((lease) => lease.hold)));
  expect(unsettled).toBe(sum(ledger.journal));
  expect(held + unsettled + ledger.debited <= ledger.credited).toBe(true);
}

const NOTHING = { day: 0n, week: 0n, month: 0n, total: 0n };
const totals = ({ credited, debited }: Ledger) => ({ userId: 'user', credited, debited });
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe('the ledger', () => {
  it('is never overdrawn by holds, charges and debits together, whatever happens in whatever order', async () => {
    await fc.assert(fc.asyncProperty(STEPS, play), { numRuns: 300 });
  });
});
