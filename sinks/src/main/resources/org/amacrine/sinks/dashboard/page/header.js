// The top of the page: state, commands, figures, connection, and the menu of panels.

import {find, h, setText} from './dom.js';
import {fixed, whole} from './format.js';
import {GRAPH_SIGNAL} from './layout.js';
import {kindsFor} from './signals.js';

const POSSIBLE = {
    start: ['NEW', 'STOPPED', 'FAILED'],
    pause: ['RUNNING'],
    resume: ['PAUSED'],
    stop: ['STARTING', 'RUNNING', 'PAUSED'],
};
const COMMANDS = Object.keys(POSSIBLE);
const READ_ONLY = 'Read only: open the page with the control token to steer.';
const KIND_NAMES = {
    image: 'image',
    raster: 'raster',
    trace: 'trace',
    histogram: 'histogram',
    ribbon: 'ribbon',
    graph: 'graph',
};

export class Header {
    constructor(control, streams, grid) {
        this.control = control;
        this.streams = streams;
        this.grid = grid;
        this.figures = {};
        find('figures').append(
            ...[
                ['time', 'stream time'],
                ['realTime', 'real time'],
                ['frames', 'frames / s'],
                ['drops', 'dropped'],
                ['viewers', 'viewers'],
            ].map(([key, label]) => {
                this.figures[key] = h('dd', {testid: `figure-${key}`, text: '–'});
                return h('div', {class: `figure figure-${key}`}, h('dt', {text: label}), this.figures[key]);
            })
        );
        for (const command of COMMANDS) {
            find(command).addEventListener('click', () => this.command(command));
        }
        control.addEventListener('hello', () => this.hello());
        control.addEventListener('state', () => {
            this.refused = '';
            this.state();
        });
        control.addEventListener('metrics', () => this.metrics());
        this.menu();
        this.connection();
    }

    async command(command) {
        find(command).disabled = true; // until the state says what is possible next
        this.refused = '';
        try {
            await this.control.do(command);
        } catch (error) {
            this.refused = error.message;
        }
        this.state();
    }

    hello() {
        const {pipeline, program, canSteer} = this.control.hello;
        setText(find('pipeline'), pipeline);
        find('pipeline').title = program;
        document.title = `${pipeline} · Amacrine`;
        find('read-only').hidden = canSteer;
        find('read-only').title = READ_ONLY;
    }

    state() {
        const {state, canSteer, hello, isOpen} = this.control;
        setText(find('state'), state ?? '–');
        find('state-lamp').dataset.state = state ?? '';
        for (const command of COMMANDS) {
            const possible = POSSIBLE[command].includes(state);
            find(command).disabled = !canSteer || !possible;
            const impossible = possible ? '' : `Not possible while ${state}.`;
            find(command).title = !isOpen || !hello ? 'Not connected.' : hello.canSteer ? impossible : READ_ONLY;
        }
        this.banner();
    }

    metrics() {
        const {seconds, realTime, stepsPerSecond, frames, viewers} = this.control.metrics;
        setText(this.figures.time, `${fixed(seconds, 1)} s`);
        setText(this.figures.realTime, `${fixed(realTime, 2)} ×`);
        setText(this.figures.frames, whole(stepsPerSecond));
        setText(this.figures.drops, whole(frames.dropped));
        this.figures.drops.title =
            `read ${whole(frames.read)}, used ${whole(frames.used)}, dropped ${whole(frames.dropped)}, ` +
            `passed over ${whole(frames.passedOver)}, waiting ${whole(frames.waiting)}, late ${whole(frames.late)}, ` +
            `never arrived ${whole(frames.neverArrived)}`;
        this.figures.drops.classList.toggle('warn', frames.dropped > 0);
        setText(this.figures.viewers, whole(viewers));
    }

    connection() {
        const open = this.control.isOpen && this.streams.isOpen;
        const text = open ? 'connected' : this.everOpen ? 'disconnected' : 'connecting';
        this.everOpen ||= open;
        const element = find('connection');
        setText(element, text);
        element.dataset.connection = text;
        document.body.classList.toggle('offline', !open);
        this.state();
    }

    /** One sentence at a time: the connection, then a failure, then a refused command. */
    banner() {
        const {control} = this;
        const open = control.isOpen && this.streams.isOpen;
        const sentence =
            !open && this.everOpen
                ? this.reason || 'The connection to the pipeline is lost. Trying again …'
                : !open && this.reason
                  ? this.reason
                  : control.state === 'FAILED' && control.failure
                    ? `The runner has failed: ${control.failure}`
                    : (this.refused ?? '');
        setText(find('banner'), sentence);
        find('banner').hidden = !sentence;
    }

    /** Why there is no connection, where the server says; WebSockets keep it to themselves. */
    explain(reason) {
        this.reason = reason;
        this.banner();
    }

    menu() {
        const button = find('add');
        const menu = find('add-menu');
        const toggle = open => {
            menu.hidden = !open;
            button.setAttribute('aria-expanded', String(open));
            if (open) {
                this.fillMenu(() => toggle(false));
                menu.querySelector('button')?.focus();
            }
        };
        button.addEventListener('click', () => toggle(menu.hidden));
        document.addEventListener('pointerdown', event => {
            if (!menu.hidden && !menu.parentElement.contains(event.target)) {
                toggle(false);
            }
        });
        menu.parentElement.addEventListener('keydown', event => {
            if (event.key === 'Escape' && !menu.hidden) {
                toggle(false);
                button.focus();
            }
        });
    }

    fillMenu(close) {
        const add = (signal, kind) =>
            h(
                'button',
                {
                    class: 'small',
                    testid: `add-${signal}-${kind}`,
                    'aria-label': `Add ${KIND_NAMES[kind]} of ${signal}`,
                    onclick: () => {
                        this.grid.add(kind, signal);
                        close();
                    },
                },
                KIND_NAMES[kind]
            );
        const rows = (this.control.hello?.signals ?? []).map(signal =>
            h(
                'div',
                {class: 'menu-row'},
                h(
                    'span',
                    {class: 'menu-name'},
                    signal.name,
                    h('span', {class: 'muted', text: ` ${signal.shape.join(' × ')}`})
                ),
                h('span', {class: 'menu-kinds'}, ...kindsFor(signal).map(kind => add(signal.name, kind)))
            )
        );
        find('add-menu').replaceChildren(
            ...rows,
            h(
                'div',
                {class: 'menu-row'},
                h('span', {class: 'menu-name', text: 'pipeline'}),
                h('span', {class: 'menu-kinds'}, add(GRAPH_SIGNAL, 'graph'))
            ),
            h(
                'div',
                {class: 'menu-row menu-end'},
                h('span', {class: 'muted', text: 'The layout is kept in this browser.'}),
                h(
                    'button',
                    {
                        class: 'small',
                        id: 'reset-layout',
                        testid: 'reset-layout',
                        onclick: () => {
                            this.grid.reset();
                            close();
                        },
                    },
                    'Reset layout'
                )
            )
        );
    }
}
