// One editor for each kind of parameter.

import {h} from './dom.js';
import {valueText} from './format.js';

/** A parameter needs another editor when this changes: a field with one value for all pixels is edited as a number. */
export function editorKind({kind, value}) {
    return kind === 'field' && typeof value === 'number' ? 'number' : kind;
}

/**
 * The editor of a parameter: {element, input, tooLarge, show(value), settle()}. It calls submit with each new value;
 * show never overwrites what a person is typing, settle ends the edit.
 */
export function editorFor(param, submit) {
    const id = `param-${param.path}`;
    const common = {id, testid: id};
    if (param.kind === 'flag') {
        return flag(common, submit);
    }
    if (param.kind === 'text' && param.choices?.length) {
        return choices(common, param, submit);
    }
    if (editorKind(param) === 'number' || param.kind === 'integer') {
        return typed(
            h('input', {...common, type: 'number', ...bounds(param)}),
            String,
            parseNumber(param.kind),
            submit
        );
    }
    if (param.kind === 'field' || param.kind === 'array') {
        return typed(
            h('textarea', {...common, rows: 1, spellcheck: 'false', class: 'array'}),
            arrayText,
            parseArray,
            submit
        );
    }
    return typed(h('input', {...common, type: 'text', spellcheck: 'false'}), valueText, text => text, submit);
}

/** A step of about a twentieth of the default, so that the arrows are of use. */
function bounds({kind, min, max, default: start}) {
    const size = Math.abs(typeof start === 'number' ? start : 0);
    const step =
        kind === 'integer'
            ? 1
            : size > 0
              ? 10 ** (Math.floor(Math.log10(size)) - 1) * (/^[5-9]/.test(size.toExponential()) ? 5 : 1)
              : 0.1;
    return {min, max, step: Number(step.toPrecision(2)), inputmode: 'decimal'};
}

function flag(common, submit) {
    const input = h('input', {...common, type: 'checkbox', onchange: () => submit(input.checked)});
    return {
        element: input,
        input,
        tooLarge: false,
        settle: () => {},
        show: value => {
            input.checked = Boolean(value);
        },
    };
}

function choices(common, param, submit) {
    const input = h(
        'select',
        {...common, onchange: () => submit(input.value)},
        ...param.choices.map(value => h('option', {value}, value))
    );
    return {
        element: input,
        input,
        tooLarge: false,
        settle: () => {},
        show: value => {
            input.value = value;
        },
    };
}

/** Text that is sent with Enter or on leaving the field; Escape brings the old value back. */
function typed(input, print, parse, submit) {
    let value;
    let editing = false;
    const editor = {
        element: input,
        input,
        tooLarge: false,
        settle: () => {
            editing = false;
        },
        show: newest => {
            value = newest;
            editor.tooLarge = Array.isArray(newest?.shape) && !newest.values;
            if (!editing) {
                input.value = newest === null || newest === undefined ? '' : print(newest);
                input.setCustomValidity('');
            }
        },
    };
    const send = () => {
        if (!editing) {
            return;
        }
        if (input.value === (value === null || value === undefined ? '' : print(value))) {
            editing = false;
            return;
        }
        try {
            const parsed = parse(input.value, input);
            input.setCustomValidity('');
            editing = false;
            submit(parsed);
        } catch (error) {
            input.setCustomValidity(error.message);
            input.reportValidity();
        }
    };
    input.addEventListener('input', () => {
        editing = true;
        input.setCustomValidity('');
    });
    input.addEventListener('change', send);
    input.addEventListener('keydown', event => {
        if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            send();
        } else if (event.key === 'Escape' && editing) {
            event.preventDefault();
            editing = false;
            editor.show(value);
        }
    });
    return editor;
}

function parseNumber(kind) {
    return text => {
        const x = Number(text);
        if (text.trim() === '' || !Number.isFinite(x)) {
            throw new Error(`Give a ${kind === 'integer' ? 'whole number' : 'number'}.`);
        }
        return x; // whether it is allowed is for the server to say
    };
}

/** A field's one number, nested lists in rows, or the shape of what is too large. */
function arrayText(value) {
    if (typeof value === 'number') {
        return String(value);
    }
    if (!value.values) {
        return `${value.shape.join(' × ')} values`;
    }
    return JSON.stringify(nest(value.values.flat(Infinity), value.shape)).replaceAll('],[', '],\n [');
}

function nest(values, shape) {
    if (shape.length <= 1) {
        return values;
    }
    const size = values.length / shape[0];
    return Array.from({length: shape[0]}, (_, i) => nest(values.slice(i * size, (i + 1) * size), shape.slice(1)));
}

function parseArray(text) {
    let parsed;
    try {
        parsed = JSON.parse(text);
    } catch {
        throw new Error('Give a number or nested lists, for example [[0, 1], [1, 0]].');
    }
    if (typeof parsed === 'number') {
        return parsed;
    }
    const shape = [];
    for (let level = parsed; Array.isArray(level); level = level[0]) {
        shape.push(level.length);
    }
    if (!shape.length || !fits(parsed, shape)) {
        throw new Error('All rows must have the same number of numbers.');
    }
    return parsed;
}

function fits(list, [length, ...rest]) {
    return (
        Array.isArray(list) &&
        list.length === length &&
        list.every(item => (rest.length ? fits(item, rest) : typeof item === 'number'))
    );
}
