/** Documents of the shape that public lists have, with as much as the tests need. */

/** As at `https://models.dev/api.json`; dollars by the million tokens. */
export function modelsDevDocument(provider: string, models: Readonly<Record<string, number>>): object {
  const listed = Object.entries(models).map(([id, dollars]) => [
    id,
    {
      id,
      name: `The ${id}`,
      attachment: false,
      reasoning: true,
      tool_call: true,
      structured_output: true,
      temperature: true,
      modalities: { input: ['text', 'image'], output: ['text'] },
      limit: { context: 128_000, output: 16_384 },
      cost: { input: dollars, output: dollars },
    },
  ]);
  return { [provider]: { id: provider, name: provider, models: Object.fromEntries(listed) as object } };
}

/** As `GET https://openrouter.ai/api/v1/models`; dollars by the token. */
export function openRouterDocument(...ids: string[]): object {
  const data = ids.map((id) => ({
    id,
    name: `OpenRouter's ${id}`,
    created: 1_700_000_000,
    context_length: 64_000,
    architecture: { input_modalities: ['text'], output_modalities: ['text'], tokenizer: 'GPT', instruct_type: null },
    pricing: { prompt: '0.000001', completion: '0.000002', request: '0', image: '0' },
    top_provider: { context_length: 64_000, max_completion_tokens: 4_096, is_moderated: false },
    supported_parameters: ['max_tokens', 'temperature'],
  }));
  return { data };
}

/** As genai-prices' `data.json`; dollars by the million tokens. */
export function priceDocument(provider: string, models: Readonly<Record<string, number>>): object[] {
  const listed = Object.entries(models).map(([id, dollars]) => ({
    id,
    match: { equals: id },
    prices: { input_mtok: dollars, output_mtok: dollars },
  }));
  return [{ id: provider, name: provider, api_pattern: `https://${provider}\\.example`, models: listed }];
}
