import {
  answered,
  asked,
  called,
  CLAUDE,
  LLAMA,
  NOVA,
  sent,
  tool,
} from '../../../../test/support/converse-requests.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { droppedParameters } from './dropped-parameters.js';

describe('how a model is to write', () => {
  it.each<[string, JsonObject, string, JsonObject]>([
    [
      'limits',
      { max_tokens: 7, stop: ['a', ' '], temperature: 1.5 },
      CLAUDE,
      { maxTokens: 7, temperature: 1, stopSequences: ['a'] },
    ],
    ['the newer limit', { max_tokens: 7, max_completion_tokens: 9, top_p: 0.5 }, NOVA, { maxTokens: 9, topP: 0.5 }],
    ['no stops for GPT', { stop: 'a', temperature: 0.5 }, 'openai.gpt-oss-20b-1:0', { temperature: 0.5 }],
    [
      'no sampling for GPT 5',
      { max_tokens: 7, temperature: 0.5, top_p: 0.5 },
      'us.openai.gpt-5.6-luna',
      { maxTokens: 7 },
    ],
    ['Claude’s usual limit', {}, CLAUDE, { maxTokens: 32_000 }],
  ])('has %s', (...[, request, model, expected]) => {
    expect(sent(request, model)['inferenceConfig']).toEqual(expected);
  });

  it('is never longer than the caller can pay for', () => {
    for (const model of [CLAUDE, NOVA])
      expect(sent({ max_tokens: 500 }, model, 30)['inferenceConfig']).toMatchObject({ maxTokens: 30 });
    expect(sent({}, LLAMA, 30)['inferenceConfig']).toEqual({ maxTokens: 30 });
    expect(sent({}, LLAMA)).not.toHaveProperty('inferenceConfig');
  });

  it.each<[string, JsonObject, string, JsonObject | undefined]>([
    [
      'Claude, by budget',
      { reasoning: { max_tokens: 2_000 } },
      CLAUDE,
      { thinking: { type: 'enabled', budget_tokens: 2_000 } },
    ],
    [
      'Claude, as it likes',
      { reasoning_effort: 'high' },
      'us.anthropic.claude-opus-4-7',
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
    ],
    [
      'Nova',
      { reasoning_effort: 'high' },
      'us.amazon.nova-2-lite-v1:0',
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } },
    ],
    [
      'Nova, not at all',
      { reasoning_effort: 'none' },
      'us.amazon.nova-2-lite-v1:0',
      { reasoningConfig: { type: 'disabled' } },
    ],
    ['GPT OSS', { reasoning_effort: 'minimal' }, 'openai.gpt-oss-120b-1:0', { reasoning_effort: 'low' }],
    ['GPT', { reasoning: { enabled: true } }, 'us.openai.gpt-5.6-sol', { reasoning: { effort: 'medium' } }],
    ['no other', { reasoning_effort: 'high' }, LLAMA, undefined],
  ])('thinks as it is asked to: %s', (...[, request, model, expected]) => {
    expect(sent({ max_tokens: 8_000, ...request }, model)['additionalModelRequestFields']).toEqual(expected);
  });

  it('does not begin to think amid calls that it made without a thought', () => {
    const request = {
      messages: [asked, called(), answered('x')],
      tools: [tool('f')],
      reasoning: { max_tokens: 2_000 },
    };
    expect(sent(request)).not.toHaveProperty('additionalModelRequestFields');
  });

  it('has members that are the model’s own', () => {
    expect(sent({ top_k: 5 })).toMatchObject({ additionalModelRequestFields: { top_k: 5 } });
    expect(sent({ top_k: 5 }, NOVA)).toMatchObject({ additionalModelRequestFields: { inferenceConfig: { topK: 5 } } });
    const own = { guardrailConfig: { guardrailIdentifier: 'g' }, additionalModelRequestFields: { x: 1 } };
    expect(sent(own)).toMatchObject(own);
  });
});

describe('what a model does not get', () => {
  it.each<[string, JsonObject, string[]]>([
    [
      'anthropic/claude-sonnet-4-5',
      { seed: 1, logit_bias: {}, serviceTier: { type: 'priority' } },
      ['seed', 'logit_bias', 'serviceTier'],
    ],
    ['anthropic/claude-sonnet-4-5', { temperature: 1, reasoning_effort: 'low' }, ['temperature']],
    ['anthropic/claude-sonnet-4-5', { parallel_tool_calls: false, tool_choice: 'required', top_k: 1 }, []],
    ['anthropic/claude-opus-5-5', { tool_choice: 'required' }, ['tool_choice']],
    [
      'amazon/nova-pro-v1',
      { parallel_tool_calls: false, reasoning_effort: 'low', top_k: 1 },
      ['parallel_tool_calls', 'reasoning_effort'],
    ],
    ['meta-llama/llama-3.3-70b-instruct', { tools: [], tool_choice: 'required', top_k: 1 }, ['tool_choice', 'top_k']],
    ['amazon-bedrock/deepseek.r1-v1:0', { tools: [], tool_choice: 'auto' }, ['tools', 'tool_choice']],
    ['openai/gpt-oss-120b', { stop: 'a', temperature: 1, n: 1, user: 'me', stream: true }, ['stop']],
  ])('%s: %j', (model, request, expected) => {
    expect([...droppedParameters(request, model)].sort()).toEqual([...expected].sort());
  });
});
