import type { ChatCall } from '../../dialect.js';
import { answerTool } from '../anthropic/answer-format.js';
import type { WantedReply } from '../anthropic/wanted-reply.js';
import { hidesReasoning } from '../translation/reasoning-wish.js';
import { bedrockTraits } from './bedrock-traits.js';

/** What of a call decides how its reply is read. */
export function wantedReply({ request, nativeModel }: ChatCall): WantedReply {
  const { takesTools } = bedrockTraits(nativeModel);
  return {
    answerTool: takesTools ? answerTool(request.value)?.name : undefined,
    hidesReasoning: hidesReasoning(request.value),
  };
}
