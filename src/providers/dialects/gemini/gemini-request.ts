import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { generationConfig } from './generation-config.js';
import { readPrompt } from './request-contents.js';
import { toolMembers } from './request-tools.js';

/**
 * OpenAI's chat request as Google's.
 * @throws InvalidRequestError for what cannot be translated
 */
export function generateRequest(call: ChatCall): JsonObject {
  const request = call.request.value;
  const { instructions, contents } = readPrompt(request['messages'], call.nativeModel);
  const config = generationConfig(call);
  const { safety_settings: safety, cached_content: cached } = request;
  return {
    ...(instructions.length > 0 && { systemInstruction: { parts: instructions } }),
    contents,
    ...toolMembers(request),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...(Array.isArray(safety) && { safetySettings: safety }),
    ...(typeof cached === 'string' && { cachedContent: cached }),
    // Vertex alone knows labels; both ignore none.
    ...(isJsonObject(request['labels']) && { labels: request['labels'] }),
  };
}
