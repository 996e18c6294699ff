import { parseBehaviour, parseBehaviourHeader, parseSchedule } from './behaviour.js';
import { Refusal } from './refusal.js';

describe('a behaviour', () => {
  it('is read from a header', () => {
    expect(parseBehaviourHeader(' fault=stall; after=3 ;pace_ms=5;')).toEqual({ fault: 'stall', after: 3, pace_ms: 5 });
  });

  it.each([
    ['an unknown setting', { speed: 3 }],
    ['an unknown fault', { fault: 'explode' }],
    ['a negative number', { after: -1 }],
    ['text where a number belongs', { after: '1' }],
    ['something else', 'fault=cut'],
  ])('is refused when it has %s', (_what, value) => {
    expect(() => parseBehaviour(value)).toThrow(Refusal);
  });

  it('is scheduled only in an array', () => {
    expect(parseSchedule([{}, { fault: 'cut' }])).toHaveLength(2);
    expect(() => parseSchedule({})).toThrow(Refusal);
  });
});
