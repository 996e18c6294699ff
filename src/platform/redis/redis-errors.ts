import { GatewayError } from '../errors/gateway-error.js';

/** Redis is configured and does not answer. Waiting helps. */
export class RedisUnavailableError extends GatewayError {
  override readonly name = 'RedisUnavailableError';
  readonly kind = 'unavailable';
  readonly code = 'service_unavailable';
  override readonly headers = { 'retry-after': '1' };

  constructor(options?: ErrorOptions) {
    super('A part of the gateway is not available at the moment.', options);
  }
}
