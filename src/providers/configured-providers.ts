import { refuseProblems, type Env, type Variables } from '../config/env.js';
import { ALL_PROVIDERS } from './all-providers.js';
import { connect, type ConnectedProvider } from './connected-provider.js';
import { readProviderSettings } from './provider-settings.js';
import { ownServer } from './upstreams/own-server.js';

/**
 * Every provider that the environment sets up.
 * @throws InvalidEnvironmentError with one line for each variable at fault, also of a provider that is not enabled
 */
export function configuredProviders(variables: Variables, env: Env): ConnectedProvider[] {
  const providers = [...ALL_PROVIDERS, ...[...env.GATEWAYZ_PROVIDERS].map(([id, url]) => ownServer(id, url))];
  const problems = providers.flatMap((provider) => readProviderSettings(provider, variables).problems);
  // A server of one's own may have the id of a known provider.
  refuseProblems([...new Set(problems)]);
  return providers.flatMap((provider) => connect(provider, variables, env) ?? []);
}
