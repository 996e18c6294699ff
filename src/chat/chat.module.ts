import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { InferenceModule } from '../inference/inference.module.js';
import { ChatController } from './routes/chat.controller.js';
import { ChatService } from './services/chat.service.js';

@Module({
  imports: [IdempotencyModule, InferenceModule],
  controllers: [ChatController],
  providers: [ChatService],
})
export class ChatModule {}
