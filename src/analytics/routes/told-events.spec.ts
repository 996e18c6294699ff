import { checkEvents, eventsIn } from './told-events.js';

const NOW = Date.parse('2026-03-31T12:00:00Z');
const DAY_MS = 86_400_000;
const GOOD = { name: 'page.viewed' };

const ago = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
const nested = (levels: number): object => (levels === 1 ? {} : { deeper: nested(levels - 1) });

/** What is wrong with an event; undefined when nothing is. */
async function faultOf(event: unknown): Promise<string | undefined> {
  const { rejected } = await checkEvents([event], NOW);
  return rejected[0]?.message;
}

describe('events that a caller tells', () => {
  it('come alone, as an array, or as `events`', () => {
    expect(eventsIn(GOOD)).toEqual([GOOD]);
    expect(eventsIn([GOOD, GOOD])).toEqual([GOOD, GOOD]);
    expect(eventsIn({ events: [GOOD, 7] })).toEqual([GOOD, 7]);
  });

  it.each([[[]], [{ events: [] }], [Array.from({ length: 10_001 }, () => GOOD)]])('are 1 to 10,000', (body) => {
    expect(() => eventsIn(body)).toThrow('Send 1 to 10000 events.');
  });

  it('keep what they say, and are given what they leave out', async () => {
    const told = { id: 'e-1', name: 'Order:Paid', timestamp: ago(1), properties: { items: [{ n: 1 }] }, colour: 'red' };
    const { events, rejected } = await checkEvents([told, GOOD, { ...GOOD, id: null, properties: null }], NOW);
    expect(rejected).toEqual([]);
    expect(events[0]).toEqual({ id: 'e-1', name: 'Order:Paid', properties: { items: [{ n: 1 }] }, at: NOW - DAY_MS });
    expect(events[1]).toMatchObject({ name: 'page.viewed', properties: {}, at: NOW });
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('are taken or refused one by one, and named by their place', async () => {
    const told = Array.from({ length: 450 }, (_, index) => (index % 200 === 199 ? { name: '' } : GOOD));
    const { events, rejected } = await checkEvents(told, NOW);
    expect(events).toHaveLength(448);
    expect(rejected.map(({ index }) => index)).toEqual([199, 399]);
  });

  it('let others have their turn while there are many', async () => {
    let turns = 0;
    const clock = setInterval(() => (turns += 1), 1);
    await checkEvents(
      Array.from({ length: 10_000 }, () => ({ ...GOOD, properties: nested(8) })),
      NOW,
    );
    clearInterval(clock);
    expect(turns).toBeGreaterThan(5);
  });

  it.each([
    [7, 'An event must be an object.'],
    [[GOOD], 'An event must be an object.'],
    [{}, 'name must be'],
    [{ name: '9lives' }, 'name must be'],
    [{ name: 'x'.repeat(101) }, 'name must be'],
    [{ ...GOOD, id: '' }, 'id must be'],
    [{ ...GOOD, id: 'a b' }, 'id must be'],
    [{ ...GOOD, id: 'x'.repeat(129) }, 'id must be'],
    [{ ...GOOD, timestamp: 'noon' }, 'timestamp must be a date'],
    [{ ...GOOD, timestamp: NOW }, 'timestamp must be a date'],
    [{ ...GOOD, timestamp: ago(30.01) }, 'timestamp must not be older'],
    [{ ...GOOD, timestamp: ago(-1.01) }, 'timestamp must not be more than a day ahead'],
    [{ ...GOOD, properties: ['a'] }, 'properties must be an object'],
    [{ ...GOOD, properties: { text: 'x'.repeat(8_200) } }, 'properties must be an object'],
    [{ ...GOOD, properties: nested(9) }, 'properties must be an object'],
  ])('%j is refused', async (event, message) => {
    expect(await faultOf(event)).toContain(message);
  });

  it.each([
    { name: 'x'.repeat(100), id: '~'.repeat(128) },
    { ...GOOD, timestamp: ago(29.99) },
    { ...GOOD, timestamp: ago(-0.99) },
    { ...GOOD, properties: nested(8) },
    { ...GOOD, properties: { text: 'x'.repeat(8_100) } },
  ])('%j is taken', async (event) => {
    expect(await faultOf(event)).toBeUndefined();
  });

  it('are refused for their depth, not for the stack that it takes to see it', async () => {
    const deep: unknown = JSON.parse('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000));
    expect(await faultOf({ ...GOOD, properties: deep })).toContain('8 levels');
  });
});
