// Numbers as text, in the field's terms.

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});

export function whole(x) {
    return Number.isFinite(x) ? WHOLE.format(x) : '–';
}

/** Four digits that matter: 0.0123, 12.34, 1.2e-5. */
export function short(x) {
    if (typeof x !== 'number' || Number.isNaN(x)) {
        return '–';
    }
    if (x === 0 || !Number.isFinite(x)) {
        return String(x);
    }
    const size = Math.abs(x);
    return size >= 1e6 || size < 1e-3 ? x.toExponential(1) : String(Number(x.toPrecision(size < 1 ? 3 : 4)));
}

export function withUnit(text, unit) {
    return unit ? `${text} ${unit}` : text;
}

export function fixed(x, digits) {
    return Number.isFinite(x) ? x.toFixed(digits) : '–';
}

export function millis(x) {
    return Number.isFinite(x) ? `${x < 10 ? x.toFixed(1) : WHOLE.format(x)} ms` : '– ms';
}

/** A parameter's value on one line. */
export function valueText(value) {
    if (value === null || value === undefined) {
        return '–';
    }
    if (typeof value === 'object') {
        return value.shape ? `[${value.shape.join(' × ')}]` : JSON.stringify(value);
    }
    return String(value);
}
