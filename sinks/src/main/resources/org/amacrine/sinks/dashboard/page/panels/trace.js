// Values of chosen pixels, means, and the entries of vectors, over the last seconds.

import {choice, h, setText} from '../dom.js';
import {fixed, short, withUnit} from '../format.js';
import {redraw} from '../frames.js';
import {isSpikes, isVector, shortName, unitOf} from '../signals.js';
import {lineColor} from '../theme.js';
import {Panel} from './panel.js';
import {fitPlot, makePlot} from './plot.js';
import {Series} from './series.js';

const LONGEST_SECONDS = 10;
const SPIKE_WINDOW_SECONDS = 0.05;
const MOST_BUCKETS = 1000;
const MOST_POINTS = 60000;
const MOST_PROBES = 64;
/** Of a longer vector, what is shown at first. */
const FIRST_ENTRIES = 16;

/**
 * The options hold lines, a list of {signal, probe}; the probe is "mean", [channel, row, column], or for a vector the
 * number of an entry.
 */
export class TracePanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.plotPlace = h('div', {class: 'plot'});
        this.body.prepend(this.plotPlace);
        this.legend = h('div', {class: 'legend'});
        this.pauseButton = h(
            'button',
            {class: 'small', 'aria-pressed': 'false', onclick: () => this.pause()},
            'Pause display'
        );
        this.foot.append(this.legend, this.pauseButton);
        this.paused = false;
        this.lines = [];
        this.hovered = null;
    }

    title() {
        const lines = this.options.lines ?? [];
        const signals = new Set(lines.map(line => line.signal));
        if (signals.size > 1 && lines.every(line => line.probe === 'mean')) {
            return [...signals].every(name => /spikes/.test(name)) ? 'mean rates' : 'means';
        }
        const signal = this.signal;
        const part =
            signal && isVector(signal) && signals.size === 1 && lines.length < signal.shape[0]
                ? `, ${lines.length} of ${signal.shape[0]}`
                : '';
        return `traces ${shortName(this.spec.signal)}${part}`;
    }

    defaultLines() {
        const signal = this.signal;
        if (signal && isVector(signal)) {
            return Array.from({length: Math.min(signal.shape[0], FIRST_ENTRIES)}, (_, i) => ({
                signal: signal.name,
                probe: i,
            }));
        }
        return [{signal: this.spec.signal, probe: 'mean'}];
    }

    /** Adds a line; false when it is there already or the panel is full. */
    add(signal, probe) {
        const same = line => line.signal === signal && String(line.probe) === String(probe);
        if (
            this.options.lines.some(same) ||
            this.options.lines.filter(line => line.signal === signal).length >= MOST_PROBES
        ) {
            return false;
        }
        this.options.lines.push({signal, probe});
        this.linesChanged();
        return true;
    }

    has(signal) {
        return this.options.lines.some(line => line.signal === signal);
    }

    remove(line) {
        this.options.lines = this.options.lines.filter(other => other !== line.spec);
        this.linesChanged();
    }

    linesChanged() {
        this.changed();
        this.onTitle?.();
        if (this.shown) {
            this.resubscribe();
        }
    }

    requests() {
        if (!this.options.lines) {
            this.options.lines = this.defaultLines();
            this.onTitle?.();
        }
        this.makeLines();
        const bySignal = groupBy(this.lines, line => line.spec.signal);
        return [...bySignal].map(([name, lines]) => {
            const probes = lines.map(({spec: {probe}}) => (typeof probe === 'number' ? [probe, 0, 0] : probe));
            return [
                {signal: name, kind: 'series', probes},
                message => {
                    lines.forEach((line, i) =>
                        line.series.append(message.firstFrame, message.frames, message.payload, i, message.channels)
                    );
                    if (!this.paused) {
                        redraw(this);
                    }
                },
            ];
        });
    }

    makeLines() {
        const old = new Map(this.lines.map(line => [line.spec, line]));
        this.lines = this.options.lines.map((spec, i) => {
            const signal = this.context.control.signal(spec.signal);
            const rate = signal?.stepsPerSecond ?? 1000;
            const spikes = isSpikes(signal ?? {});
            const kept = old.get(spec);
            const series =
                kept?.rate === rate
                    ? kept.series
                    : new Series(
                          Math.ceil(LONGEST_SECONDS * rate) + 1,
                          spikes ? Math.max(1, Math.round(SPIKE_WINDOW_SECONDS * rate)) : 1,
                          spikes ? rate : 1
                      );
            return {spec, rate, series, spikes, number: i, unit: signal ? unitOf(signal) : ''};
        });
        this.makeLegend();
        this.makePlot();
    }

    makeLegend() {
        const several = new Set(this.lines.map(line => line.spec.signal)).size > 1;
        this.legend.replaceChildren(
            ...this.lines.map(line => {
                const {signal, probe} = line.spec;
                const place =
                    probe === 'mean' ? 'mean' : Array.isArray(probe) ? `(${probe[1]}, ${probe[2]})` : String(probe);
                line.value = h('span', {class: 'value'});
                const label = several ? `${shortName(signal).replace(/^ganglion_spikes_/, '')} ${place}` : place;
                const swatch = h('span', {class: 'swatch'});
                swatch.style.background = lineColor(line.number);
                return h(
                    'span',
                    {
                        class: 'chip',
                        title: `${signal}, ${Array.isArray(probe) ? `row ${probe[1]}, column ${probe[2]}` : place}`,
                    },
                    swatch,
                    h('span', {text: label}),
                    line.value,
                    this.lines.length > 1
                        ? h(
                              'button',
                              {class: 'chip-remove', 'aria-label': `Remove ${label}`, onclick: () => this.remove(line)},
                              '×'
                          )
                        : null
                );
            })
        );
    }

    get seconds() {
        return this.options.seconds ?? 5;
    }

    makePlot() {
        this.plot?.destroy();
        const buckets = Math.min(MOST_BUCKETS, Math.floor(MOST_POINTS / 2 / Math.max(1, this.lines.length)));
        this.buckets = buckets;
        this.data = [new Float64Array(2 * buckets), ...this.lines.map(() => new Array(2 * buckets).fill(null))];
        const units = new Set(this.lines.map(line => line.unit));
        this.unit = units.size === 1 ? [...units][0] : '';
        this.plot = makePlot(this.plotPlace, this.data, {
            xLabel: tick => (tick < 0 ? '' : `${Number(tick.toFixed(2))} s`),
            yLabel: tick => withUnit(short(tick), this.unit),
            xRange: () => this.range ?? [0, this.seconds],
            yRange: this.lines.every(line => line.spikes) ? (lo, hi) => [0, 1.1 * Math.max(hi ?? 0, 1)] : null,
            lines: this.lines.map(line => ({stroke: lineColor(line.number), width: 1.25})),
            hover: index => {
                this.hovered = index;
                this.tellValues();
            },
        });
        redraw(this);
    }

    clear() {
        this.lines.forEach(line => line.series.clear());
    }

    pause() {
        this.paused = !this.paused;
        this.pauseButton.setAttribute('aria-pressed', String(this.paused));
        setText(this.pauseButton, this.paused ? 'Resume display' : 'Pause display');
        redraw(this);
    }

    draw() {
        if (!this.plot || this.paused) {
            return;
        }
        const newest = Math.max(0, ...this.lines.map(line => line.series.end / line.rate));
        const length = this.seconds / this.buckets;
        // Buckets begin at whole multiples of their length: a point then stays what it was while it moves.
        const last = Math.ceil(newest / length);
        const first = last - this.buckets;
        const x = this.data[0];
        for (let k = 0; k < this.buckets; k++) {
            x[2 * k] = (first + k) * length;
            x[2 * k + 1] = (first + k + 0.5) * length;
        }
        this.lines.forEach((line, i) => {
            for (let k = 0; k < this.buckets; k++) {
                const from = Math.ceil((first + k) * length * line.rate);
                const to = Math.ceil((first + k + 1) * length * line.rate);
                line.series.extremes(from, to, this.data[i + 1], 2 * k);
            }
        });
        this.range = [newest - this.seconds, newest];
        this.plot.setData(this.data);
        this.tellValues();
        this.countDrawn();
    }

    /** The values under the pointer, else the newest ones. */
    tellValues() {
        for (const line of this.lines) {
            const under = this.hovered === null ? undefined : this.data[line.number + 1][this.hovered];
            const value = this.hovered === null ? line.series.at(line.series.end - 1) : under;
            setText(line.value, withUnit(line.unit === 'Hz' ? fixed(value, 1) : short(value), line.unit));
        }
    }

    resized() {
        fitPlot(this.plot, this.plotPlace);
    }

    restyle() {
        if (this.plot) {
            this.makeLegend();
            this.makePlot();
        }
    }

    settings() {
        return h(
            'div',
            {class: 'settings'},
            choice(
                'Time shown',
                [2, 5, 10].map(n => [String(n), `${n} s`]),
                String(this.seconds),
                value => {
                    this.options.seconds = Number(value);
                    this.changed();
                }
            ),
            this.adder(),
            h('p', {
                class: 'hint',
                text: 'A click on a pixel of an image adds its trace, too. Rates are means over 50 ms.',
            })
        );
    }

    /** Adds lines by name: the mean, a pixel, or entries of a vector. */
    adder() {
        const {control} = this.context;
        const names = (control.hello?.signals ?? []).map(signal => signal.name);
        const what = h('input', {type: 'text', testid: 'line-probe', 'aria-label': 'Line to add'});
        let signal = null;
        const take = name => {
            signal = control.signal(name);
            what.placeholder = signal && isVector(signal) ? '0-7, 12 or mean' : 'row, column or mean';
            what.setCustomValidity('');
        };
        take(this.spec.signal);
        what.addEventListener('input', () => what.setCustomValidity(''));
        const add = event => {
            event.preventDefault();
            try {
                probesOf(what.value, signal).forEach(probe => this.add(signal.name, probe));
                what.value = '';
            } catch (error) {
                what.setCustomValidity(error.message);
                what.reportValidity();
            }
        };
        return h(
            'form',
            {class: 'adder', onsubmit: add, novalidate: true},
            choice(
                'Add',
                names.map(name => [name, shortName(name)]),
                this.spec.signal,
                take
            ),
            what,
            h('button', {class: 'small', testid: 'line-add'}, 'Add')
        );
    }

    /** The newest value of each line and the step it belongs to. */
    newest() {
        return this.lines.map(({spec, series}) => ({...spec, step: series.end - 1, value: series.at(series.end - 1)}));
    }

    dispose() {
        super.dispose();
        this.plot?.destroy();
    }
}

/** What a person wrote, as probes of a signal; throws a sentence that says what is possible. */
function probesOf(text, signal) {
    const words = text.trim();
    if (words === 'mean') {
        return ['mean'];
    }
    const [channels, rows, columns] = signal.shape;
    return isVector(signal) ? entriesOf(words, channels) : [pixelOf(words, channels, rows, columns)];
}

/** Entries such as "0-7, 12". */
function entriesOf(words, entries) {
    return words.split(',').flatMap(part => {
        const [, from, to = from] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
        if (!(Number(from) <= Number(to) && to < entries)) {
            throw new Error(`Give entries from 0 to ${entries - 1}, for example 0-7, 12; or mean.`);
        }
        return Array.from({length: to - from + 1}, (_, i) => Number(from) + i);
    });
}

/** A pixel as "row, column" or "channel, row, column". */
function pixelOf(words, channels, rows, columns) {
    const given = words.split(/[\s,]+/).map(Number);
    const probe = given.length === 2 ? [0, ...given] : given;
    const limits = [channels, rows, columns];
    if (probe.length !== 3 || !probe.every((x, i) => Number.isInteger(x) && x >= 0 && x < limits[i])) {
        throw new Error(
            `Give row, column from 0, 0 to ${rows - 1}, ${columns - 1}` +
                `${channels > 1 ? `, with the channel (to ${channels - 1}) before it` : ''}; or mean.`
        );
    }
    return probe;
}

function groupBy(items, key) {
    const groups = new Map();
    items.forEach(item => groups.set(key(item), [...(groups.get(key(item)) ?? []), item]));
    return groups;
}
