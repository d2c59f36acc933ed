// What a signal is, and how it is best looked at.

/** Signals of cells that go above and below rest; they get a scale that is symmetric about zero. */
const SIGNED = /(^|[._])(opl|bipolar)($|[._])/;

/** Vectors that are shown as a ribbon at first. */
const PROBABILITIES = /(^|[._])(predictive|filtered|smoothed|posterior|probabilities)($|[._])/;

export function isVector(signal) {
    return signal.is === 'vector';
}

export function isSpikes(signal) {
    return signal.is === 'spikes';
}

export function isSigned(signal) {
    return signal.is === 'values' && SIGNED.test(signal.name);
}

let names = [];

/** Tells what signals there are, so that names are as long as it takes to tell them apart. */
export function knowSignals(signals) {
    names = signals.map(signal => signal.name);
}

/** The name without its stage, unless only "output" would be left, or another stage has a signal of that name. */
export function shortName(name) {
    const rest = withoutStage(name);
    const isShared = names.some(other => other !== name && withoutStage(other) === rest);
    return rest === 'output' || isShared ? name : rest;
}

function withoutStage(name) {
    return name.slice(name.indexOf('.') + 1);
}

/** Spikes are shown as rates, in spikes per second of a cell. */
export function unitOf(signal) {
    return signal && isSpikes(signal) ? 'Hz' : (signal?.unit ?? '');
}

/** Whether a vector holds the probabilities of states, by its name. */
export function isProbabilities(signal) {
    return isVector(signal) && PROBABILITIES.test(signal.name);
}

/** The kinds of panel that make sense, the usual one first. */
export function kindsFor(signal) {
    if (isVector(signal)) {
        return isProbabilities(signal) ? ['ribbon', 'trace'] : ['trace', 'ribbon'];
    }
    return isSpikes(signal) ? ['image', 'raster', 'trace', 'histogram'] : ['image', 'trace'];
}

export function mapFor(signal) {
    if (!signal || isSpikes(signal)) {
        return signal ? 'heat' : 'grey';
    }
    return isSigned(signal) ? 'signed' : signal.role === 'source' ? 'grey' : 'viridis';
}

/** The OFF signal of an ON signal, or the other way round; null without one. */
export function partnerOf(signal, signals) {
    const name = signal.name.endsWith('_ON')
        ? signal.name.replace(/_ON$/, '_OFF')
        : signal.name.replace(/_OFF$/, '_ON');
    return name === signal.name ? null : (signals.find(other => other.name === name && isSpikes(other)) ?? null);
}

export function isOff(name) {
    return name.endsWith('_OFF');
}
