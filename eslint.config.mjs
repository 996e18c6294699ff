import tseslint from 'typescript-eslint';

const BANNED_SYNTAX = [
  {
    selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>6]",
    message: 'More than six dependencies: this class has two jobs.',
  },
  {
    selector: [
      'FunctionDeclaration[params.length>3]',
      'ArrowFunctionExpression[params.length>3]',
      "MethodDefinition[kind!='constructor'] > FunctionExpression[params.length>3]",
    ].join(', '),
    message: 'More than three parameters: pass one named object.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing is called the same everywhere.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels. Import from the file that holds the thing.' },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config/env.ts reads the environment.',
  },
];
const NO_FORWARD_REF = {
  name: '@nestjs/common',
  importNames: ['forwardRef', 'Global'],
  message: 'A cycle is a missing room. Only platform.module.ts is global.',
};
const NO_HTTP_ERRORS = {
  name: '@nestjs/common',
  importNames: [
    'HttpException',
    'HttpStatus',
    'BadRequestException',
    'NotFoundException',
    'ForbiddenException',
    'UnauthorizedException',
  ],
  message: 'Services throw GatewayErrors; the filter speaks HTTP.',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'bench/node_modules', 'bench/results', '.gatewayz'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', '*.cjs', 'scripts/*.mjs', 'bench/*.mjs'],
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 24,
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      complexity: ['error', 10],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...BANNED_SYNTAX],
      'no-restricted-imports': ['error', { paths: [NO_FORWARD_REF] }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/*/services/**/*.ts', 'src/*/persistence/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [NO_FORWARD_REF, NO_HTTP_ERRORS] }] },
  },
  {
    files: ['src/config/env.ts', 'src/start.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BANNED_SYNTAX.slice(0, -1)] },
  },
  { files: ['src/platform/platform.module.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
