/** What is often there at once, and then costs no promise; otherwise it comes in time. */
export type Eventually<Value> = Value | Promise<Value>;
