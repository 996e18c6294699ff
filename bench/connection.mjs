import { connect } from 'node:net';
import { ReplyReader } from './reply-reader.mjs';

const DONE = 'data: [DONE]';

/** One keep-alive connection that has at most one request under way; it connects again when the target hangs up. */
export class Connection {
  constructor({ host, port, isStream }) {
    Object.assign(this, { host, port, isStream });
    this.reader = new ReplyReader();
    this.socket = undefined;
    this.finish = undefined;
    this.isIdle = true;
  }

  /** @returns {Promise<void>} Resolves when the connection stands. */
  open() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, noDelay: true });
      this.socket = socket;
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.on('data', (bytes) => this.receive(bytes));
      socket.on('close', () => this.lose(socket));
    });
  }

  /** Sends the request; `finish` gets the outcome: latency and time to the first byte in ms, or an error. */
  send(bytes, finish) {
    this.isIdle = false;
    this.finish = finish;
    this.reader.reset();
    this.sentAt = performance.now();
    if (this.socket) {
      this.socket.write(bytes);
      return;
    }
    this.open().then(
      () => this.socket?.write(bytes),
      (error) => this.settle({ error: `connect ${error.code}` }),
    );
  }

  close() {
    this.finish = undefined;
    this.socket?.destroy();
  }

  receive(bytes) {
    if (this.isIdle || !this.reader.read(bytes)) return;
    const { status, tail, firstByteAt } = this.reader;
    const now = performance.now();
    if (status !== 200) this.settle({ error: `status ${status}`, detail: tail });
    else if (this.isStream && !tail.includes(DONE)) this.settle({ error: 'stream without its end', detail: tail });
    else this.settle({ latency: now - this.sentAt, firstByte: firstByteAt - this.sentAt });
  }

  lose(socket) {
    if (socket !== this.socket) return;
    this.socket = undefined;
    if (!this.isIdle) this.settle({ error: 'connection lost' });
  }

  settle(outcome) {
    const { finish } = this;
    this.isIdle = true;
    this.finish = undefined;
    finish?.(outcome);
  }
}
