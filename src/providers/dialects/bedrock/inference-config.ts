import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { stopSequences } from '../translation/stop-sequences.js';
import { bedrockTraits } from './bedrock-traits.js';
import { droppedParameters } from './dropped-parameters.js';

/** Converse's words for how the model is to write. */
export function inferenceConfig(request: JsonObject, model: string, maxTokens: number | undefined): JsonObject {
  const dropped = droppedParameters(request, model);
  const figure = (name: string): number | undefined => {
    const value = request[name];
    return typeof value === 'number' && !dropped.includes(name) ? value : undefined;
  };
  const [temperature, topP] = [figure('temperature'), figure('top_p')];
  const stops = stopSequences(request['stop']).filter((stop) => stop.trim() !== '');
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    // OpenAI's temperatures go up to 2.
    ...(temperature !== undefined && { temperature: Math.min(temperature, 1) }),
    ...(topP !== undefined && { topP }),
    ...(stops.length > 0 && bedrockTraits(model).takesStop && { stopSequences: stops }),
  };
}

/** Members that only some models have; the caller may name them as well. */
export function ownFields(request: JsonObject, model: string): JsonObject {
  const own = objectMember(request, 'additionalModelRequestFields') ?? {};
  const { top_k: topK } = request;
  if (typeof topK !== 'number' || droppedParameters(request, model).includes('top_k')) return own;
  return bedrockTraits(model).topK === 'nova' ? { inferenceConfig: { topK }, ...own } : { top_k: topK, ...own };
}
