import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import type { Conversation, HistoryPosition, Turn } from '../persistence/chat-history.repository.js';

/** As the database writes it. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.:+Z-]*$/;

export interface HistoryPage {
  readonly object: 'list';
  readonly data: readonly object[];
  readonly has_more: boolean;
  /** For `after`, to get the next page. */
  readonly next: string | null;
}

export function viewConversations(found: readonly Conversation[], limit: number): HistoryPage {
  const view = ({ id, modelId, requests, tokensUsed, createdAt, updatedAt }: Conversation): object => ({
    object: 'chat.conversation',
    id,
    model: modelId,
    requests,
    tokens_used: tokensUsed,
    created_at: createdAt,
    updated_at: updatedAt,
  });
  return pageOf({ found, limit, view, positionOf: ({ updatedAt, id }) => ({ time: updatedAt, id }) });
}

export function viewTurns(found: readonly Turn[], limit: number): HistoryPage {
  const view = ({ requestId, modelId, messages, tokensUsed, createdAt }: Turn): object => ({
    object: 'chat.turn',
    request_id: requestId,
    model: modelId,
    messages,
    tokens_used: tokensUsed,
    created_at: createdAt,
  });
  return pageOf({ found, limit, view, positionOf: ({ createdAt, requestId }) => ({ time: createdAt, id: requestId }) });
}

/** @throws InvalidRequestError */
export function readPosition(after: string | undefined): HistoryPosition | undefined {
  if (after === undefined) return undefined;
  const [time = '', id = ''] = Buffer.from(after, 'base64url').toString('utf8').split('\n');
  if (!TIME.test(time) || Number.isNaN(Date.parse(time)) || id === '' || id.includes('\0')) {
    throw new InvalidRequestError('`after` must be the `next` of another page.', 'after', 'invalid_value');
  }
  return { time, id };
}

interface Listing<Item> {
  /** One more than the limit, where there are more. */
  readonly found: readonly Item[];
  readonly limit: number;
  readonly view: (item: Item) => object;
  readonly positionOf: (item: Item) => HistoryPosition;
}

function pageOf<Item>({ found, limit, view, positionOf }: Listing<Item>): HistoryPage {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const position = last && positionOf(last);
  return {
    object: 'list',
    data: shown.map(view),
    has_more: position !== undefined,
    next: position ? Buffer.from(`${position.time}\n${position.id}`).toString('base64url') : null,
  };
}
