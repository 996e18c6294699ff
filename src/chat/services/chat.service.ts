import { Injectable } from '@nestjs/common';
import { InferenceService } from '../../inference/services/inference.service.js';
import type { InferenceCall } from '../../inference/inference-call.js';
import { ChatFormat } from '../chat-format.js';
import { readChatRequest } from '../chat-request.js';
import { ChatRecorderService } from './chat-recorder.service.js';

export const CHAT_COMPLETIONS = '/v1/chat/completions';

/** What the route knows of a call before its body was looked into. */
export type ArrivedCall = Pick<InferenceCall, 'caller' | 'request' | 'clientHeaders' | 'record' | 'channel'>;

@Injectable()
export class ChatService {
  constructor(
    private readonly inference: InferenceService,
    private readonly recorder: ChatRecorderService,
  ) {}

  /** @throws GatewayError when the call fails before its reply has begun */
  async complete(arrived: ArrivedCall): Promise<void> {
    const { model, isStream, isUsageWanted } = readChatRequest(arrived.request);
    const call: InferenceCall = { ...arrived, endpoint: CHAT_COMPLETIONS, model, isStream };
    call.record.notes['stream'] = isStream;
    await this.recorder.record(call, new ChatFormat(isUsageWanted), (format) => this.inference.serve(call, format));
  }
}
