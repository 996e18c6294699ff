import { randomUUID } from 'node:crypto';
import { ChatHistoryRepository } from '../../../src/chat/persistence/chat-history.repository.js';
import type { DatabaseApplication } from '../../support/database.js';
import { describeStored } from '../../support/stored.js';

const DAY_MS = 86_400_000;

describeStored('chat history', (store) => {
  let database: DatabaseApplication;
  let history: ChatHistoryRepository;

  beforeAll(() => {
    ({ database } = store);
    history = new ChatHistoryRepository(database.service);
  });

  async function newUser(): Promise<string> {
    const [user] = await database.service.query({ table: 'users', operation: 'insert' }, (client) =>
      client
        .from('users')
        .insert({ email: `${randomUUID()}@example.com` })
        .select('id'),
    );
    return user?.id ?? '';
  }

  const line = (userId: string, more: object = {}) =>
    JSON.stringify({
      request_id: randomUUID(),
      user_id: userId,
      conversation_id: 'c',
      api_key_id: randomUUID(),
      model_id: 'm',
      messages: [{ role: 'user', content: 'Grüße 👋' }],
      tokens_used: 3_000_000_000,
      created_at: new Date().toISOString(),
      ...more,
    });

  it('keeps an exchange once, and gives back what it was given', async () => {
    const userId = await newUser();
    const entry = line(userId);
    await history.keep([entry, line(userId, { conversation_id: 'other', created_at: '2026-01-01T00:00:00Z' })]);
    await history.keep([entry]);
    const [newest, oldest] = await history.conversations(userId, 10);
    expect(newest).toMatchObject({ id: 'c', modelId: 'm', requests: 1, tokensUsed: 3_000_000_000 });
    expect(oldest?.id).toBe('other');
    const position = { time: newest?.updatedAt ?? '', id: 'c' };
    expect(await history.conversations(userId, 10, position)).toEqual([oldest]);
    const [turn] = await history.turns({ userId, conversationId: 'c' }, 10);
    expect(turn).toMatchObject({ messages: [{ role: 'user', content: 'Grüße 👋' }], tokensUsed: 3_000_000_000 });
    expect(Date.parse(turn?.createdAt ?? '')).not.toBeNaN();
    const behind = { time: turn?.createdAt ?? '', id: turn?.requestId ?? '' };
    expect(await history.turns({ userId, conversationId: 'c' }, 10, behind)).toEqual([]);
  });

  it('forgets one conversation, or all, of one user', async () => {
    const [userId, other] = [await newUser(), await newUser()];
    const conversations = ['a', 'a', 'b', 'c'].map((id) => line(userId, { conversation_id: id }));
    await history.keep([...conversations, line(other)]);
    expect(await history.forget(userId, 'a')).toBe(2);
    expect(await history.forget(userId, 'none')).toBe(0);
    expect(await history.forget(userId)).toBe(2);
    expect(await history.conversations(other, 10)).toHaveLength(1);
  });

  it('goes with its user', async () => {
    const userId = await newUser();
    await history.keep([line(userId)]);
    await database.service.query({ table: 'users', operation: 'delete' }, (client) =>
      client.from('users').delete().eq('id', userId).select('id'),
    );
    expect(await history.conversations(userId, 10)).toEqual([]);
  });

  it('is forgotten after 90 days, and not before', async () => {
    const userId = await newUser();
    const aged = (days: number, id: string) =>
      line(userId, { conversation_id: id, created_at: new Date(Date.now() - days * DAY_MS).toISOString() });
    await history.keep([aged(91, 'old'), aged(89, 'young')]);
    expect(await history.applyRetention()).toBeGreaterThanOrEqual(1);
    expect((await history.conversations(userId, 10)).map(({ id }) => id)).toEqual(['young']);
  });
});
