import { answerMessages } from './answer-messages.js';
import type { Exchange } from './exchange.js';

/** Escapes that JSON has and `jsonb` refuses: the character 0, and halves of a pair. Some are whole pairs; no matter. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** An exchange as the database takes it: JSON, named like the columns. */
export function toHistoryLine(exchange: Exchange): string {
  const line = {
    request_id: exchange.requestId,
    user_id: exchange.userId,
    conversation_id: exchange.conversationId,
    api_key_id: exchange.apiKeyId,
    model_id: exchange.modelId,
    messages: [...exchange.messages, ...answerMessages(exchange.answer)],
    tokens_used: exchange.tokensUsed,
    created_at: new Date(exchange.endedAt).toISOString(),
  };
  const json = JSON.stringify(line);
  return SUSPICIOUS.test(json) ? JSON.stringify(line, storable) : json;
}

function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}
