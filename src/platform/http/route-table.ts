import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';

/** Stands for every path that no route has, so that strangers cannot grow the label's set of values. */
export const UNMATCHED = 'unmatched';

interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  matches(path: string): boolean;
}

/** Which routes there are: for bounded metric labels, and to tell a wrong method from a wrong path. */
@Injectable()
export class RouteTable {
  private routes: Route[] | undefined;
  private readonly exact = new Map<string, string>();

  constructor(private readonly host: HttpAdapterHost) {}

  /** The template of the route that serves this path, such as `/v1/models/:id`. */
  templateOf(path: string): string {
    const routes = this.all();
    return this.exact.get(path) ?? routes.find((route) => route.matches(path))?.path ?? UNMATCHED;
  }

  methodsOf(path: string): string[] {
    const methods = this.all().filter((route) => route.matches(path));
    return [...new Set(methods.flatMap((route) => route.methods))].sort();
  }

  all(): readonly Route[] {
    if (this.routes) return this.routes;
    const express = this.host.httpAdapter.getInstance<Express>();
    const layers = express.router.stack.filter((layer) => layer.route);
    this.routes = layers.map((layer) => ({
      path: (layer.route?.path ?? '').replace('*', ':'),
      methods: [...new Set(layer.route?.stack.map(({ method }) => method.toUpperCase()))],
      // Express's own layers know it; its published types only leave it out.
      matches: (path) => (layer as unknown as { match(path: string): boolean }).match(path),
    }));
    for (const { path } of this.routes) if (!/[:*{]/.test(path)) this.exact.set(path, path);
    return this.routes;
  }
}
