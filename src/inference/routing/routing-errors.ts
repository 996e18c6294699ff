import { GatewayError, type ErrorKind } from '../../platform/errors/gateway-error.js';
import type { Ineligibility } from './eligibility.js';
import { providerIdOf } from './candidate.js';
import type { RefusedCandidate } from './planner.js';

/** What each reason means to the caller, and whether the request would have to change. */
const EXPLANATIONS: Record<Ineligibility, { readonly text: string; readonly isCallersChoice: boolean }> = {
  not_chosen: { text: 'is not among the providers that the request names', isCallersChoice: true },
  ignored: { text: 'is ignored by the request', isCallersChoice: true },
  switched_off: { text: 'is switched off', isCallersChoice: false },
  maintenance: { text: 'is in maintenance', isCallersChoice: false },
  context: { text: 'has no room for so long a prompt', isCallersChoice: true },
  modality: { text: 'does not read such parts', isCallersChoice: true },
  feature: { text: 'does not support `tools` or this `response_format`', isCallersChoice: true },
  parameters: { text: 'does not take all parameters', isCallersChoice: true },
  price: { text: 'costs more than `provider.max_price`', isCallersChoice: true },
};

/** No offer of the models that the caller named will do for the request. */
export class NoEligibleOfferError extends GatewayError {
  override readonly name = 'NoEligibleOfferError';
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly param: string | null;

  constructor(modelId: string, refused: readonly RefusedCandidate[]) {
    const reasons = refused.map((one) => `${providerIdOf(one)} ${EXPLANATIONS[one.reason].text}`);
    super(`No provider of ${modelId} can serve this request: ${[...new Set(reasons)].join('; ')}.`);
    const isCallersChoice = refused.every(({ reason }) => EXPLANATIONS[reason].isCallersChoice);
    const isTooLong = refused.every(({ reason }) => reason === 'context');
    this.kind = isCallersChoice ? 'invalid_request' : 'no_provider';
    this.code = isTooLong ? 'context_length_exceeded' : 'no_provider_available';
    this.param = isTooLong ? 'messages' : isCallersChoice ? 'provider' : null;
  }
}
