import { Controller, Delete, Get, Param, Query, UsePipes } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { readPosition, viewConversations, viewTurns, type HistoryPage } from '../history/history-view.js';
import { ChatHistoryService } from '../services/chat-history.service.js';
import { HistoryQuery } from './history.query.js';

const PAGE = 20;

/** Callers read and delete what was kept of their user's chats. One more than asked for tells whether there are more. */
@UsePipes(VALIDATION)
@Controller('v1/chat/history')
export class ChatHistoryController {
  constructor(private readonly history: ChatHistoryService) {}

  /** The newest conversation first. `is_kept` tells whether this gateway keeps chats. */
  @Get()
  async list(
    @CurrentCaller() { userId }: Caller,
    @Query() { limit = PAGE, after }: HistoryQuery,
  ): Promise<HistoryPage & { is_kept: boolean }> {
    const found = await this.history.conversations(userId, limit + 1, readPosition(after));
    return { ...viewConversations(found, limit), is_kept: this.history.isOn };
  }

  /** The oldest call first. */
  @Get(':conversation_id')
  async read(
    @CurrentCaller() { userId }: Caller,
    @Param('conversation_id') conversationId: string,
    @Query() { limit = PAGE, after }: HistoryQuery,
  ): Promise<HistoryPage & { conversation_id: string }> {
    const found = await this.history.turns({ userId, conversationId }, limit + 1, readPosition(after));
    return { ...viewTurns(found, limit), conversation_id: conversationId };
  }

  @Delete()
  async forgetAll(@CurrentCaller() { userId }: Caller): Promise<object> {
    return { object: 'chat.history.deleted', deleted: true, requests: await this.history.forgetAll(userId) };
  }

  @Delete(':conversation_id')
  async forget(@CurrentCaller() { userId }: Caller, @Param('conversation_id') conversationId: string): Promise<object> {
    const requests = await this.history.forget({ userId, conversationId });
    return { object: 'chat.conversation.deleted', id: conversationId, deleted: true, requests };
  }
}
