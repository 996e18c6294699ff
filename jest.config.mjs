import { availableParallelism } from 'node:os';

/**
 * Tests run as CommonJS: Jest's ESM mode cannot load CommonJS packages that require Nest 12, which is ESM.
 * So swc turns everything into CommonJS, the ESM packages of node_modules included.
 */
const swc = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    keepClassNames: true,
  },
  module: { type: 'commonjs', importInterop: 'node' },
  sourceMaps: 'inline',
  swcrc: false,
};

export const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  transform: { '^.+\\.[mc]?[jt]s$': ['@swc/jest', swc] },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/bench/node_modules'],
  ...extra,
});

export default {
  testTimeout: 60_000,
  // Suites wait for servers as often as they compute.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  globalSetup: './test/support/temporary-files.mjs',
  globalTeardown: './test/support/remove-temporary-files.mjs',
  projects: [
    project('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/unit/**/*.spec.ts'], {}),
    project('integration', ['<rootDir>/test/integration/**/*.spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.spec.ts']),
  ],
};
