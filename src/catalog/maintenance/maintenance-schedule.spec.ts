import { MaintenanceSchedule } from './maintenance-schedule.js';
import { nameOf, type MaintenanceWindow } from './maintenance-window.js';

const NOW = 1_000_000;

function window(changes: Partial<MaintenanceWindow>): MaintenanceWindow {
  return { providerId: undefined, modelId: undefined, from: NOW - 1, until: NOW + 1_000, reason: '', ...changes };
}

describe('the plan of maintenance', () => {
  it.each([
    [{ providerId: 'groq' }, ['groq a', 'groq b']],
    [{ modelId: 'a' }, ['groq a', 'openai a']],
    [{ providerId: 'groq', modelId: 'a' }, ['groq a']],
  ])('of %j covers %j', (scope, covered) => {
    const schedule = new MaintenanceSchedule([window(scope)]);
    const offers = ['groq a', 'groq b', 'openai a', 'openai b'];
    const found = offers.filter((offer) => {
      const [providerId = '', modelId = ''] = offer.split(' ');
      return schedule.at(providerId, modelId, NOW) !== undefined;
    });
    expect(found).toEqual(covered);
  });

  it('begins and ends when it was said, or does not end', () => {
    const limited = new MaintenanceSchedule([window({ modelId: 'a', from: NOW, until: NOW + 10 })]);
    const isCovered = (now: number) => limited.at('groq', 'a', now) !== undefined;
    expect([NOW - 1, NOW, NOW + 9, NOW + 10].map(isCovered)).toEqual([false, true, true, false]);
    const endless = new MaintenanceSchedule([window({ modelId: 'a', until: undefined })]);
    expect(endless.at('groq', 'a', NOW * 1e6)).toBeDefined();
  });

  it('heeds a narrow one while a wide one is still to come', () => {
    const schedule = new MaintenanceSchedule([
      window({ providerId: 'groq', from: NOW + 1 }),
      window({ providerId: 'groq', modelId: 'a', reason: 'new weights' }),
    ]);
    expect(schedule.at('groq', 'a', NOW)?.reason).toBe('new weights');
  });

  it('shows what is not over, the first to begin first, by the names that administrators use', () => {
    const schedule = new MaintenanceSchedule([
      window({ providerId: 'groq', from: NOW + 5 }),
      window({ providerId: 'groq', modelId: 'a', from: NOW }),
      window({ modelId: 'b', until: NOW }),
    ]);
    expect(schedule.ahead(NOW).map(nameOf)).toEqual(['groq:a', 'groq']);
    expect(schedule.named('groq:a')).toMatchObject({ providerId: 'groq', modelId: 'a' });
    expect(schedule.named('groq:b')).toBeUndefined();
  });
});
