/** No test depends on what the world publishes today, and no provider is asked but by what a test does. */
export const QUIET_BACKGROUND = {
  GENAI_PRICES_URL: 'off',
  MODELS_DEV_URL: 'off',
  OPENROUTER_MODELS_URL: 'off',
  HEALTH_INTERVAL_MS: '3600000',
};
