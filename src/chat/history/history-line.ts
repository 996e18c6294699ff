import { toStorableJson } from '../../platform/json/storable-json.js';
import { answerMessages } from './answer-messages.js';
import type { Exchange } from './exchange.js';

/** An exchange as the database takes it: JSON, named like the columns. */
export function toHistoryLine(exchange: Exchange): string {
  return toStorableJson({
    request_id: exchange.requestId,
    user_id: exchange.userId,
    conversation_id: exchange.conversationId,
    api_key_id: exchange.apiKeyId,
    model_id: exchange.modelId,
    messages: [...exchange.messages, ...answerMessages(exchange.answer)],
    tokens_used: exchange.tokensUsed,
    created_at: new Date(exchange.endedAt).toISOString(),
  });
}
