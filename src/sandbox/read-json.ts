import { Refusal } from './refusal.js';

/** @throws Refusal in OpenAI's words when the body is no JSON. */
export function readJson(body: Buffer): unknown {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return parsed;
  } catch {
    const message = 'We could not parse the JSON body of your request.';
    throw new Refusal(400, message, { code: 'invalid_json' });
  }
}
