// The control socket: what exists, how it goes, parameters, changes, commands.

import {Connection} from './connection.js';
import {knowSignals} from './signals.js';

const PING_MILLIS = 5000;
const MOST_SILENT_PERIODS = 3;

/**
 * What the page knows of the pipeline. Events: "hello", "state", "metrics", "params", "changes", "connection".
 */
export class Control extends EventTarget {
    constructor(token) {
        super();
        this.hello = null;
        this.state = null;
        this.failure = null;
        this.metrics = null;
        this.params = new Map();
        this.changes = [];
        this.connection = new Connection('ws/control', token, {
            opened: () => this.tell('connection'),
            closed: () => this.tell('connection'),
            text: message => this.receive(message),
            binary: () => {},
        });
        this.silentPeriods = 0;
        setInterval(() => this.watch(), PING_MILLIS);
    }

    get isOpen() {
        return this.connection.isOpen;
    }

    get canSteer() {
        return this.isOpen && this.hello !== null && this.hello.canSteer;
    }

    signal(name) {
        return this.hello?.signals.find(signal => signal.name === name) ?? null;
    }

    /** Sends a command; the promise holds the reply, or fails with the server's sentence. */
    do(command, fields = {}) {
        return this.connection.request({do: command, ...fields});
    }

    receive(message) {
        this.silentPeriods = 0;
        switch (message.type) {
            case 'hello':
                this.hello = withRoles(message);
                knowSignals(this.hello.signals);
                this.setState(message);
                this.tell('hello');
                this.fetchParameters();
                break;
            case 'state':
                this.setState(message);
                break;
            case 'metrics':
                this.metrics = message;
                this.tell('metrics');
                break;
            case 'change':
                this.change(message);
                break;
            case 'error':
                console.warn(message.message);
                break;
            default: // a newer server may say more
        }
    }

    setState(message) {
        this.state = message.state;
        this.failure = message.failure;
        this.tell('state');
    }

    change(message) {
        // Live changes get the time of arrival where the server gave none.
        this.changes.push({...message, time: message.time ?? Date.now()});
        const param = this.params.get(message.path);
        if (param) {
            param.value = message.value;
            param.isDefault = JSON.stringify(param.value) === JSON.stringify(param.default);
        }
        this.tell('changes');
        this.tell('params', message.path);
    }

    async fetchParameters() {
        try {
            const [{params}, {changes}] = await Promise.all([this.do('params'), this.do('changes')]);
            this.params = new Map(params.map(param => [param.path, param]));
            const times = new Map(this.changes.map(change => [`${change.run} ${change.number}`, change.time]));
            this.changes = changes.map(change => ({
                ...change,
                time: change.time ?? times.get(`${change.run} ${change.number}`),
            }));
            this.tell('params');
            this.tell('changes');
        } catch (error) {
            console.warn(error.message); // asked again with the next hello
        }
    }

    /**
     * A connection that was cut without a word looks open. Counts periods in which nothing was heard, pings included,
     * rather than time: a page that was asleep has its messages waiting.
     */
    watch() {
        if (!this.isOpen) {
            this.silentPeriods = 0;
        } else if (++this.silentPeriods > MOST_SILENT_PERIODS) {
            this.silentPeriods = 0;
            this.connection.renew();
        } else {
            this.do('ping').then(
                () => {
                    this.silentPeriods = 0;
                },
                () => {}
            );
        }
    }

    tell(type, detail = null) {
        this.dispatchEvent(new CustomEvent(type, {detail}));
    }
}

/** A message hello whose signals also have the role of their stage. */
function withRoles(hello) {
    const roles = new Map(hello.graph.stages.map(stage => [stage.name, stage.role]));
    return {...hello, signals: hello.signals.map(signal => ({...signal, role: roles.get(signal.stage)}))};
}
