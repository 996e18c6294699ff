import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { ENV, type Env } from '../../config/env.js';
import type { InferenceCall } from '../../inference/inference-call.js';
import type { ReplyFormat } from '../../inference/reply-format.js';
import { isJsonObject } from '../../platform/json/json-document.js';
import { HeldPieces } from '../../platform/memory/held-pieces.js';
import { inputTokens, outputTokens } from '../../providers/token-usage.js';
import { ChatHistoryMetrics } from '../chat-history.metrics.js';
import { readConversationId } from '../history/conversation-id.js';
import type { Exchange } from '../history/exchange.js';
import { RememberingFormat } from '../history/remembering-format.js';
import { HistoryKeeperService } from './history-keeper.service.js';
import { HistoryMemory } from './history-memory.js';

type Serve = (format: ReplyFormat) => Promise<void>;

/** Remembers chats for their callers, where gateway, key and request all want it. */
@Injectable()
export class ChatRecorderService {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly keeper: HistoryKeeperService,
    private readonly memory: HistoryMemory,
    private readonly metrics: ChatHistoryMetrics,
  ) {}

  /** Serves a call; what was said is kept once its reply has ended well. */
  record(call: InferenceCall, format: ReplyFormat, serve: Serve): Promise<void> {
    return this.isWanted(call.caller, call) ? this.serveAndKeep(call, format, serve) : serve(format);
  }

  private isWanted(caller: Caller, { request }: InferenceCall): boolean {
    return this.env.CHAT_HISTORY === 'on' && caller.keepsHistory && request.value['store'] !== false;
  }

  private async serveAndKeep(call: InferenceCall, format: ReplyFormat, serve: Serve): Promise<void> {
    const held = new HeldPieces(this.memory);
    const remembering = new RememberingFormat(format, held);
    held.reserve(call.request.bytes.length);
    try {
      await serve(remembering);
    } catch (error) {
      held.forget();
      throw error;
    }
    const exchange = exchangeOf(call, remembering);
    if (exchange) {
      this.keeper.keep(exchange);
      return;
    }
    if (!held.isWhole) this.metrics.count('dropped');
    held.forget();
  }
}

/** Undefined when nothing came to a good end, or it is too large. */
function exchangeOf(call: InferenceCall, { answer, bill, held }: RememberingFormat): Exchange | undefined {
  const { record, caller, request, clientHeaders, channel, model } = call;
  if (!answer || !bill || !held.isWhole || channel.isGone) return undefined;
  const { messages } = request.value;
  return {
    requestId: record.id,
    userId: caller.userId,
    apiKeyId: caller.apiKeyId,
    conversationId: readConversationId(request.value, clientHeaders) ?? record.id,
    modelId: String(record.notes['model'] ?? model),
    messages: Array.isArray(messages) ? messages.filter(isJsonObject) : [],
    answer,
    tokensUsed: inputTokens(bill.usage) + outputTokens(bill.usage),
    endedAt: Date.now(),
    heldBytes: held.bytes,
  };
}
