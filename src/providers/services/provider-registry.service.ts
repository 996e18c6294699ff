import { Inject, Injectable } from '@nestjs/common';
import { ENV, VARIABLES, type Env, type Variables } from '../../config/env.js';
import { configuredProviders } from '../configured-providers.js';
import { connect, type ConnectedProvider } from '../connected-provider.js';
import { baseUrlVariable } from '../provider-settings.js';
import { ollama } from '../upstreams/ollama.js';
import { sandbox } from '../upstreams/sandbox.js';

/** Which providers this gateway can call. */
@Injectable()
export class ProviderRegistryService {
  private readonly providers: Map<string, ConnectedProvider>;

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(VARIABLES) private readonly variables: Variables,
  ) {
    this.providers = new Map(
      configuredProviders(variables, env).map((connected) => [connected.provider.id, connected]),
    );
  }

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
    const variables = { ...this.variables, [baseUrlVariable(sandbox.id)]: baseUrl };
    const connected = connect(sandbox, variables, this.env);
    if (connected) this.providers.set(sandbox.id, connected);
  }
}
