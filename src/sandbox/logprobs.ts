import { splitIntoTokens } from './tokens.js';

interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

export interface ContentLogprobs {
  readonly content: readonly (TokenLogprob & { readonly top_logprobs: readonly TokenLogprob[] })[];
  readonly refusal: null;
}

/** Log probabilities in OpenAI's shape; the numbers are made up, deterministic and always below zero. */
export function logprobsFor(text: string, alternatives: number): ContentLogprobs {
  const content = splitIntoTokens(text).map((token) => {
    const chosen = describe(token, 0);
    const others = Array.from({ length: alternatives }, (_, rank) =>
      rank === 0 ? chosen : describe(`~${rank}`, rank),
    );
    return { ...chosen, top_logprobs: others };
  });
  return { content, refusal: null };
}

function describe(token: string, rank: number): TokenLogprob {
  const bytes = [...Buffer.from(token)];
  const wobble = bytes.reduce((total, byte) => total + byte, 0) % 100;
  return { token, logprob: -(wobble + 1) / 1000 - rank, bytes };
}
