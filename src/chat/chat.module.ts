import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { InferenceModule } from '../inference/inference.module.js';
import { ChatHistoryMetrics } from './chat-history.metrics.js';
import { ChatHistoryRepository } from './persistence/chat-history.repository.js';
import { ChatHistoryController } from './routes/chat-history.controller.js';
import { ChatController } from './routes/chat.controller.js';
import { ChatHistoryService } from './services/chat-history.service.js';
import { ChatRecorderService } from './services/chat-recorder.service.js';
import { ChatService } from './services/chat.service.js';
import { HistoryKeeperService } from './services/history-keeper.service.js';
import { HistoryMemory } from './services/history-memory.js';

@Module({
  imports: [IdempotencyModule, InferenceModule],
  controllers: [ChatController, ChatHistoryController],
  providers: [
    ChatHistoryMetrics,
    ChatHistoryRepository,
    ChatHistoryService,
    ChatRecorderService,
    ChatService,
    HistoryKeeperService,
    HistoryMemory,
  ],
})
export class ChatModule {}
