import { failedChoice, withRegularChoices } from './regular-choices.js';

const chunk = (delta: object, reason: string | null = null) => ({
  id: 'c',
  choices: [{ index: 0, delta, finish_reason: reason }],
});

describe('choices that are not quite those of OpenAI', () => {
  it('are left alone when there is nothing to change', () => {
    const regular = chunk({ content: 'Hi' }, 'stop');
    expect(withRegularChoices(regular)).toBe(regular);
    const without = { choices: null };
    expect(withRegularChoices(without)).toBe(without);
  });

  it.each([
    ['model_length', 'length'],
    ['eos', 'stop'],
  ])('end for %s: %s', (given, reason) => {
    expect(withRegularChoices(chunk({}, given))).toEqual(chunk({}, reason));
  });

  it('say in a text what came in parts, and think apart', () => {
    const content = [
      {
        type: 'thinking',
        thinking: [
          { type: 'text', text: 'Hm, ' },
          { type: 'text', text: 'well.' },
        ],
      },
      { type: 'text', text: 'Yes' },
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: '!' },
    ];
    expect(withRegularChoices(chunk({ role: 'assistant', content }))).toEqual(
      chunk({ role: 'assistant', content: 'Yes!', reasoning_content: 'Hm, well.' }),
    );
    expect(withRegularChoices({ choices: [{ message: { content: [] } }] })).toEqual({
      choices: [{ message: { content: '' } }],
    });
  });

  it.each(['error', 'insufficient_system_resource'])('fail for %s', (reason) => {
    expect(failedChoice(chunk({}, reason))).toMatchObject({ code: reason });
    expect(failedChoice(chunk({}, 'stop'))).toBeUndefined();
  });
});
