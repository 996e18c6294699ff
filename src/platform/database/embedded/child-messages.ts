/** What the child serves: PGlite in a folder, or a PostgreSQL somewhere. */
export type DatabaseSource =
  { readonly kind: 'pglite'; readonly folder: string } | { readonly kind: 'postgres'; readonly url: string };

/** Parent to child, first and only; secrets travel here and never on a command line. */
export interface StartMessage {
  readonly source: DatabaseSource;
  readonly migrationsFolder: string;
  /** Whoever shows it may do everything; nobody else may do anything. */
  readonly secretKey: string;
  readonly jwtSecret: string;
}

/** Child to parent: it serves, or it made the folder's database and ends, or it cannot. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'created' }
  | { readonly type: 'failed'; readonly reason: string };
