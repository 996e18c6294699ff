import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders, type RequestListener } from 'node:http';

/** Headers of a reply, by their names in lower case. */
export type Headers = Readonly<Record<string, string | number>>;

/**
 * Express gives each request and response another prototype, and V8 then another hidden class, which slows every later
 * look into it. These have the right one from birth, so that there is nothing to change.
 */
export class ExpressRequest extends IncomingMessage {
  /** Express tells it, by whom it trusts. */
  declare readonly ip?: string | undefined;
}

export class ExpressResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Names and values in turn: in this form Node writes them without looking at each twice. */
  private readonly announced: string[] = [];

  /** Headers of this reply, whatever it will be: a success, a stream or an error. */
  announce(headers: Headers): void {
    append(this.announced, headers);
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    const given = rest.at(-1);
    const headers = [...this.announced];
    if (typeof given === 'object' && given !== null) append(headers, given as OutgoingHttpHeaders);
    return super.writeHead(status, headers);
  }
}

/** An Express application, with the prototypes that it gives to requests and responses; its published types lack them. */
export type ExpressListener = RequestListener & { request: object; response: object };

/** From now on the application finds its own prototypes on these. */
export function adoptPrototypes(application: ExpressListener): void {
  Object.setPrototypeOf(ExpressRequest.prototype, application.request);
  Object.setPrototypeOf(ExpressResponse.prototype, application.response);
  application.request = ExpressRequest.prototype;
  application.response = ExpressResponse.prototype;
}

function append(list: string[], headers: Headers | OutgoingHttpHeaders): void {
  for (const name in headers) list.push(name, String(headers[name]));
}
