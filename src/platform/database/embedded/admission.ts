import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a request shows the secret key. Checked before Lite sees anything: its own check covers only some of its
 * routes, and others tell everybody the settings, the schema and the address of the database.
 */
export function isAdmitted(request: Request, secretKey: string): boolean {
  return timingSafeEqual(digest(request.headers.get('apikey') ?? ''), digest(secretKey));
}

/** Loopback is open to every account of the machine. */
export function refusal(): Response {
  return Response.json({ message: 'Invalid API key' }, { status: 401 });
}

/** Of one length, which the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
