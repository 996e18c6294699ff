import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { isConversationId } from '../history/conversation-id.js';
import {
  ChatHistoryRepository,
  type Conversation,
  type HistoryPosition,
  type Turn,
} from '../persistence/chat-history.repository.js';
import { HistoryKeeperService } from './history-keeper.service.js';

/** What users read and delete of their own history. It works also where nothing is kept any more. */
@Injectable()
export class ChatHistoryService {
  private readonly log = new Logger(ChatHistoryService.name);

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly repository: ChatHistoryRepository,
    private readonly keeper: HistoryKeeperService,
    private readonly database: DatabaseService,
  ) {}

  /** Whether this gateway keeps chats at all. */
  get isOn(): boolean {
    return this.env.CHAT_HISTORY === 'on';
  }

  conversations(userId: string, limit: number, behind?: HistoryPosition): Promise<Conversation[]> {
    return this.repository.conversations(userId, limit, behind);
  }

  /** @throws NotFoundError */
  async turns(
    of: { userId: string; conversationId: string },
    limit: number,
    behind?: HistoryPosition,
  ): Promise<Turn[]> {
    if (!isConversationId(of.conversationId)) throw this.notFound(of.conversationId);
    const turns = await this.repository.turns(of, limit, behind);
    if (turns.length === 0 && !behind) throw this.notFound(of.conversationId);
    return turns;
  }

  /** How many calls were forgotten. */
  async forgetAll(userId: string): Promise<number> {
    const waiting = await this.keeper.forget((exchange) => exchange.userId === userId);
    return waiting + (await this.repository.forget(userId));
  }

  /** @throws NotFoundError */
  async forget({ userId, conversationId }: { userId: string; conversationId: string }): Promise<number> {
    if (!isConversationId(conversationId)) throw this.notFound(conversationId);
    const waiting = await this.keeper.forget((exchange) => {
      return exchange.userId === userId && exchange.conversationId === conversationId;
    });
    const forgotten = waiting + (await this.repository.forget(userId, conversationId));
    if (forgotten === 0) throw this.notFound(conversationId);
    return forgotten;
  }

  /** Several gateways may run it; deleting twice does no harm. */
  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async applyRetention(): Promise<void> {
    if (this.database.state !== 'up') return;
    try {
      const rows = await this.repository.applyRetention();
      if (rows > 0) this.log.log({ rows }, 'deleted chats beyond their retention');
    } catch (error) {
      this.log.warn({ err: error }, 'retention of chats could not be applied');
    }
  }

  private notFound(conversationId: string): NotFoundError {
    const hint = this.isOn ? '' : ' This gateway keeps no chats (CHAT_HISTORY=off).';
    return new NotFoundError(`You have no conversation "${conversationId}".${hint}`);
  }
}
