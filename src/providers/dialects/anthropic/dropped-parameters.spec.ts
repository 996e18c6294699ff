import type { JsonObject } from '../../../platform/json/json-document.js';
import { anthropicDialect } from './anthropic-dialect.js';

describe('what Anthropic would not get of a request', () => {
  it.each<[string, JsonObject, string[]]>([
    ['nothing of what it has words for', { tools: [], stop: 'x', response_format: {}, max_tokens: 1, top_k: 1 }, []],
    ['nothing of what is for the gateway', { models: [], user: 'u', metadata: {}, store: true, plugins: [] }, []],
    [
      'what it has no word for',
      { seed: 1, logit_bias: {}, made_up: 1, 'no\nname': 1 },
      ['seed', 'logit_bias', 'made_up'],
    ],
    ['not what is null, or the usual', { seed: null, n: 1, logprobs: false, frequency_penalty: 0 }, []],
    ['what has another price', { speed: 'fast', fallbacks: 'default' }, ['speed', 'fallbacks']],
    ['several choices', { n: 2 }, ['n']],
    ['one of two ways to sample', { temperature: 1, top_p: 0.5 }, ['top_p']],
    ['sampling beside thinking', { temperature: 1, top_k: 2, reasoning_effort: 'low' }, ['temperature', 'top_k']],
    [
      'thinking before a demanded tool',
      { reasoning: {}, reasoning_effort: 'low', tool_choice: 'required' },
      ['reasoning', 'reasoning_effort'],
    ],
    ['white space to stop at', { stop: ['a', '\n'] }, ['stop']],
    ['a tier that it does not have', { service_tier: 'flex' }, ['service_tier']],
  ])('%s: %j', (_, request, expected) => {
    expect(anthropicDialect.dropped({ model: 'anthropic/claude-sonnet-4.5', ...request }, { id: 'anthropic' })).toEqual(
      expected,
    );
  });

  it.each<[string, JsonObject, string[]]>([
    ['claude-opus-4-8', { temperature: 0, top_p: 1 }, ['temperature', 'top_p']],
    ['claude-fable-5-1', { tool_choice: 'required', reasoning_effort: 'low' }, ['tool_choice']],
    ['claude-3-5-haiku-20241022', { reasoning_effort: 'low', temperature: 0 }, ['reasoning_effort']],
  ])('differs for %s', (model, request, expected) => {
    expect(anthropicDialect.dropped({ model, ...request }, { id: 'anthropic' })).toEqual(expected);
  });
});
