const known = new Map<string, Map<string, string>>();

/**
 * One text for a model at a provider, whose names have no spaces. Each is made once: every call looks up a dozen things
 * by it, and to put it together and to hash it each time would cost more than to look. There are as many as the
 * catalogue has offers.
 */
export function offerKey(providerId: string, modelId: string): string {
  let models = known.get(providerId);
  if (!models) {
    models = new Map();
    known.set(providerId, models);
  }
  let key = models.get(modelId);
  if (key === undefined) {
    key = `${providerId} ${modelId}`;
    models.set(modelId, key);
  }
  return key;
}
