import { chatCall } from '../../../test/support/chat-call.js';
import { InvalidEnvironmentError, readEnv, type Variables } from '../../config/env.js';
import { connect } from '../connected-provider.js';
import { azure } from './azure.js';

const KEY = { AZURE_OPENAI_API_KEY: 'a-key', AZURE_OPENAI_ENDPOINT: 'https://ours.openai.azure.com' };

function asked(nativeModel: string, variables: Variables = {}) {
  const connected = connect(azure, { ...KEY, ...variables }, readEnv({}));
  if (!connected) throw new Error('not connected');
  const { path } = azure.dialect.chatRequest(chatCall({ messages: [] }, { nativeModel }), connected.provider);
  return { url: connected.baseUrl + path, offered: connected.provider.offeredModels };
}

describe('Azure OpenAI', () => {
  it('is asked for deployments that are named after their models', () => {
    expect(asked('gpt-5').url).toBe(
      'https://ours.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2025-04-01-preview',
    );
    expect(asked('gpt-5').offered).toBeUndefined();
  });

  it('is asked for, and offers, what is said to be deployed, in the version that is wanted', () => {
    const variables = { AZURE_OPENAI_DEPLOYMENTS: 'gpt-5=five, gpt-4o=four', AZURE_OPENAI_API_VERSION: '2026-01-01' };
    expect(asked('gpt-4o', variables)).toEqual({
      url: 'https://ours.openai.azure.com/openai/deployments/four/chat/completions?api-version=2026-01-01',
      offered: { 'gpt-5': ['openai/gpt-5'], 'gpt-4o': ['openai/gpt-4o'] },
    });
  });

  it.each(['gpt-5', 'gpt-5=', '=five', 'gpt-5=a/b', 'gpt-5=a,gpt-5=b'])('refuses the deployments %j', (list) => {
    expect(() => asked('gpt-5', { AZURE_OPENAI_DEPLOYMENTS: list })).toThrow(InvalidEnvironmentError);
  });
});
