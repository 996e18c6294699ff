import { Inject, Injectable } from '@nestjs/common';
import { refuseOtherModels, type Caller } from '../../auth/caller.js';
import type { CatalogModel } from '../../catalog/catalog-model.js';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import { ENV, type Env } from '../../config/env.js';
import { CachesService, type CacheCounts } from '../../platform/cache/caches.service.js';
import { growingCache } from '../../platform/cache/growing-cache.js';
import { inProcess } from '../../platform/cache/lru-cache.js';
import { OwnKeysService } from '../../providers/services/own-keys.service.js';
import type { InferenceCall } from '../inference-call.js';
import { providerIdOf, type Candidate } from '../routing/candidate.js';
import { conversationKey } from '../routing/conversation-key.js';
import { withOwnKey } from '../routing/own-offer.js';
import { plan } from '../routing/planner.js';
import { readNeeds, type RequestNeeds } from '../routing/request-needs.js';
import { NoEligibleOfferError } from '../routing/routing-errors.js';
import { readFallbackModels, readPreferences, type Sort } from '../routing/routing-preferences.js';
import { StandingService } from './standing.service.js';

/** Providers keep the beginning of a prompt for about as long. */
const CACHE_WARM_MS = 5 * 60_000;
const REMEMBERED_CONVERSATIONS = 50_000;
/** What may stand behind the name of a model, and what it asks for. */
const SUFFIXES: Readonly<Record<string, Sort>> = { floor: 'price', nitro: 'throughput' };

/** The way of one call: what it needs, and who is to be asked for it, in order. */
export interface Route {
  readonly needs: RequestNeeds;
  /** At least one. */
  readonly attempts: readonly [Candidate, ...Candidate[]];
  /** What the call has in common with others of its conversation. */
  readonly conversation: string | undefined;
  /** As in `old -> new`: the model of that name is no more, and another one answers. */
  readonly redirect: string | undefined;
}

/** What the name that a caller used means. */
interface Wanted extends Pick<Route, 'redirect'> {
  readonly model: CatalogModel;
  readonly sort?: Sort | undefined;
}

/** The same way, but with the caller's own keys only; undefined without any. */
export function onlyOwn(route: Route): Route | undefined {
  const [first, ...others] = route.attempts.filter(({ isOwn }) => isOwn);
  return first && { ...route, attempts: [first, ...others] };
}

/** Finds the way of a call, and remembers where conversations and models were served well. All in memory. */
@Injectable()
export class RoutingService {
  private readonly warmProviders = growingCache<string>(REMEMBERED_CONVERSATIONS, CACHE_WARM_MS);
  private readonly warmth: CacheCounts;
  private readonly incumbents = new Map<string, string>();

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly catalog: CatalogService,
    private readonly standings: StandingService,
    private readonly ownKeys: OwnKeysService,
    caches: CachesService,
  ) {
    this.warmth = caches.enrol(inProcess('warm_conversations', this.warmProviders));
  }

  /** @throws ModelNotFoundError, PermissionError, InvalidRequestError, NoEligibleOfferError */
  route({ caller, model: name, request: { value: request } }: InferenceCall): Route {
    const { model, sort, redirect } = this.wanted(name);
    const preferences = readPreferences(request, sort);
    const models = [model, ...this.fallbacks(request, model)];
    for (const { id } of models) refuseOtherModels(caller, id);
    const needs = readNeeds(request);
    const hasChoice = models.length > 1 || model.offers.length > 1;
    const conversation = hasChoice ? conversationKey(caller.userId, request) : undefined;
    const { attempts, refused } = plan({
      request,
      needs,
      preferences,
      models,
      standingOf: this.standings.of,
      warmProvider: conversation === undefined ? undefined : this.warmProvider(conversation),
      incumbentOf: (id) => this.incumbents.get(id),
      random: Math.random,
    });
    const [first, ...others] = this.withOwnKeys(caller, attempts);
    if (!first) throw new NoEligibleOfferError(model.id, refused);
    return { needs, attempts: [first, ...others], conversation, redirect };
  }

  /** A call was served: the next of its conversation had better go to the same provider. */
  served({ conversation }: Route, candidate: Candidate): void {
    const providerId = providerIdOf(candidate);
    if (conversation !== undefined) this.warmProviders.set(conversation, providerId);
    if (candidate.model.offers.length > 1) this.incumbents.set(candidate.model.id, providerId);
  }

  /** The caller's own keys come first, ours stand behind them. */
  private withOwnKeys(caller: Caller, candidates: readonly Candidate[]): readonly Candidate[] {
    if (caller.providerKeys.size === 0) return candidates;
    const own = candidates.flatMap((candidate) => {
      const connected = this.ownKeys.connect(caller, candidate.offer.connected);
      return connected ? withOwnKey(candidate, connected, this.env.OWN_KEY_FEE_PERCENT) : [];
    });
    return [...own, ...candidates];
  }

  private warmProvider(conversation: string): string | undefined {
    const known = this.warmProviders.get(conversation);
    this.warmth.count(known !== undefined);
    return known;
  }

  /** A model whose own name ends like a suffix is meant by that name. @throws ModelNotFoundError */
  private wanted(name: string): Wanted {
    const exact = this.catalog.find(name);
    if (exact) return { model: exact, redirect: this.redirectFrom(name) };
    const colon = name.lastIndexOf(':');
    const sort = colon < 0 ? undefined : SUFFIXES[name.slice(colon + 1)];
    const bare = sort ? name.slice(0, colon) : name;
    return { model: this.catalog.resolve(bare), sort, redirect: this.redirectFrom(bare) };
  }

  private redirectFrom(name: string): string | undefined {
    const successor = this.catalog.successorOf(name);
    return successor && `${name} -> ${successor}`;
  }

  private fallbacks(request: InferenceCall['request']['value'], wanted: CatalogModel): CatalogModel[] {
    const named = readFallbackModels(request).map((name) => this.wanted(name).model);
    return [...new Set(named)].filter((model) => model !== wanted);
  }
}
