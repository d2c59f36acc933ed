// How the firing rates of the cells are distributed.

import {h, setText} from '../dom.js';
import {fixed} from '../format.js';
import {redraw} from '../frames.js';
import {shortName} from '../signals.js';
import {color} from '../theme.js';
import {Panel} from './panel.js';
import {bars, fitPlot, makePlot} from './plot.js';

const BINS = 40;
const AVERAGE_SECONDS = 1;
const SILENT_HERTZ = 0.5;
/** Above this, 8 bits have to do. */
const MOST_FLOAT_CELLS = 40000;

export class HistogramPanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.plotPlace = h('div', {class: 'plot'});
        this.body.prepend(this.plotPlace);
        this.summary = h('div', {class: 'status'});
        this.mean = h('span');
        this.silent = h('span', {title: `Share of cells below ${SILENT_HERTZ} Hz; the bars show the others`});
        this.greatest = h('span');
        this.summary.append(this.mean, this.silent, this.greatest);
        this.foot.append(this.summary);
        this.rates = null;
        this.top = 0;
        this.counts = new Float64Array(BINS);
        this.centers = new Float64Array(BINS);
    }

    title() {
        return `rates ${shortName(this.spec.signal)}`;
    }

    requests() {
        const signal = this.signal;
        const cells = signal ? signal.shape[1] * signal.shape[2] : 0;
        return [
            [
                {
                    signal: this.spec.signal,
                    kind: 'image',
                    rate: cells > MOST_FLOAT_CELLS ? 10 : 20,
                    format: cells > MOST_FLOAT_CELLS ? 'u8' : 'f32',
                },
                message => this.receive(message),
            ],
        ];
    }

    /** Averages each cell's rate over about a second: over 50 ms alone, rates are multiples of 20 Hz. */
    receive(message) {
        const image = message.payload;
        const toHertz = message.format === 0 ? (message.hi - message.lo) / 255 : 1;
        const zero = message.format === 0 ? message.lo : 0;
        if (this.rates?.length !== image.length) {
            this.rates = new Float32Array(image.length);
            this.last = null;
        }
        const stepsPerSecond = this.signal?.stepsPerSecond ?? 1000;
        // The plain mean at first, then a decaying one.
        const elapsed = this.last === null ? 1 / stepsPerSecond : (message.firstFrame - this.last) / stepsPerSecond;
        this.seconds = Math.min(AVERAGE_SECONDS, this.last === null ? elapsed : this.seconds + elapsed);
        this.last = message.firstFrame;
        const share = Math.min(1, elapsed / this.seconds);
        for (let i = 0; i < image.length; i++) {
            this.rates[i] += share * (zero + toHertz * image[i] - this.rates[i]);
        }
        redraw(this);
    }

    clear() {
        this.last = null;
    }

    draw() {
        if (!this.rates) {
            return;
        }
        let greatest = 0;
        let sum = 0;
        for (const rate of this.rates) {
            greatest = rate > greatest ? rate : greatest;
            sum += rate;
        }
        if (greatest > this.top || greatest < this.top / 2.5) {
            this.top = Math.max(10, niceAbove(greatest));
        }
        this.counts.fill(0);
        let silent = 0;
        for (const rate of this.rates) {
            if (rate < SILENT_HERTZ) {
                silent++;
            } else {
                this.counts[Math.min(BINS - 1, Math.floor((rate / this.top) * BINS))]++;
            }
        }
        const cells = this.rates.length;
        for (let i = 0; i < BINS; i++) {
            this.counts[i] *= 100 / cells;
            this.centers[i] = ((i + 0.5) * this.top) / BINS;
        }
        if (!this.plot) {
            this.makePlot();
        }
        this.plot.setData([this.centers, this.counts]);
        setText(this.mean, `mean ${fixed(sum / cells, 1)} Hz`);
        setText(this.silent, `silent ${fixed((100 * silent) / cells, 0)} %`);
        setText(this.greatest, `max ${fixed(greatest, 0)} Hz`);
        this.countDrawn();
    }

    makePlot() {
        this.plot = makePlot(this.plotPlace, [this.centers, this.counts], {
            xLabel: tick => `${tick} Hz`,
            yLabel: tick => `${tick} %`,
            xRange: () => [0, this.top],
            yRange: (lo, hi) => [0, niceAbove(Math.max(hi, 1))],
            lines: [
                {stroke: color('--accent'), fill: color('--accent-soft'), width: 1, paths: bars({size: [1], gap: 1})},
            ],
        });
    }

    resized() {
        fitPlot(this.plot, this.plotPlace);
    }

    restyle() {
        this.plot?.destroy();
        this.plot = null;
        redraw(this);
    }

    /** Bars as they stand: their middles in hertz, and the share of the cells in each in percent. */
    newest() {
        return {hertz: Array.from(this.centers), percent: Array.from(this.counts)};
    }

    dispose() {
        super.dispose();
        this.plot?.destroy();
    }
}

/** 1, 2, 3, 5 or 8 times a power of ten, not below x. */
function niceAbove(x) {
    const power = 10 ** Math.floor(Math.log10(Math.max(x, 1e-6)));
    return power * [1, 2, 3, 5, 8, 10].find(step => step * power >= x * 0.999);
}
