import type { IncomingHttpHeaders } from 'node:http';
import { objectMember, type JsonObject } from '../../platform/json/json-document.js';

const LONGEST = 200;

/** The conversation that a request names; undefined when it stands for itself. */
export function readConversationId(request: JsonObject, headers: IncomingHttpHeaders): string | undefined {
  const names = [
    objectMember(request, 'metadata')?.['conversation_id'],
    request['session_id'],
    headers['x-conversation-id'],
  ];
  return names.find((name): name is string => typeof name === 'string' && isConversationId(name));
}

/** The database cannot hold the character 0, and nobody can write it into a path. */
export function isConversationId(name: string): boolean {
  return name !== '' && name.length <= LONGEST && !name.includes('\0') && name.isWellFormed();
}
