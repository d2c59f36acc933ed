// Which panels there are and where: kept per pipeline, and a sensible start.

import {isSpikes, isVector, kindsFor, partnerOf} from './signals.js';

const VERSION = 1;

/** The signal that the panel of the pipeline's graph is named by. */
export const GRAPH_SIGNAL = 'pipeline';

function key(pipeline) {
    return `amacrine.layout.${pipeline}`;
}

/** The list of panel specs, or null when none was kept. */
export function loadLayout(pipeline) {
    try {
        const kept = JSON.parse(localStorage.getItem(key(pipeline)));
        return kept?.version === VERSION && Array.isArray(kept.panels) ? kept.panels : null;
    } catch {
        return null; // not ours, or damaged: begin anew
    }
}

export function saveLayout(pipeline, panels) {
    try {
        localStorage.setItem(key(pipeline), JSON.stringify({version: VERSION, panels}));
    } catch (error) {
        console.warn(`The layout could not be kept: ${error.message}`);
    }
}

export function forgetLayout(pipeline) {
    localStorage.removeItem(key(pipeline));
}

/** Every image; a raster, mean rates and a histogram of the spikes; vectors as ribbons or traces; the graph. */
export function defaultLayout(signals) {
    const panels = [];
    const add = (kind, signal, more = {}) =>
        panels.push({kind, signal, wide: false, tall: false, options: {}, ...more});
    const spikes = signals.filter(isSpikes);
    const vectors = signals.filter(isVector);
    const images = signals.filter(signal => !isVector(signal));
    images.forEach(signal => add('image', signal.name));
    const first = spikes.filter(signal => !(signal.name.endsWith('_OFF') && partnerOf(signal, spikes)));
    first.forEach(signal => add('raster', signal.name, {wide: true}));
    if (spikes.length) {
        // Narrow where a wide one would leave a hole in four columns.
        add('trace', spikes[0].name, {
            wide: images.length % 4 !== 2,
            options: {lines: spikes.map(signal => ({signal: signal.name, probe: 'mean'}))},
        });
        add('histogram', spikes[0].name);
    }
    vectors.forEach(signal => add(kindsFor(signal)[0], signal.name, {wide: true}));
    add('graph', GRAPH_SIGNAL, {wide: true});
    return panels;
}
