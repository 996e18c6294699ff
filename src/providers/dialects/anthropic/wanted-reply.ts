import type { JsonObject } from '../../../platform/json/json-document.js';
import { answerFormat } from './answer-format.js';
import { hidesReasoning } from '../translation/reasoning-wish.js';

/** What of a request decides how its reply is read. */
export interface WantedReply {
  /** The name of the tool by which the answer comes, where that is the way to have it in JSON. */
  readonly answerTool: string | undefined;
  /** The model may think, but what it thinks is not for the client. */
  readonly hidesReasoning: boolean;
}

export function wantedReply(request: JsonObject, nativeModel: string): WantedReply {
  return {
    answerTool: answerFormat(request, nativeModel)?.tool?.name,
    hidesReasoning: hidesReasoning(request),
  };
}
