/**
 * Packs what the gateway's process loads into dist/gateway, from what `nest build` left in dist. V8 keeps the text of
 * every module for as long as a process lives: packed it is less than half. Why, and by how much, is told in
 * docs/decisions/0024-one-program.md. Names stay what they are, for logs and stack traces; maps of lines lie beside.
 */
import { transform } from '@swc/core';
import { rolldown } from 'rolldown';

/** Nest and its packages look for them, and they are not there. */
const ABSENT = /^(@nestjs\/(microservices|websockets|mongoose|sequelize|typeorm)|@mikro-orm|@grpc|mongoose|sequelize)/;
/** Loaded by few gateways, or in a process of its own. */
const APART = /^(@aws-sdk\/credential-provider-node|@supabase\/lite|google-auth-library)/;
/** Loads its tables of characters one by one, when one is asked for. */
const LAZY = /^iconv-lite$/;
/** Decorators need it; what is not packed is loaded before all that is. */
const FIRST = /^reflect-metadata$/;

const bundle = await rolldown({
  input: 'dist/main.js',
  platform: 'node',
  external: [ABSENT, APART, LAZY, FIRST],
  plugins: [{ name: 'compact', renderChunk: compact }],
});
await bundle.write({ dir: 'dist/gateway', chunkFileNames: '[name].js', sourcemap: true, minify: false });
await bundle.close();

/** Without blanks, and in ASCII: V8 holds a text in which one character is none of Latin-1 with two bytes for each. */
function compact(code) {
  return transform(code, {
    isModule: true,
    sourceMaps: true,
    minify: true,
    jsc: { target: 'es2024', output: { charset: 'ascii' }, minify: { compress: false, mangle: false } },
  });
}
