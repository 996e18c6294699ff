import { validateSync } from 'class-validator';
import { toQuestion, UsageQuery } from './usage.query.js';

const NOW = Date.parse('2026-03-31T12:00:30.500Z');

const queryOf = (given: object) => Object.assign(new UsageQuery(), given);

function ask(given: object) {
  const { from, to, ...rest } = toQuestion(queryOf(given), NOW);
  return { from: from.toISOString(), to: to.toISOString(), ...rest };
}

describe('a question about usage', () => {
  it('is about the last 30 days by day when it says nothing, and about one day by hour', () => {
    expect(ask({})).toEqual({
      from: '2026-03-01T12:01:00.000Z',
      to: '2026-03-31T12:01:00.000Z',
      groupBy: 'day',
      userId: undefined,
    });
    expect(ask({ group_by: 'hour' })).toMatchObject({ from: '2026-03-30T12:01:00.000Z', groupBy: 'hour' });
  });

  it('is about whole minutes: all of those that it touches', () => {
    const query = { from: '2026-03-05T10:00:59.999Z', to: '2026-03-05T12:00:00.001+01:00' };
    expect(ask(query)).toMatchObject({ from: '2026-03-05T10:00:00.000Z', to: '2026-03-05T11:01:00.000Z' });
    expect(ask({ from: '2026-03-05', to: '2026-03-06' })).toMatchObject({
      from: '2026-03-05T00:00:00.000Z',
      to: '2026-03-06T00:00:00.000Z',
    });
  });

  it.each([
    [{ from: '2026-03-05', to: '2026-03-05' }, 'from must be before to.'],
    [{ from: '2026-03-06', to: '2026-03-05' }, 'from must be before to.'],
    [{ from: '2025-02-01', to: '2026-03-31' }, 'By day, at most 400 days can be shown.'],
    [{ from: '2026-02-01', to: '2026-03-31', group_by: 'hour' }, 'By hour, at most 31 days can be shown.'],
  ])('%j is refused', (query, message) => {
    expect(() => ask(query)).toThrow(message);
  });

  it.each([
    { from: 'yesterday' },
    { from: '2026-03-05T10:00' },
    { to: '0000-01-01' },
    { to: '9999-12-31T23:59-14:00' },
    { group_by: 'colour' },
    { user_id: 'me' },
    { format: 'xml' },
  ])('%j is not understood', (given) => {
    expect(validateSync(queryOf(given)).map(({ property }) => property)).toEqual(Object.keys(given));
  });
});
