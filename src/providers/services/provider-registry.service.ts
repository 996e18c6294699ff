import { Inject, Injectable } from '@nestjs/common';
import { ENV, VARIABLES, type Env, type Variables } from '../../config/env.js';
import { ALL_PROVIDERS } from '../all-providers.js';
import { connect, type ConnectedProvider } from '../connected-provider.js';
import { ownServer } from '../upstreams/own-server.js';
import { ollama } from '../upstreams/ollama.js';
import { sandbox } from '../upstreams/sandbox.js';

/** Which providers this gateway can call. */
@Injectable()
export class ProviderRegistryService {
  private readonly providers = new Map<string, ConnectedProvider>();

  constructor(
    @Inject(ENV) env: Env,
    @Inject(VARIABLES) private readonly variables: Variables,
  ) {
    const own = [...env.GATEWAYZ_PROVIDERS].map(([id, url]) => ownServer(id, url));
    for (const provider of [...ALL_PROVIDERS, ...own]) {
      const connected = connect(provider, variables, env);
      if (connected) this.providers.set(provider.id, connected);
    }
    this.env = env;
  }

  private readonly env: Env;

  enabled(): ConnectedProvider[] {
    return [...this.providers.values()];
  }

  find(id: string): ConnectedProvider | undefined {
    return this.providers.get(id);
  }

  /** Somebody set up a provider; Ollama, which is only looked for, does not count. */
  get hasConfiguredProvider(): boolean {
    return this.enabled().some(({ provider }) => provider.id !== ollama.id && provider.id !== sandbox.id);
  }

  /** The sandbox's own server runs here. */
  addSandbox(baseUrl: string): void {
    const connected = connect(sandbox, { ...this.variables, SANDBOX_BASE_URL: baseUrl }, this.env);
    if (connected) this.providers.set(sandbox.id, connected);
  }
}
