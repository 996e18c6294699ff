import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { sandbox as sandboxProvider } from '../upstreams/sandbox.js';
import { ProviderRegistryService } from './provider-registry.service.js';

/** Starts the simulated provider where nobody set up a real one, so that a first request has somebody to answer it. */
@Injectable()
export class SandboxService implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(SandboxService.name);
  private server: Sandbox | undefined;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly registry: ProviderRegistryService,
  ) {}

  get isRunning(): boolean {
    return this.server !== undefined;
  }

  async onModuleInit(): Promise<void> {
    if (!this.isWanted()) return;
    this.server = await startSandbox({ record: false });
    this.registry.addSandbox(this.server.url);
    this.log.log({ url: this.server.url }, 'the simulated provider is on: its models are named sandbox/*');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  private isWanted(): boolean {
    // Somebody runs one elsewhere.
    if (this.registry.find(sandboxProvider.id)) return false;
    if (this.env.SANDBOX !== 'auto') return this.env.SANDBOX === 'on';
    return this.env.NODE_ENV !== 'production' && !this.registry.hasConfiguredProvider;
  }
}
