import { Injectable } from '@nestjs/common';
import type { Actor } from '../../auth/api-key-settings.js';
import type { Json, ModelRow, ProviderRow } from '../../platform/database/database-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { isJsonObject } from '../../platform/json/json-document.js';
import { toStorableJson } from '../../platform/json/storable-json.js';
import { CAPABILITIES } from '../capabilities.js';
import type { KnownProvider, OfferChanges, ProviderChanges } from '../overrides/changes.js';
import type { OfferOverride, Overrides } from '../overrides/overrides.js';
import { readPricing } from '../pricing-text.js';

/** What is asked for at once; PostgREST gives no more than a thousand rows. */
const PAGE = 1_000;

/** An edition of a list that somebody believes although it looked wrong. */
export interface Acceptance {
  readonly source: string;
  readonly digest: string;
  readonly doubts: readonly string[];
}

/** What administrators say of the catalogue. Changes write the audit log in the same step. */
@Injectable()
export class OverridesRepository {
  constructor(private readonly database: DatabaseService) {}

  async read(): Promise<Overrides> {
    const [models, providers] = await Promise.all([this.models(), this.providers()]);
    return {
      offers: models.map(overrideOf),
      providers: new Map(providers.map(({ id, enabled, priority }) => [id, { isEnabled: enabled, priority }])),
    };
  }

  /** The digests of what was accepted, the last one of each list. */
  async accepted(): Promise<Set<string>> {
    const rows = await this.database.query({ table: 'accepted_lists', operation: 'list' }, (client) =>
      client.from('accepted_lists').select('*'),
    );
    return new Set(rows.map(({ digest }) => digest));
  }

  async changeModel({ userId, address }: Actor, modelId: string, changes: OfferChanges): Promise<void> {
    const { provider, ...members } = changes;
    await this.database.query({ table: 'models', operation: 'change_model' }, (client) =>
      client.rpc('change_model', {
        model: modelId,
        at_provider: provider,
        changes: toStorableJson(members),
        actor: userId,
        address,
      }),
    );
  }

  async changeProvider({ userId, address }: Actor, known: KnownProvider, changes: ProviderChanges): Promise<void> {
    const { id, ...columns } = known;
    await this.database.query({ table: 'providers', operation: 'change_provider' }, (client) =>
      client.rpc('change_provider', {
        provider: id,
        known: toStorableJson(columns),
        changes: toStorableJson(changes),
        actor: userId,
        address,
      }),
    );
  }

  async accept({ userId, address }: Actor, { source, digest, doubts }: Acceptance): Promise<void> {
    await this.database.query({ table: 'accepted_lists', operation: 'accept_list' }, (client) =>
      client.rpc('accept_list', { list: source, edition: digest, doubts: doubts.join(' '), actor: userId, address }),
    );
  }

  private async models(): Promise<ModelRow[]> {
    const rows: ModelRow[] = [];
    for (;;) {
      const page = await this.database.query({ table: 'models', operation: 'list' }, (client) =>
        client
          .from('models')
          .select('*')
          .order('id', { ascending: true })
          .order('provider', { ascending: true })
          .range(rows.length, rows.length + PAGE - 1),
      );
      rows.push(...page);
      if (page.length < PAGE) return rows;
    }
  }

  private async providers(): Promise<ProviderRow[]> {
    return this.database.query({ table: 'providers', operation: 'list' }, (client) =>
      client.from('providers').select('*'),
    );
  }
}

function overrideOf(row: ModelRow): OfferOverride {
  const { capabilities: able } = row;
  return {
    modelId: row.id,
    providerId: row.provider,
    isActive: row.active,
    name: row.name ?? undefined,
    nativeId: row.native_id ?? undefined,
    price: priceOf(row.pricing),
    contextLength: row.context_length ?? undefined,
    maxOutputTokens: row.max_output_tokens ?? undefined,
    capabilities: able === null ? undefined : CAPABILITIES.filter((capability) => able.includes(capability)),
    weight: row.weight ?? undefined,
  };
}

function priceOf(pricing: Json): OfferOverride['price'] {
  return isJsonObject(pricing) ? readPricing(pricing) : undefined;
}
