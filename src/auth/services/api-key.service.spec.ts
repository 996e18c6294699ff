import { Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import type { FoundApiKeyRow } from '../../platform/database/database-rows.js';
import { createApiKey } from '../api-key-format.js';
import { ApiKeyService } from './api-key.service.js';
import { PepperService } from './pepper.service.js';

const KEY = createApiKey('live');
const SECOND = 1_000;

/** A database that answers when it is told to. */
class SlowDatabase {
  private readonly asked: PromiseWithResolvers<FoundApiKeyRow>[] = [];

  get questions(): number {
    return this.asked.length;
  }

  findByHash(): Promise<FoundApiKeyRow> {
    const question = Promise.withResolvers<FoundApiKeyRow>();
    this.asked.push(question);
    return question.promise;
  }

  async answer(row: Partial<FoundApiKeyRow>): Promise<void> {
    this.asked.at(-1)?.resolve({ id: 'key', user_id: 'user', scopes: [], ...row } as FoundApiKeyRow);
    await settled();
  }

  async fail(): Promise<void> {
    this.asked.at(-1)?.reject(new DatabaseUnavailableError());
    await settled();
  }
}

/** What waits for an answer has had its turn. */
async function settled(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

describe('who presents a key', () => {
  let database: SlowDatabase;
  let keys: ApiKeyService;

  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
    database = new SlowDatabase();
    keys = new ApiKeyService(
      { AUTH_STALE_MS: 300 * SECOND } as never,
      database as never,
      { hearsChanges: true, find: () => Promise.resolve(undefined), keep: () => Promise.resolve() } as never,
      new PepperService({ API_KEY_PEPPER: 'pepper' } as never, {} as never),
      { enrol: () => ({ count: () => undefined }) } as never,
    );
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Presented for the first time, and known from then on. */
  const makeKnown = async () => {
    const first = keys.authenticate(KEY);
    await settled();
    await database.answer({ active: true });
    await first;
  };

  it('is known at once after the first time', async () => {
    await makeKnown();
    expect(keys.authenticate(KEY)).toMatchObject({ apiKeyId: 'key' });
    expect(database.questions).toBe(1);
  });

  it('is looked up again beside calls before the time is up, and once', async () => {
    await makeKnown();
    jest.advanceTimersByTime(16 * SECOND);
    expect(keys.authenticate(KEY)).toMatchObject({ apiKeyId: 'key' });
    expect(keys.authenticate(KEY)).toMatchObject({ apiKeyId: 'key' });
    await settled();
    expect(database.questions).toBe(2);
    await database.answer({ active: true });

    // 32 seconds after the first look.
    jest.advanceTimersByTime(16 * SECOND);
    expect(keys.authenticate(KEY)).toMatchObject({ apiKeyId: 'key' });
  });

  it('is refused as soon as that look finds the key revoked', async () => {
    await makeKnown();
    jest.advanceTimersByTime(16 * SECOND);
    void keys.authenticate(KEY);
    await settled();
    await database.answer({ active: false });
    expect(() => keys.authenticate(KEY)).toThrow('revoked');
  });

  it('waits for the database where nobody called before the time was up', async () => {
    await makeKnown();
    jest.advanceTimersByTime(31 * SECOND);
    const caller = keys.authenticate(KEY);
    await settled();
    expect(database.questions).toBe(2);
    await database.answer({ active: true });
    await expect(caller).resolves.toMatchObject({ apiKeyId: 'key' });
  });

  it('stays known while the database cannot be asked again', async () => {
    await makeKnown();
    jest.advanceTimersByTime(16 * SECOND);
    void keys.authenticate(KEY);
    await settled();
    await database.fail();
    expect(keys.authenticate(KEY)).toMatchObject({ apiKeyId: 'key' });
    expect(database.questions).toBe(2);
  });
});
