// The drawer of parameters: found by search, edited, reset, saved and loaded; below it the change log.

import {ChangeLog} from './changes.js';
import {download, find, h, iconButton, setText} from './dom.js';
import {editorFor, editorKind} from './editors.js';
import {valueText, whole, withUnit} from './format.js';

export class Parameters {
    constructor(control) {
        this.control = control;
        this.rows = new Map();
        this.drawer = find('drawer');
        this.button = find('parameters');
        this.search = h('input', {
            type: 'search',
            placeholder: 'Search',
            'aria-label': 'Search by name, unit or documentation',
            title: 'Search by name, unit or documentation',
            testid: 'param-search',
            oninput: () => this.filter(),
        });
        this.onlyChanged = h('input', {type: 'checkbox', onchange: () => this.filter()});
        this.file = h('input', {
            type: 'file',
            accept: '.yaml,.yml,text/plain',
            class: 'unseen',
            tabindex: '-1',
            'aria-label': 'Parameter set',
            testid: 'load-file',
            onchange: () => this.load(),
        });
        this.loadButton = h('button', {class: 'small', testid: 'load', onclick: () => this.file.click()}, 'Load');
        this.status = h('p', {class: 'set-status', role: 'status', testid: 'set-status'});
        this.list = h('div', {class: 'param-list'});
        this.none = h('p', {class: 'hint', hidden: true, testid: 'param-none'});
        this.log = new ChangeLog(control);
        this.drawer.append(
            h(
                'header',
                {class: 'drawer-bar'},
                h('h2', {text: 'Parameters'}),
                h('button', {class: 'small', testid: 'save', onclick: () => this.save()}, 'Save'),
                this.loadButton,
                this.file,
                iconButton('close', 'Close', () => this.toggle(false))
            ),
            h(
                'div',
                {class: 'drawer-search'},
                this.search,
                h('label', {class: 'check'}, this.onlyChanged, 'changed only')
            ),
            this.status,
            h('div', {class: 'param-scroll'}, this.list, this.none),
            this.log.element
        );
        this.button.addEventListener('click', () => this.toggle(this.drawer.hidden));
        this.drawer.addEventListener('keydown', event => {
            if (event.key === 'Escape' && !event.defaultPrevented) {
                this.toggle(false);
            }
        });
        control.addEventListener('params', event => (event.detail ? this.refresh(event.detail) : this.build()));
        control.addEventListener('hello', () => this.steerable());
        control.addEventListener('connection', () => this.steerable());
    }

    toggle(open) {
        this.drawer.hidden = !open;
        document.body.classList.toggle('with-drawer', open);
        this.button.setAttribute('aria-expanded', String(open));
        (open ? this.search : this.button).focus();
    }

    /** Rows are kept where the parameter is the same, so that an edit in progress survives a reconnect. */
    build() {
        const groups = new Map();
        const rows = new Map();
        for (const param of this.control.params.values()) {
            const known = this.rows.get(param.path);
            const row = known && known.kind === editorKind(param) ? known : this.row(param);
            row.param = param;
            rows.set(param.path, row);
            const group = param.path.slice(0, param.path.lastIndexOf('.'));
            groups.set(group, [...(groups.get(group) ?? []), row.element]);
        }
        this.rows = rows;
        const focused = document.activeElement;
        this.list.replaceChildren(
            ...[...groups].map(([name, elements]) =>
                h('section', {class: 'param-group', 'aria-label': name}, h('h3', {text: name}), ...elements)
            )
        );
        if (this.list.contains(focused)) {
            focused.focus();
        }
        rows.forEach((_, path) => this.refresh(path));
        this.steerable();
        this.filter();
    }

    row(param) {
        const {path} = param;
        const row = {kind: editorKind(param), param, words: [path, param.unit, param.doc].join(' ').toLowerCase()};
        row.editor = editorFor(param, value => this.set(row, 'set', value));
        row.reset = iconButton('reset', 'Reset to default', () => this.set(row, 'reset'), {
            testid: `param-${path}-reset`,
        });
        row.status = h('p', {class: 'param-status', role: 'status', testid: `param-${path}-status`});
        row.help = h('p', {class: 'param-help', id: `help-${path}`});
        row.editor.input.setAttribute('aria-describedby', row.help.id);
        row.element = h(
            'div',
            {class: 'param'},
            h(
                'label',
                {for: row.editor.input.id, class: 'param-name', title: path},
                ...breakable(path.slice(path.lastIndexOf('.') + 1))
            ),
            h(
                'div',
                {class: 'param-edit'},
                row.editor.element,
                h('span', {class: 'unit', text: param.unit}),
                row.reset
            ),
            row.help,
            row.status
        );
        return row;
    }

    refresh(path) {
        const row = this.rows.get(path);
        const param = this.control.params.get(path);
        if (!row || !param) {
            return;
        }
        if (row.kind !== editorKind(param)) {
            this.build();
            return;
        }
        row.param = param;
        row.element.classList.toggle('changed', !param.isDefault);
        row.editor.show(param.value);
        const shown =
            param.default === null || param.default === undefined
                ? ''
                : `default ${withUnit(valueText(param.default), param.unit)}`;
        setText(row.help, [param.doc, [param.allowed, shown].filter(Boolean).join('; ')].filter(Boolean).join(' · '));
        this.steerable(row);
        if (this.onlyChanged.checked) {
            this.filter();
        }
    }

    async set(row, command, value) {
        const {path} = row.param;
        const turn = (row.turn = (row.turn ?? 0) + 1); // a later edit speaks for itself
        this.say(row, 'pending', 'pending');
        try {
            const reply = await this.control.do(command, command === 'set' ? {path, value} : {path});
            const param = this.control.params.get(path);
            if (param) {
                param.value = reply.value;
                param.isDefault = JSON.stringify(param.value) === JSON.stringify(param.default);
            }
            if (turn === row.turn) {
                row.editor.settle();
                this.refresh(path);
                this.say(
                    row,
                    'done',
                    reply.frame === null || reply.frame === undefined
                        ? 'in force from the next start'
                        : `in force from frame ${whole(reply.frame)}`
                );
            }
        } catch (error) {
            if (turn === row.turn) {
                row.editor.settle();
                this.refresh(path);
                this.say(row, 'refused', error.message);
            }
        }
    }

    say(row, kind, text) {
        row.status.dataset.kind = kind;
        setText(row.status, text);
    }

    steerable(only = null) {
        const able = this.control.canSteer;
        const why = able
            ? ''
            : this.control.isOpen
              ? 'Read only: open the page with the control token to change it.'
              : 'Not connected.';
        for (const row of only ? [only] : this.rows.values()) {
            row.editor.input.disabled = !able || row.editor.tooLarge;
            row.editor.input.title = row.editor.tooLarge ? 'Too large to edit here.' : why;
            row.reset.disabled = !able || row.param.isDefault;
        }
        this.loadButton.disabled = !able;
        this.loadButton.title = why;
    }

    filter() {
        const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const row of this.rows.values()) {
            const fits =
                words.every(word => row.words.includes(word)) && !(this.onlyChanged.checked && row.param.isDefault);
            row.element.hidden = !fits;
            shown += fits;
        }
        this.list.querySelectorAll('.param-group').forEach(group => {
            group.hidden = !group.querySelector('.param:not([hidden])');
        });
        setText(this.none, this.rows.size ? 'No parameter fits the search.' : 'This pipeline has no parameters.');
        this.none.hidden = shown > 0;
    }

    async save() {
        try {
            const {text} = await this.control.do('save');
            download(`${this.control.hello.pipeline}-parameters.yaml`, 'application/yaml', text);
            this.tell('Saved: every parameter that is not at its default.');
        } catch (error) {
            this.tell(error.message, true);
        }
    }

    async load() {
        const [file] = this.file.files;
        this.file.value = '';
        if (!file) {
            return;
        }
        try {
            const {changed, frame} = await this.control.do('load', {text: await file.text()});
            this.tell(
                `${file.name}: ${changed.length} changed${frame === null ? '' : `, in force from frame ${whole(frame)}`}.`
            );
        } catch (error) {
            this.tell(`${file.name}: ${error.message}`, true);
        }
    }

    tell(text, wrong = false) {
        setText(this.status, text);
        this.status.classList.toggle('wrong', wrong);
    }
}

/** A long name may break before its capitals. */
function breakable(name) {
    return name.split(/(?=[A-Z])/).flatMap((part, i) => (i ? [h('wbr'), part] : [part]));
}
