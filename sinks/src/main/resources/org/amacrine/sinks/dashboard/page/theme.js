// Light, dark, or as the system has it; and the style sheet's colours for canvases.

const KEY = 'amacrine.theme';
const listeners = new Set();
const cache = new Map();
const probe = document.createElement('span');

export const LINES = 8;

export function startTheme(select) {
    probe.hidden = true;
    document.body.append(probe);
    select.value = localStorage.getItem(KEY) ?? 'system';
    const apply = () => {
        document.documentElement.dataset.theme = select.value;
        changed();
    };
    select.addEventListener('change', () => {
        localStorage.setItem(KEY, select.value);
        apply();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
    apply();
}

function changed() {
    cache.clear();
    listeners.forEach(listener => listener());
}

/** Calls back after each change; gives a function that ends this. */
export function onTheme(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** The colour of a custom property such as "--ink", as canvases understand it. */
export function color(name) {
    let value = cache.get(name);
    if (!value) {
        probe.style.color = `var(${name})`;
        value = getComputedStyle(probe).color;
        cache.set(name, value);
    }
    return value;
}

/** The colour of the n-th line of a plot; they repeat. */
export function lineColor(n) {
    return color(`--line-${n % LINES}`);
}

/** In both themes: what was painted in these stays right when the theme changes. */
const STATES = [
    '#d9772b',
    '#4a82d0',
    '#3fa56a',
    '#b357ab',
    '#2aa0ab',
    '#cf4f5f',
    '#a8982c',
    '#7d72d8',
    '#94714e',
    '#7f8c96',
];
const GOLDEN_DEGREES = 137.508;

/** The colour of the n-th state, always the same; beyond the first ones, hues that lie far apart. */
export function stateColor(n) {
    return STATES[n] ?? `hsl(${Math.round((n * GOLDEN_DEGREES) % 360)} 50% ${[44, 58, 70][n % 3]}%)`;
}
