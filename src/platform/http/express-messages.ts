import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http';

/**
 * Express gives each request and response another prototype, and V8 then another hidden class, which slows every later
 * look into it. These have the right one from birth, so that there is nothing to change.
 */
export class ExpressRequest extends IncomingMessage {}
export class ExpressResponse extends ServerResponse {}

/** An Express application, with the prototypes that it gives to requests and responses; its published types lack them. */
export type ExpressListener = RequestListener & { request: object; response: object };

/** From now on the application finds its own prototypes on these. */
export function adoptPrototypes(application: ExpressListener): void {
  Object.setPrototypeOf(ExpressRequest.prototype, application.request);
  Object.setPrototypeOf(ExpressResponse.prototype, application.response);
  application.request = ExpressRequest.prototype;
  application.response = ExpressResponse.prototype;
}
