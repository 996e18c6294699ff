import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whose key it is: a ciphertext that was moved to another user or provider cannot be opened. */
export interface KeyOwner {
  readonly userId: string;
  readonly providerId: string;
}

/** The ciphertext was made with another secret, for another owner, or was changed. */
export class UnreadableKeyError extends Error {
  override readonly name = 'UnreadableKeyError';
}

/** Encrypts keys of providers, AES-256-GCM, so that the database never holds one. */
export class KeySeal {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'gatewayz provider keys', 32));
  }

  seal(text: string, owner: KeyOwner): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(boundTo(owner));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${sealed.toString('base64url')}`;
  }

  /** @throws UnreadableKeyError */
  open(sealed: string, owner: KeyOwner): string {
    const [version, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new UnreadableKeyError();
    const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(boundTo(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      return text.toString('utf8');
    } catch (cause) {
      throw new UnreadableKeyError('The key cannot be read.', { cause });
    }
  }
}

function boundTo({ userId, providerId }: KeyOwner): Buffer {
  return Buffer.from(`${userId} ${providerId}`);
}
