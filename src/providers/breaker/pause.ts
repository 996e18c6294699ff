/** An offer is no use for a while, without any fault of the provider. */
export interface Pause {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Our account there is in trouble, or the model is gone; else the provider asked for some rest. */
  readonly isBarred: boolean;
}
