// A vector of probabilities as bands, stacked over time.

import {choice, h, setText} from '../dom.js';
import {fixed, short} from '../format.js';
import {redraw} from '../frames.js';
import {shortName} from '../signals.js';
import {color, stateColor} from '../theme.js';
import {Panel, fitCanvas} from './panel.js';
import {Scroller} from './scroller.js';

const LEFT = 34;
const TOP = 4;
const RIGHT = 4;
const BOTTOM = 18;
/** With more states than these, the legend names those that take the most room. */
const MOST_NAMED = 12;
/** Probabilities may miss a sum of one by this much. */
const SUM_TOLERANCE = 0.02;

/**
 * Each column of the bitmap shows the mean of its steps. The means are kept, [column][state], for the legend and for the
 * readout under the pointer; NaN stands for a column without steps.
 */
export class RibbonPanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.canvas = h('canvas', {testid: 'canvas', role: 'img', 'aria-label': `Probabilities of ${spec.signal}`});
        this.canvas.addEventListener('pointermove', event => this.point(event));
        this.canvas.addEventListener('pointerleave', () => this.point(null));
        this.readout = h('output', {class: 'readout', hidden: true});
        this.body.prepend(this.canvas);
        this.body.append(this.readout);
        this.legend = h('div', {class: 'legend', testid: 'legend'});
        this.foot.append(this.legend);
    }

    title() {
        return `ribbon ${shortName(this.spec.signal)}`;
    }

    get seconds() {
        return this.options.seconds ?? 5;
    }

    requests() {
        this.states = this.signal?.shape[0] ?? 0;
        this.sums = new Float64Array(this.states);
        this.scroller = new Scroller(Math.max(1, Math.round(this.seconds * (this.signal?.stepsPerSecond ?? 1000))));
        this.fit();
        this.clear();
        return [[{signal: this.spec.signal, kind: 'series'}, message => this.receive(message)]];
    }

    clear() {
        this.scroller.clear();
        this.means.fill(NaN);
        this.covered = -1;
        this.begin(-1);
    }

    /** Begins to add up the steps of a column. */
    begin(column) {
        this.column = column;
        this.sums.fill(0);
        this.steps = 0;
    }

    receive(message) {
        const {scroller, covered} = this;
        const end = message.firstFrame + message.frames;
        scroller.advance(end);
        if (covered >= 0 && message.firstFrame > covered) {
            this.leaveOut(covered, message.firstFrame);
        }
        this.covered = end;
        this.newest = message;
        for (let step = Math.max(0, message.frames - scroller.windowSteps); step < message.frames; step++) {
            const column = scroller.columnOf(message.firstFrame + step);
            if (column !== this.column) {
                this.paint();
                this.begin(column);
            }
            for (let i = 0; i < this.states; i++) {
                this.sums[i] += Math.max(0, message.payload[step * message.channels + i]) || 0;
            }
            this.steps++;
            this.columns = this.columnsOf(message.firstFrame + step);
        }
        this.paint();
        redraw(this);
    }

    /** How many columns a step covers, at least one. */
    columnsOf(step) {
        const {scroller} = this;
        const left = scroller.columnOf(step);
        const right = scroller.columnOf(step + 1);
        return Math.max(1, (right < left ? scroller.width : right) - left);
    }

    leaveOut(from, to) {
        const {scroller, means, states} = this;
        this.begin(-1);
        scroller.fill(from, to, color('--gap'));
        for (let step = Math.max(from, to - scroller.windowSteps); step < to; step++) {
            const column = scroller.columnOf(step);
            means.fill(NaN, column * states, (column + 1) * states);
        }
    }

    /** The mean of the steps so far of the column, also into those after it that a long step covers. */
    paint() {
        const {scroller, column, columns, states} = this;
        if (column < 0 || this.steps === 0) {
            return;
        }
        let sum = 0;
        let bottom = scroller.height;
        for (let i = 0; i < states; i++) {
            const mean = this.sums[i] / this.steps;
            for (let k = column; k < column + columns; k++) {
                this.means[k * states + i] = mean;
            }
            sum += mean;
            const top = Math.round(scroller.height * (1 - Math.min(1, sum)));
            if (top < bottom) {
                scroller.paint(column, columns, stateColor(i), top, bottom - top);
            }
            bottom = top;
        }
        scroller.paint(column, columns, null, 0, bottom); // what was there a window ago
    }

    /** Fits the canvas and the bitmap to the room there is; gives what fitCanvas gives. */
    fit() {
        const fitted = fitCanvas(this.canvas);
        if (!this.scroller) {
            return fitted;
        }
        const {width, height, ratio} = fitted;
        this.scroller.resize(Math.round((width - LEFT - RIGHT) * ratio), Math.round((height - BOTTOM - TOP) * ratio));
        if (this.means?.length !== this.scroller.width * this.states) {
            this.means = new Float32Array(this.scroller.width * this.states).fill(NaN);
            this.begin(-1);
        }
        return fitted;
    }

    resized() {
        this.fit();
        redraw(this);
    }

    draw(now) {
        if (!this.scroller) {
            return;
        }
        const {context, width, height} = this.fit();
        const plotWidth = width - LEFT - RIGHT;
        const plotHeight = height - BOTTOM - TOP;
        context.clearRect(0, 0, width, height);
        context.imageSmoothingEnabled = false;
        context.fillStyle = color('--plot');
        context.fillRect(LEFT, TOP, plotWidth, plotHeight);
        this.scroller.blit(context, LEFT, TOP, plotWidth, plotHeight);
        context.font = '11px system-ui, sans-serif';
        context.fillStyle = color('--muted');
        context.textAlign = 'right';
        context.textBaseline = 'middle';
        for (const p of [0, 0.5, 1]) {
            const y = TOP + plotHeight * (1 - p);
            context.fillText(String(p), LEFT - 6, Math.min(TOP + plotHeight - 5, Math.max(TOP + 5, y)));
        }
        context.textBaseline = 'bottom';
        for (let i = 0; i <= 4; i++) {
            context.textAlign = i === 0 ? 'left' : i === 4 ? 'right' : 'center';
            context.fillText(
                i === 4 ? 'now' : `−${Number(((this.seconds * (4 - i)) / 4).toFixed(2))} s`,
                LEFT + (plotWidth * i) / 4,
                height - 1
            );
        }
        if (!this.newest) {
            return;
        }
        if (now - (this.labelled ?? -Infinity) > 500) {
            // numbers that change faster cannot be read
            this.labelled = now;
            this.label();
        }
        this.read();
        this.countDrawn();
    }

    /** How much of what is shown each state takes. */
    shares() {
        const {means, states} = this;
        const shares = new Float64Array(states);
        let columns = 0;
        for (let at = 0; at < means.length; at += states) {
            if (!Number.isNaN(means[at])) {
                columns++;
                for (let i = 0; i < states; i++) {
                    shares[i] += means[at + i];
                }
            }
        }
        return columns ? shares.map(share => share / columns) : shares;
    }

    label() {
        const shares = this.shares();
        const order = Array.from(shares.keys());
        if (order.length > MOST_NAMED) {
            order.sort((a, b) => shares[b] - shares[a] || a - b);
        }
        const named = order.slice(0, MOST_NAMED);
        const others = order.slice(MOST_NAMED);
        const percent = share => `${fixed(100 * share, 0)} %`;
        const chip = (swatch, name, value, title) =>
            h('span', {class: 'chip', title}, swatch, h('span', {text: name}), h('span', {class: 'value', text: value}));
        this.legend.replaceChildren(
            ...named.map(i => {
                const swatch = h('span', {class: 'swatch'});
                swatch.style.background = stateColor(i);
                return chip(swatch, String(i), percent(shares[i]), `State ${i}: its share of what is shown`);
            })
        );
        if (others.length) {
            const rest = others.reduce((sum, i) => sum + shares[i], 0);
            const title = 'Point at a band to see its state';
            const all = chip(null, `${others.length} others`, percent(rest), title);
            all.classList.add('others');
            this.legend.append(all);
        }
        const wrong = this.wrong();
        if (wrong) {
            this.legend.prepend(h('span', {class: 'chip warn', text: `not probabilities: ${wrong}`}));
        }
    }

    /** What the newest step misses to be probabilities; empty when nothing. */
    wrong() {
        const {payload, channels, frames} = this.newest;
        const entries = Array.from(payload.subarray((frames - 1) * channels, frames * channels));
        const odd = entries.findIndex(p => !(p >= -SUM_TOLERANCE));
        const sum = entries.reduce((total, p) => total + p, 0);
        return odd >= 0
            ? `entry ${odd} is ${short(entries[odd])}`
            : Math.abs(sum - 1) > SUM_TOLERANCE
              ? `the entries sum to ${fixed(sum, 2)}`
              : '';
    }

    point(event) {
        this.pointer = event && {x: event.offsetX, y: event.offsetY};
        this.read();
    }

    /** The state under the pointer. */
    read() {
        const found = this.pointer ? this.stateAt(this.pointer) : null;
        this.readout.hidden = !found;
        if (found) {
            setText(this.readout, `state ${found.state}: ${fixed(found.probability, 2)}`);
        }
    }

    stateAt({x, y}) {
        const {scroller, means, states} = this;
        const across = (x - LEFT) / (this.canvas.clientWidth - LEFT - RIGHT);
        let left = 1 - (y - TOP) / (this.canvas.clientHeight - BOTTOM - TOP);
        if (!scroller?.width || across < 0 || across >= 1 || left < 0 || left > 1) {
            return null;
        }
        const column =
            (Math.floor(across * scroller.width) + scroller.columnOf(Math.max(0, scroller.newest))) % scroller.width;
        for (let i = 0; i < states; i++) {
            const probability = means[column * states + i];
            left -= probability;
            if (left <= 0) {
                return {state: i, probability};
            }
        }
        return null;
    }

    settings() {
        return h(
            'div',
            {class: 'settings'},
            choice(
                'Time shown',
                [2, 5, 10, 30].map(n => [String(n), `${n} s`]),
                String(this.seconds),
                value => {
                    this.options.seconds = Number(value);
                    this.changed();
                    this.resubscribe();
                }
            ),
            h('p', {
                class: 'hint',
                text: 'Each band is a state, in the colour of its number. Point at one to see which it is.',
            })
        );
    }
}
