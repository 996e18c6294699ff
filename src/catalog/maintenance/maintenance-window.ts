/** What calls are kept away from: a provider, a model whoever offers it, or, with both, a model at one provider. */
export interface MaintenanceScope {
  /** Undefined: all that offer the model. */
  readonly providerId: string | undefined;
  /** Undefined: all models of the provider. */
  readonly modelId: string | undefined;
}

/** A time in which an administrator wants no calls to go there. Milliseconds since 1970. */
export interface MaintenanceWindow extends MaintenanceScope {
  readonly from: number;
  /** Undefined: until somebody ends it. */
  readonly until: number | undefined;
  readonly reason: string;
}

/** As in `groq`, `openai/gpt-4o` or `groq:openai/gpt-4o`. */
export function nameOf({ providerId, modelId }: MaintenanceScope): string {
  return [providerId, modelId].filter((part) => part !== undefined).join(':');
}
