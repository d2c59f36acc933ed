// The stream socket: subscriptions that survive reconnects, and an account of what came.

import {Connection} from './connection.js';
import {decode} from './protocol.js';

/**
 * All subscriptions of the page. A stream is {number, request, handler, messages, bytes, drawn, dropped, failed};
 * its handler has frame(message) and failed(sentence).
 */
export class Streams {
    constructor(token, onConnection) {
        this.open = new Map();
        this.lastNumber = -1;
        this.retries = 0;
        this.totals = {messages: 0, bytes: 0};
        this.connection = new Connection('ws/stream', token, {
            opened: () => {
                onConnection();
                this.open.forEach(stream => this.send(stream));
            },
            closed: onConnection,
            text: message => this.text(message),
            binary: buffer => this.binary(buffer),
        });
    }

    get isOpen() {
        return this.connection.isOpen;
    }

    /** Request: {signal, kind, …} as in the protocol, without number and id. */
    subscribe(request, handler) {
        // Never the number of a stream just closed: messages of that one may still be on their way.
        do {
            this.lastNumber = (this.lastNumber + 1) % 65536;
        } while (this.open.has(this.lastNumber));
        const stream = {
            number: this.lastNumber,
            request,
            handler,
            messages: 0,
            bytes: 0,
            drawn: 0,
            dropped: 0,
            failed: false,
        };
        this.open.set(stream.number, stream);
        if (this.isOpen) {
            this.send(stream);
        }
        return stream;
    }

    unsubscribe(stream) {
        if (this.open.delete(stream.number) && this.isOpen && !stream.failed) {
            this.connection.request({do: 'unsubscribe', stream: stream.number}).catch(() => {});
        }
    }

    /** Tries what failed once more: after a start the signals may be there again. */
    retry() {
        this.retries++;
        this.open.forEach(stream => {
            if (stream.failed && this.isOpen) {
                this.send(stream);
            }
        });
    }

    async send(stream) {
        stream.failed = false;
        const {connection, retries} = this;
        try {
            await connection.request({do: 'subscribe', stream: stream.number, ...stream.request});
        } catch (error) {
            if (!connection.isOpen || this.open.get(stream.number) !== stream) {
                return; // all are sent again once it is back, and what was closed is not missed
            }
            if (retries === this.retries) {
                this.fail(stream, error.message);
            } else {
                this.send(stream); // the answer was on its way when the signals came
            }
        }
    }

    fail(stream, sentence) {
        stream.failed = true;
        stream.handler.failed(sentence);
    }

    text(message) {
        const stream = this.open.get(message.stream);
        if (message.type === 'error' && stream) {
            this.fail(stream, message.message);
        } else if (message.type === 'error') {
            console.warn(message.message);
        }
    }

    binary(buffer) {
        this.totals.messages++;
        this.totals.bytes += buffer.byteLength;
        const message = decode(buffer);
        const stream = this.open.get(message.stream);
        if (stream) {
            stream.messages++;
            stream.bytes += buffer.byteLength;
            stream.dropped += message.dropped;
            stream.handler.frame(message);
        }
    }

    stats() {
        const streams = [...this.open.values()].map(({number, request, messages, bytes, drawn, dropped}) => ({
            stream: number,
            signal: request.signal,
            kind: request.kind,
            messages,
            bytes,
            drawn,
            dropped,
        }));
        return {...this.totals, drawn: streams.reduce((sum, stream) => sum + stream.drawn, 0), streams};
    }
}
