import { execFileSync } from 'node:child_process';
import { InvalidEnvironmentError, readEnv, type Variables } from './env.js';
import { KNOBS } from './knobs.js';

const SECRET = 'tr0ub4dor,&3';

function complaint(variables: Variables): string {
  try {
    readEnv(variables);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.message;
    throw error;
  }
  return '';
}

describe('the environment', () => {
  it('is complete without a single variable', () => {
    expect(readEnv({})).toMatchObject({ PORT: 8000, SANDBOX: 'auto', SUPABASE_URL: undefined });
  });

  it('is read into the types of its settings', () => {
    const env = readEnv({
      PORT: '0',
      LOG_LEVEL: 'WARN',
      SUPABASE_URL: 'https://x.supabase.co',
      SUPABASE_SECRET_KEY: 'k',
      API_KEY_PEPPER: 'p'.repeat(32),
      GATEWAYZ_PROVIDERS: 'vllm=http://10.0.0.5:8000/v1, my-lab=https://lab.example/v1',
    });
    expect(env).toMatchObject({ PORT: 0, LOG_LEVEL: 'warn', SUPABASE_URL: 'https://x.supabase.co' });
    expect([...env.GATEWAYZ_PROVIDERS]).toEqual([
      ['vllm', 'http://10.0.0.5:8000/v1'],
      ['my-lab', 'https://lab.example/v1'],
    ]);
  });

  it.each([
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '80.5', 'a whole number from 0 to 65535'],
    ['PORT', '0x50', 'a whole number from 0 to 65535'],
    ['PORT', '1e3', 'a whole number from 0 to 65535'],
    ['DATABASE_TIMEOUT_MS', '5s', 'a whole number from 100 to 86400000'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['METRICS_TOKEN', 'short', 'text of at least 8 characters'],
    ['SUPABASE_URL', 'my.supabase.co', 'a URL that starts with http:// or https://'],
    ['SUPABASE_URL', 'postgres://me:pw@host/db', 'a URL that starts with http:// or https://'],
    ['DATABASE_URL', 'mysql://me:pw@host/db', 'a URL that starts with postgres:// or postgresql://'],
    ['GATEWAYZ_PROVIDERS', 'http://192.0.2.7', 'a list such as'],
    ['GATEWAYZ_PROVIDERS', 'vllm=192.0.2.7:8000', 'a list such as'],
    ['GATEWAYZ_PROVIDERS', 'Lab=http://a,', 'a list such as'],
    ['GATEWAYZ_PROVIDERS', 'lab=http://one,lab=http://two', 'a list such as'],
  ])('refuses %s=%s and says what is allowed, but not what was given', (name, value, allowed) => {
    const message = complaint({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} must be ${allowed}`));
    expect(message).not.toContain(value);
  });

  it.each(Object.keys(KNOBS))('never shows what %s was given', (name) => {
    expect(complaint({ [name]: SECRET })).not.toContain(SECRET);
  });

  it('tells every mistake at once, a line each', () => {
    const message = complaint({ PORT: 'x', LOG_LEVEL: 'x', SUPABASE_URL: 'https://x', DATABASE_URL: 'postgres://x' });
    const names = message.split('\n').map((line) => line.split(' ', 1)[0]);
    expect(names).toEqual(['PORT', 'LOG_LEVEL', 'SUPABASE_SECRET_KEY', 'Only', 'API_KEY_PEPPER']);
  });

  it('takes an empty variable for an absent one, and leaves out spaces around a value', () => {
    const reading = `import('./dist/config/env.js').then((env) => console.log(JSON.stringify(env.loadVariables())))`;
    const env = { EMPTY: '', BLANK: '  ', PADDED: ' a b ' };
    const printed = execFileSync(process.execPath, ['-e', reading], { env, encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual({ PADDED: 'a b' });
  });
});
