// The change log: what was set, when, and from which frame it was in force.

import {download, h, setText} from './dom.js';
import {valueText, whole} from './format.js';

const COLUMNS = ['number', 'time', 'run', 'path', 'value', 'frame'];

export class ChangeLog {
    constructor(control) {
        this.control = control;
        this.body = h('tbody');
        this.count = h('span', {class: 'muted'});
        this.buttons = [
            h(
                'button',
                {class: 'small', testid: 'changes-csv', onclick: () => this.save('csv', 'text/csv', this.csv())},
                'CSV'
            ),
            h(
                'button',
                {
                    class: 'small',
                    testid: 'changes-json',
                    onclick: () => this.save('json', 'application/json', this.json()),
                },
                'JSON'
            ),
        ];
        this.none = h('p', {class: 'hint', text: 'Nothing was changed yet.'});
        this.element = h(
            'section',
            {class: 'changes', 'aria-label': 'Change log'},
            h('header', {class: 'drawer-bar'}, h('h2', {}, 'Changes ', this.count), ...this.buttons),
            h(
                'div',
                {class: 'changes-scroll', tabindex: '0', 'aria-label': 'Changes, newest first'},
                h(
                    'table',
                    {testid: 'changes'},
                    h(
                        'thead',
                        {},
                        h(
                            'tr',
                            {},
                            ...[
                                ['No.', 'number'],
                                ['Time', ''],
                                ['Parameter', ''],
                                ['Value', 'number'],
                                ['Frame', 'number'],
                            ].map(([text, kind]) => h('th', {scope: 'col', class: kind, text}))
                        )
                    ),
                    this.body
                ),
                this.none
            )
        );
        control.addEventListener('changes', () => this.show());
        this.show();
    }

    /** Newest first. */
    show() {
        const {changes} = this.control;
        setText(this.count, changes.length ? String(changes.length) : '');
        this.none.hidden = changes.length > 0;
        this.buttons.forEach(button => (button.disabled = changes.length === 0));
        this.body.replaceChildren(
            ...changes
                .slice(-500)
                .reverse()
                .map(change =>
                    h(
                        'tr',
                        {},
                        h('td', {class: 'number', text: String(change.number)}),
                        h('td', {
                            text: clock(change.time),
                            title: change.time ? new Date(change.time).toLocaleString() : 'The time was not kept.',
                        }),
                        h('td', {class: 'path', text: change.path, title: change.path}),
                        h('td', {class: 'number', text: valueText(change.value)}),
                        h('td', {
                            class: 'number',
                            text:
                                change.frame === null || change.frame === undefined
                                    ? 'next start'
                                    : whole(change.frame),
                            title: `run ${change.run}`,
                        })
                    )
                )
        );
    }

    csv() {
        const cell = value => {
            const text =
                value === null || value === undefined
                    ? ''
                    : typeof value === 'object'
                      ? JSON.stringify(value)
                      : String(value);
            return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        };
        const rows = this.control.changes.map(change => ({
            ...change,
            time: change.time ? new Date(change.time).toISOString() : '',
        }));
        return (
            [COLUMNS.join(','), ...rows.map(row => COLUMNS.map(column => cell(row[column])).join(','))].join('\n') +
            '\n'
        );
    }

    json() {
        return `${JSON.stringify(this.control.changes, null, 2)}\n`;
    }

    save(ending, type, text) {
        download(`${this.control.hello?.pipeline ?? 'amacrine'}-changes.${ending}`, type, text);
    }
}

function clock(time) {
    return time ? new Date(time).toLocaleTimeString('en-GB') : '–';
}
