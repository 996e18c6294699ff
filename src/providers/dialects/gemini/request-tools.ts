import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';

import { allowedTools } from '../translation/allowed-tools.js';

/** OpenAI's `tools` and `tool_choice` as Google's. Tools of Google's own, such as `googleSearch`, travel on. */
export function toolMembers(request: JsonObject): JsonObject {
  const given = allowedTools(request);
  const functions = given.map((tool) => objectMember(tool, 'function')).filter((one) => one !== undefined);
  const own = given.filter((tool) => !objectMember(tool, 'function')).map(ownTool);
  const tools = [...(functions.length > 0 ? [{ functionDeclarations: functions.map(declaration) }] : []), ...own];
  if (tools.length === 0) return {};
  const config = functions.length > 0 ? callingConfig(request['tool_choice']) : undefined;
  return { tools, ...(config && { toolConfig: { functionCallingConfig: config } }) };
}

/** Google takes JSON schemas as they are; a function without parameters has none. */
function declaration({ name, description, parameters }: JsonObject): JsonObject {
  const hasParameters =
    isJsonObject(parameters) && Object.keys(objectMember(parameters, 'properties') ?? parameters).length > 0;
  return {
    name,
    ...(typeof description === 'string' && { description }),
    ...(hasParameters && { parametersJsonSchema: parameters }),
  };
}

function ownTool(tool: JsonObject): JsonObject {
  const own = { ...tool };
  delete own['type'];
  return own;
}

function callingConfig(choice: unknown): JsonObject | undefined {
  if (choice === 'none') return { mode: 'NONE' };
  if (choice === 'auto') return { mode: 'AUTO' };
  if (choice === 'required') return { mode: 'ANY' };
  if (!isJsonObject(choice)) return undefined;
  const allowed = objectMember(choice, 'allowed_tools');
  if (allowed) return callingConfig(allowed['mode']);
  const { name } = objectMember(choice, 'function') ?? {};
  return { mode: 'ANY', allowedFunctionNames: [name] };
}
