import type { Answer } from './scripted-server.js';

/** Answers of a provider that speaks OpenAI's dialect, good and bad ones, for a `ScriptedServer`. */

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** An event of a stream, as text. */
export function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices });
}

export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** A whole reply, or a whole stream where one was asked for. */
export function completes(text: string): Answer {
  const message = { role: 'assistant', content: text };
  const whole = { id: 'chatcmpl-1', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: USAGE };
  const events = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: text }),
    chunk({}, 'stop'),
    event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage: USAGE }),
    'data: [DONE]\n\n',
  ];
  return (response, request) => {
    const isStream = (JSON.parse(request.body) as { stream?: boolean }).stream === true;
    response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
    response.end(isStream ? events.join('') : JSON.stringify(whole));
  };
}

export function answersStatus(status: number, headers: Record<string, string> = {}): Answer {
  const error = { message: `Said by the provider with ${status}.`, type: 'a_type', code: 'a_code', param: null };
  return (response) => response.writeHead(status, headers).end(JSON.stringify({ error }));
}

export const isSilent: Answer = () => undefined;

/** Sends these bytes of a reply, and then breaks the connection. */
export function breaksOffAfter(...bytes: string[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(bytes.join(''), () => response.destroy());
    if (bytes.length === 0) response.flushHeaders();
  };
}

/** Sends these bytes of a reply, and then nothing more. */
export function stallsAfter(...bytes: string[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for (const piece of bytes) response.write(piece);
  };
}

/** Sends these bytes as the whole reply. */
export function endsAfter(...bytes: string[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(bytes.join(''));
  };
}
