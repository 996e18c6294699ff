interface FirstSteps {
  readonly url: string;
  /** Only on the very first start. */
  readonly firstKey: string | undefined;
  /** Something to try. */
  readonly model: string | undefined;
}

/** What a person reads as soon as the gateway listens. */
export function greeting(url: string): string {
  return `\nGatewayZ listens on ${url}\n\n`;
}

/** What a person reads once the database is up: the first key, and a request to try. */
export function firstSteps({ url, firstKey, model }: FirstSteps): string {
  const lines = firstKey ? ['Your first API key (shown only now, so keep it):', '', `  ${firstKey}`, ''] : [];
  if (model) lines.push('Stream a completion:', '', ...firstRequest(url, firstKey ?? '$GATEWAYZ_API_KEY', model), '');
  else lines.push('No provider is set up yet: set a key such as OPENAI_API_KEY and start again.', '');
  return `${lines.join('\n')}\n`;
}

function firstRequest(url: string, key: string, model: string): string[] {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello! Who are you?' }] });
  return [
    `  curl -N ${url}/v1/chat/completions \\`,
    `    -H "Authorization: Bearer ${key}" \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '${body}'`,
  ];
}
