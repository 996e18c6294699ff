import { answered, asked, called, LLAMA, NOVA, sent, tool } from '../../../../test/support/converse-requests.js';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import type { JsonObject } from '../../../platform/json/json-document.js';

describe('tools for Converse', () => {
  it('are described, with an object for their input', () => {
    const bare = { type: 'function', function: { name: 'bare', description: '' } };
    expect(sent({ tools: [tool('f'), bare] })['toolConfig']).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'f',
            description: 'Does it',
            inputSchema: { json: { type: 'object', properties: { a: { type: 'number' } } } },
          },
        },
        { toolSpec: { name: 'bare', inputSchema: { json: { type: 'object', properties: {} } } } },
      ],
    });
  });

  it.each<[unknown, JsonObject | undefined]>([
    ['auto', { auto: {} }],
    ['required', { any: {} }],
    [{ type: 'function', function: { name: 'f' } }, { tool: { name: 'f' } }],
    [undefined, undefined],
  ])('are called as %j says', (choice, expected) => {
    const request = sent({ tools: [tool('f')], ...(choice !== undefined && { tool_choice: choice }) });
    expect((request['toolConfig'] as JsonObject)['toolChoice']).toEqual(expected);
  });

  it('are left out where none may be called', () => {
    expect(sent({ tools: [tool('f')], tool_choice: 'none' })).not.toHaveProperty('toolConfig');
  });

  it.each([{ tools: [tool('f')], tool_choice: 'none' }, {}])('stay where they were called before: %j', (more) => {
    const request = { messages: [asked, called(), answered('x')], ...more };
    expect(sent(request)).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { name: 'f' } }] },
      additionalModelRequestFields: { tool_choice: { type: 'none' } },
    });
    expect(sent(request, LLAMA)).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { name: 'f' } }] },
      system: [{ text: 'Answer without calling a tool.' }],
    });
  });

  it('are called one at a time by Claude, in its own words', () => {
    const request = sent({ tools: [tool('f')], tool_choice: 'required', parallel_tool_calls: false });
    expect(request).toMatchObject({
      additionalModelRequestFields: { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
    });
    expect(request['toolConfig']).not.toHaveProperty('toolChoice');
  });

  it('are the allowed ones only', () => {
    const choice = {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] },
    };
    expect(sent({ tools: [tool('f'), tool('g')], tool_choice: choice })['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'g' } }],
      toolChoice: { any: {} },
    });
  });

  it('cannot be others than functions', () => {
    expect(() => sent({ tools: [{ type: 'web_search' }] })).toThrow(InvalidRequestError);
  });
});

describe('an answer in JSON', () => {
  const format = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: { a: {} } } } };

  it('comes by a tool that must be called', () => {
    expect(sent({ response_format: format }, NOVA)['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'json', inputSchema: { json: { properties: { a: {} } } } } }],
      toolChoice: { tool: { name: 'json' } },
    });
  });

  it('comes by a tool that the model is told to call where it cannot be forced', () => {
    const told = [{ text: 'Give your answer by calling the tool "json".' }];
    expect(sent({ response_format: format }, LLAMA)).toMatchObject({ system: told });
    expect(sent({ response_format: format, reasoning_effort: 'low' })).toMatchObject({ system: told });
  });

  it('is asked for in words where the model knows no tools', () => {
    const request = sent({ response_format: format }, 'us.deepseek.r1-v1:0');
    expect(JSON.stringify(request['system'])).toContain('JSON that fits this schema');
    expect(request).not.toHaveProperty('toolConfig');
  });
});
