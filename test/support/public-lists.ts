/** No test depends on what the world publishes today. */
export const NO_PUBLIC_LISTS = { GENAI_PRICES_URL: 'off', MODELS_DEV_URL: 'off', OPENROUTER_MODELS_URL: 'off' };
