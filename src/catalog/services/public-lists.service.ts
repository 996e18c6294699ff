import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';
import { UpstreamClient } from '../../providers/services/upstream-client.js';
import { UndecodableReplyError } from '../../providers/upstream-errors.js';
import { currentPriceList, editionOf, readPriceList, replacePriceList } from '../public-lists/genai-price-list.js';
import { modelsDevEdition, readModelsDevList } from '../public-lists/models-dev-list.js';
import { openRouterEdition, readOpenRouterList } from '../public-lists/openrouter-list.js';
import { CatalogService } from './catalog.service.js';
import { ListIntakeService, type NewEdition } from './list-intake.service.js';

const PRICES = 'genai-prices';
const DEADLINES = { connectMs: 5_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 60_000 };

type PriceList = Parameters<typeof replacePriceList>[0];

/** What somebody publishes of models, where, and what the catalogue makes of it. */
interface PublicList {
  readonly source: string;
  readonly url: string;
  /** @throws UndecodableReplyError */
  readonly read: (document: unknown) => Omit<NewEdition, 'source'>;
}

/** Reads what is public of models, and of prices, in the background; without it the catalogue has what it came with. */
@Injectable()
export class PublicListsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(PublicListsService.name);
  private readonly unreadable = new Set<string>();
  private readonly lists: readonly PublicList[];
  private prices: PriceList = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly client: UpstreamClient,
    private readonly catalog: CatalogService,
    private readonly intake: ListIntakeService,
  ) {
    const lists: PublicList[] = [
      { source: PRICES, url: env.GENAI_PRICES_URL, read: (document) => this.readPrices(document) },
      { source: 'models.dev', url: env.MODELS_DEV_URL, read: (document) => this.readModelsDev(document) },
      { source: 'openrouter.ai', url: env.OPENROUTER_MODELS_URL, read: (document) => this.readOpenRouter(document) },
    ];
    this.lists = lists.filter(({ url }) => url !== 'off');
  }

  onApplicationBootstrap(): void {
    void this.begin();
    this.timer = setInterval(() => void this.sync(), this.env.PUBLIC_LISTS_INTERVAL_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Reads every list. Never throws. */
  async sync(): Promise<void> {
    await Promise.all(this.lists.map((list) => this.syncOne(list)));
  }

  /** The first edition of prices is the one that the gateway came with. */
  private async begin(): Promise<void> {
    this.prices = await currentPriceList();
    this.intake.take({ source: PRICES, edition: editionOf(this.prices), apply: () => undefined });
    await this.sync();
  }

  private async syncOne(list: PublicList): Promise<void> {
    const { source } = list;
    try {
      this.intake.take({ source, ...list.read(await this.fetch(list)) });
      if (this.unreadable.delete(source)) this.log.log({ source }, 'the public list can be read again');
    } catch (error) {
      // Whatever is wrong with it, the last edition stays, and the next one is read in its time.
      if (!this.unreadable.has(source)) this.log.warn({ source, err: error }, 'the public list cannot be read');
      this.unreadable.add(source);
    }
  }

  private async fetch({ source, url }: PublicList): Promise<unknown> {
    const headers = { accept: 'application/json' };
    const exchange = await this.client.send({ providerId: source, method: 'GET', url, headers, deadlines: DEADLINES });
    const body = await exchange.whole();
    if (exchange.status !== 200) throw new UndecodableReplyError(`${source} answered ${exchange.status}.`);
    return JSON.parse(body.toString('utf8'));
  }

  private readPrices(document: unknown): Omit<NewEdition, 'source'> {
    const next = readPriceList(document);
    return {
      edition: editionOf(next),
      apply: () => {
        this.replacePrices(next);
      },
    };
  }

  private readModelsDev(document: unknown): Omit<NewEdition, 'source'> {
    const modelsDev = readModelsDevList(asObject(document));
    return {
      edition: modelsDevEdition(modelsDev),
      apply: () => {
        this.catalog.publish({ modelsDev });
      },
    };
  }

  private readOpenRouter(document: unknown): Omit<NewEdition, 'source'> {
    const openRouter = readOpenRouterList(asObject(document));
    return {
      edition: openRouterEdition(openRouter),
      apply: () => {
        this.catalog.publish({ openRouter });
      },
    };
  }

  /** @throws Error when the catalogue cannot be built with these prices; then it has the ones before */
  private replacePrices(next: PriceList): void {
    try {
      replacePriceList(next);
      this.catalog.rebuild();
      this.prices = next;
    } catch (error) {
      replacePriceList(this.prices);
      throw error;
    }
  }
}

function asObject(document: unknown): JsonObject {
  if (isJsonObject(document)) return document;
  throw new UndecodableReplyError('The document is no list of models.');
}
