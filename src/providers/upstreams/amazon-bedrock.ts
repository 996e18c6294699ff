import { oneOf, optionalText } from '../../config/knob.js';
import { bedrockDialect } from '../dialects/bedrock/bedrock-dialect.js';
import type { LlmProvider } from '../llm-provider.js';
import { ownSettings } from '../own-settings.js';
import type { RequestSigner } from '../request-signer.js';
import { AwsSignature } from '../signing/aws-signature.js';
import { bearerToken } from '../signing/bearer-token.js';
import { offeredModels, PROFILES } from './amazon-bedrock-models.js';

const ID = 'amazon-bedrock';

/** Somebody names where keys are to be found, as Amazon's own tools know it. */
const SOURCES = [
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

export const amazonBedrock: LlmProvider = {
  id: ID,
  name: 'Amazon Bedrock',
  baseUrl: 'https://bedrock-runtime.{AWS_REGION}.amazonaws.com',
  dialect: bedrockDialect,
  signer,
  credentialVariables: [
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    ...SOURCES,
    'AWS_ROLE_ARN',
  ],
  // What we accept is said by the operation that we call; Amazon's servers know no `text/event-stream`.
  headers: { accept: '*/*' },
  listsModels: false,
  priceListId: 'aws',
  offeredModels: offeredModels('none'),
  ownSettings: ownSettings(
    {
      AWS_REGION: optionalText({ why: 'The region of Amazon to ask, such as us-east-1.' }),
      AMAZON_BEDROCK_INFERENCE_PROFILE: oneOf(PROFILES, {
        fallback: 'auto',
        why: 'Where Amazon may run the models that it runs in several regions: `auto` is the continent of AWS_REGION in the US and the EU, `global` elsewhere; `none` asks for each model by its bare name.',
      }),
      AWS_EC2_METADATA_DISABLED: oneOf(['true', 'false'], {
        fallback: 'true',
        why: 'False has the role of the machine asked for at the metadata service of EC2, which nobody is asked unless told.',
      }),
    },
    ({ AMAZON_BEDROCK_INFERENCE_PROFILE: profile, AWS_REGION: region }) => ({
      offeredModels: offeredModels(profile, region),
    }),
  ),
};

function signer(variables: Readonly<Record<string, string | undefined>>): RequestSigner | undefined {
  const { AWS_BEARER_TOKEN_BEDROCK: token, AWS_REGION: region, AWS_SESSION_TOKEN: sessionToken } = variables;
  if (token) return bearerToken(token);
  if (!region) return undefined;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  const scope = { providerId: ID, region, service: 'bedrock' };
  if (accessKeyId && secretAccessKey) {
    return new AwsSignature({
      ...scope,
      keys: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    });
  }
  const isMachineAsked = variables['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'false';
  const isNamed = isMachineAsked || SOURCES.some((name) => variables[name]);
  return isNamed ? new AwsSignature({ ...scope, keys: undefined }) : undefined;
}
