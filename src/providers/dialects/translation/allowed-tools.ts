import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/** OpenAI's `allowed_tools` says which of the tools may be called this time. */
export function allowedTools(request: JsonObject): JsonObject[] {
  const tools = objects(request['tools']);
  const choice = objectMember(request, 'tool_choice') ?? {};
  if (choice['type'] !== 'allowed_tools') return tools;
  const allowed = objects(objectMember(choice, 'allowed_tools')?.['tools']).map(functionName);
  return tools.filter((tool) => allowed.includes(functionName(tool)));
}

function functionName(tool: JsonObject): unknown {
  return objectMember(tool, 'function')?.['name'] ?? tool['name'];
}
