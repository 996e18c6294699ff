import { readConversationId } from './conversation-id.js';

describe('the conversation that a request belongs to', () => {
  it.each([
    [{ metadata: { conversation_id: 'a' }, session_id: 'b' }, { 'x-conversation-id': 'c' }, 'a'],
    [{ session_id: 'b' }, { 'x-conversation-id': 'c' }, 'b'],
    [{ metadata: 'nothing' }, { 'x-conversation-id': 'c' }, 'c'],
    [{ metadata: { conversation_id: 7 }, session_id: '' }, {}, undefined],
    [{ session_id: 'x'.repeat(201) }, {}, undefined],
    [{ session_id: 'nul\0' }, {}, undefined],
  ])('%j with %j is %s', (request, headers, expected) => {
    expect(readConversationId(request, headers)).toBe(expected);
  });
});
