interface RefusalDetail {
  readonly code: string;
  readonly param?: string;
  readonly type?: string;
}

/** An answer other than 200, in OpenAI's words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    message: string,
    readonly detail: RefusalDetail,
  ) {
    super(message);
  }

  get body(): string {
    const { code, param = null, type = 'invalid_request_error' } = this.detail;
    return JSON.stringify({ error: { message: this.message, type, param, code } });
  }
}

export function modelNotFound(model: string): Refusal {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return new Refusal(404, message, { code: 'model_not_found', param: 'model' });
}

/** A parameter is absent or wrong. */
export function badParameter(param: string, message: string): Refusal {
  return new Refusal(400, message, { code: 'invalid_value', param });
}

export function missingParameter(param: string): Refusal {
  return new Refusal(400, `Missing required parameter: '${param}'.`, { code: 'missing_required_parameter', param });
}
