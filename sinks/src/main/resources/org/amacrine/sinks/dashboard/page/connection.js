// WebSockets that come back by themselves, and the token they carry.

const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 5000;
const TOKEN_KEY = 'amacrine.token';

/** The token of the page's address, else the one kept for this tab; it does not stay in the visible address. */
export function takeToken() {
    const address = new URL(location.href);
    const given = address.searchParams.get('token');
    if (given !== null) {
        sessionStorage.setItem(TOKEN_KEY, given);
        address.searchParams.delete('token');
        history.replaceState(null, '', address);
    }
    return sessionStorage.getItem(TOKEN_KEY);
}

/**
 * One WebSocket. After a loss it tries again, after 0.5 s at first, then twice as long each time, at most 5 s.
 * Handlers: opened(), closed(), text(message), binary(buffer).
 */
export class Connection {
    constructor(path, token, handlers) {
        this.address = new URL(path, document.baseURI);
        this.address.protocol = this.address.protocol === 'https:' ? 'wss:' : 'ws:';
        if (token) {
            this.address.searchParams.set('token', token);
        }
        this.handlers = handlers;
        this.waiting = new Map();
        this.lastId = 0;
        this.waitMillis = FIRST_WAIT_MILLIS;
        this.isOpen = false;
        this.connect();
    }

    connect() {
        const socket = new WebSocket(this.address);
        socket.binaryType = 'arraybuffer';
        socket.onopen = () => {
            this.waitMillis = FIRST_WAIT_MILLIS;
            this.isOpen = true;
            this.handlers.opened();
        };
        socket.onmessage = event => {
            if (typeof event.data === 'string') {
                this.receive(JSON.parse(event.data), event.data.length);
            } else {
                this.handlers.binary(event.data);
            }
        };
        socket.onclose = () => this.lost(socket);
        this.socket = socket;
    }

    receive(message, length) {
        const asked = this.waiting.get(message.id);
        if (asked && (message.type === 'reply' || message.type === 'error')) {
            this.waiting.delete(message.id);
            if (message.type === 'reply') {
                asked.resolve(message);
            } else {
                asked.reject(new Error(message.message));
            }
        } else {
            this.handlers.text(message, length);
        }
    }

    lost(socket) {
        if (socket !== this.socket) {
            return;
        }
        this.isOpen = false;
        for (const asked of this.waiting.values()) {
            asked.reject(new Error('The connection was lost before the answer came.'));
        }
        this.waiting.clear();
        this.handlers.closed();
        setTimeout(() => this.connect(), this.waitMillis);
        this.waitMillis = Math.min(2 * this.waitMillis, LONGEST_WAIT_MILLIS);
    }

    /** Gives the socket up, for example because the server went silent, and connects anew. */
    renew() {
        const socket = this.socket;
        socket.close();
        this.lost(socket);
    }

    /** Sends a message with an id of its own; the promise holds the reply, or fails with the server's sentence. */
    request(message) {
        if (!this.isOpen) {
            return Promise.reject(new Error('There is no connection to the server.'));
        }
        const id = ++this.lastId;
        return new Promise((resolve, reject) => {
            this.waiting.set(id, {resolve, reject});
            this.socket.send(JSON.stringify({id, ...message}));
        });
    }
}
