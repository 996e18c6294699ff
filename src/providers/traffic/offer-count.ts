/** How often a model at a provider was asked, and answered. */
export interface OfferCount {
  readonly providerId: string;
  readonly modelId: string;
  readonly attempts: number;
  readonly answered: number;
}
