import { readModelList } from './model-list.js';

describe('a list of models', () => {
  it.each([
    [
      'OpenRouter',
      {
        id: 'openai/gpt-5',
        name: 'OpenAI: GPT-5',
        created: 1_754_587_413,
        context_length: 400_000,
        architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'], tokenizer: 'GPT' },
        top_provider: { context_length: 400_000, max_completion_tokens: 128_000, is_moderated: true },
        supported_parameters: ['tools', 'seed'],
      },
      {
        nativeId: 'openai/gpt-5',
        name: 'OpenAI: GPT-5',
        contextLength: 400_000,
        maxOutputTokens: 128_000,
        inputModalities: ['text', 'image'],
        outputModalities: ['text'],
        supportedParameters: ['tools', 'seed'],
      },
    ],
    [
      'Groq',
      { id: 'qwen/qwen3-32b', created: 1, context_window: 131_072, max_completion_tokens: 40_960 },
      { nativeId: 'qwen/qwen3-32b', created: 1, contextLength: 131_072, maxOutputTokens: 40_960 },
    ],
    ['Mistral', { id: 'm', max_context_length: 32_768 }, { contextLength: 32_768, maxOutputTokens: undefined }],
    ['vLLM', { id: 'v', max_model_len: 8_192 }, { contextLength: 8_192 }],
    ['OpenAI', { id: 'gpt-5', created: 2 }, { created: 2, contextLength: undefined, supportedParameters: undefined }],
  ])('tells what %s adds to it', (_, model, expected) => {
    expect(readModelList({ object: 'list', data: [model] })).toEqual([expect.objectContaining(expected)]);
  });

  it('is read without what is no model, and says nothing where something makes no sense', () => {
    const odd = { id: 'odd', context_length: -1, supported_parameters: [], architecture: { input_modalities: 'all' } };
    expect(readModelList({ data: [null, 'x', { name: 'no id' }, odd] })).toEqual([
      expect.objectContaining({
        nativeId: 'odd',
        contextLength: undefined,
        supportedParameters: undefined,
        inputModalities: undefined,
      }),
    ]);
    expect(readModelList({})).toEqual([]);
  });
});
