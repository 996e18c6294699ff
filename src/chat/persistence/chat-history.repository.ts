import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Json } from '../../platform/database/database-rows.js';

export interface Conversation {
  readonly id: string;
  /** Of its newest call. */
  readonly modelId: string;
  readonly requests: number;
  readonly tokensUsed: number;
  /** ISO 8601, as all times here. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One call of a conversation. */
export interface Turn {
  readonly requestId: string;
  readonly modelId: string;
  readonly messages: Json;
  readonly tokensUsed: number;
  readonly createdAt: string;
}

/** Where a page ends. */
export interface HistoryPosition {
  readonly time: string;
  readonly id: string;
}

@Injectable()
export class ChatHistoryRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Writes exchanges, each once however often it comes. */
  async keep(lines: readonly string[]): Promise<void> {
    const entries = `[${lines.join(',')}]`;
    await this.database.query({ table: 'chat_history', operation: 'keep_chat_history' }, (client) =>
      client.rpc('keep_chat_history', { entries }),
    );
  }

  /** The newest conversations, or those behind one of them. */
  async conversations(userId: string, limit: number, behind?: HistoryPosition): Promise<Conversation[]> {
    const rows = await this.database.query({ table: 'chat_history', operation: 'chat_conversations' }, (client) =>
      client.rpc('chat_conversations', {
        for_user: userId,
        before_time: behind?.time ?? null,
        before_id: behind?.id ?? null,
        page: limit,
      }),
    );
    return rows.map((row) => ({
      id: row.conversation_id,
      modelId: row.model_id,
      requests: row.requests,
      tokensUsed: row.tokens_used,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }));
  }

  /** The first calls of a conversation, or those behind one of them. */
  async turns(
    of: { userId: string; conversationId: string },
    limit: number,
    behind?: HistoryPosition,
  ): Promise<Turn[]> {
    const rows = await this.database.query({ table: 'chat_history', operation: 'chat_conversation' }, (client) =>
      client.rpc('chat_conversation', {
        for_user: of.userId,
        conversation: of.conversationId,
        after_time: behind?.time ?? null,
        after_request: behind?.id ?? null,
        page: limit,
      }),
    );
    return rows.map((row) => ({
      requestId: row.request_id,
      modelId: row.model_id,
      messages: row.messages,
      tokensUsed: row.tokens_used,
      createdAt: row.created_at,
    }));
  }

  /** Deletes one conversation, or all when none is named; how many calls. */
  async forget(userId: string, conversationId?: string): Promise<number> {
    return this.database.query({ table: 'chat_history', operation: 'forget_chat_history' }, (client) =>
      client.rpc('forget_chat_history', { for_user: userId, conversation: conversationId ?? null }),
    );
  }

  /** Deletes what is older than its retention; how many calls. */
  async applyRetention(): Promise<number> {
    return this.database.query({ table: 'chat_history', operation: 'apply_retention' }, (client) =>
      client.rpc('apply_chat_history_retention'),
    );
  }
}
