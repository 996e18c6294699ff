import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * What takes longest to load, in the order in which the application needs it. Loading holds up the event loop, so it is
 * done in pieces of at most some 150 ms, and between two of them the front door answers who has come meanwhile.
 */
const PIECES: readonly (() => Promise<unknown>)[] = [
  () => import('@nestjs/common'),
  () => import('@nestjs/core'),
  () => import('@nestjs/platform-express'),
  () => import('class-validator'),
  () => import('./platform/platform.module.js'),
  () => import('./providers/providers.module.js'),
  () => import('./catalog/catalog.module.js'),
  () => import('./app.module.js'),
];

/** To accept a connection, to read its request, and to answer. */
const TURNS = 3;

export async function loadGateway(): Promise<typeof import('./run-gateway.js')> {
  for (const load of PIECES) {
    await load();
    for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
  }
  return import('./run-gateway.js');
}
