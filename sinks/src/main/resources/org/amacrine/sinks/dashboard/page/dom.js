// Small helpers for elements.

/** An element; properties are attributes, "on…" listeners, or class, text, style and dataset. */
export function h(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.startsWith('on')) {
            element.addEventListener(name.slice(2), value);
        } else if (name === 'text') {
            element.textContent = value;
        } else if (name === 'testid') {
            element.dataset.testid = value;
        } else if (value === true) {
            element.setAttribute(name, '');
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value);
        }
    }
    element.append(...children.filter(child => child !== null));
    return element;
}

/** Brings an element into view, calmly unless motion is not wanted. */
export function reveal(element) {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollIntoView({block: 'nearest', behavior: still ? 'auto' : 'smooth'});
}

export function find(id) {
    return document.getElementById(id);
}

/** Writes only what differs: a text that is set again costs a layout. */
export function setText(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

const ICONS = {
    close: 'M4 4l8 8M12 4l-8 8',
    options: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.5v4M6 9.5v4',
    wide: 'M2 8h12M5 5L2 8l3 3M11 5l3 3-3 3',
    tall: 'M8 2v12M5 5l3-3 3 3M5 11l3 3 3-3',
    handle: 'M6 3.5v.01M10 3.5v.01M6 8v.01M10 8v.01M6 12.5v.01M10 12.5v.01',
    reset: 'M3 3v3.5h3.5M3.2 6.5A5.2 5.2 0 1 1 2.8 9',
};

export function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
}

export function iconButton(name, label, onclick, properties = {}) {
    return h('button', {class: 'icon-button', 'aria-label': label, title: label, onclick, ...properties}, icon(name));
}

/** A labelled choice; choices are [value, text] pairs. */
export function choice(label, choices, value, onchange) {
    const select = h(
        'select',
        {onchange: () => onchange(select.value)},
        ...choices.map(([key, text]) => h('option', {value: key, selected: key === value}, text))
    );
    return h('label', {class: 'option'}, h('span', {text: label}), select);
}

/** A labelled number; onchange gets only finite numbers. */
export function numberInput(label, value, onchange, properties = {}) {
    const input = h('input', {
        type: 'number',
        step: 'any',
        value,
        ...properties,
        onchange: () => {
            if (Number.isFinite(input.valueAsNumber)) {
                onchange(input.valueAsNumber);
            }
        },
    });
    return h('label', {class: 'option'}, h('span', {text: label}), input);
}

/** Hands a text over as a file. */
export function download(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], {type}));
    h('a', {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}
