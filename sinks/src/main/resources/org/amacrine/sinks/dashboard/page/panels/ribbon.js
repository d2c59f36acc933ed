// A vector of probabilities as bands, stacked over time.

import {choice, h, setText} from '../dom.js';
import {fixed} from '../format.js';
import {redraw} from '../frames.js';
import {shortName} from '../signals.js';
import {color, lineColor} from '../theme.js';
import {Panel, fitCanvas} from './panel.js';
import {Scroller} from './scroller.js';

const LEFT = 34;
const BOTTOM = 18;

export class RibbonPanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.canvas = h('canvas', {testid: 'canvas', role: 'img', 'aria-label': `Probabilities of ${spec.signal}`});
        this.body.prepend(this.canvas);
        this.legend = h('div', {class: 'legend'});
        this.foot.append(this.legend);
        this.covered = -1;
    }

    title() {
        return `ribbon ${shortName(this.spec.signal)}`;
    }

    get seconds() {
        return this.options.seconds ?? 5;
    }

    requests() {
        this.scroller = new Scroller(Math.max(1, Math.round(this.seconds * (this.signal?.stepsPerSecond ?? 1000))));
        this.covered = -1;
        this.fit();
        this.makeLegend(this.signal?.shape[0] ?? 0);
        return [[{signal: this.spec.signal, kind: 'series'}, message => this.receive(message)]];
    }

    makeLegend(entries) {
        this.values = Array.from({length: entries}, () => h('span', {class: 'value'}));
        this.legend.replaceChildren(
            ...this.values.map((value, i) => {
                const swatch = h('span', {class: 'swatch'});
                swatch.style.background = lineColor(i);
                return h('span', {class: 'chip'}, swatch, h('span', {text: String(i)}), value);
            })
        );
    }

    clear() {
        this.scroller.clear();
        this.covered = -1;
    }

    receive(message) {
        const {scroller} = this;
        const end = message.firstFrame + message.frames;
        const missing = this.covered >= 0 && message.firstFrame > this.covered;
        scroller.advance(end);
        if (missing) {
            scroller.fill(this.covered, message.firstFrame, color('--gap'));
        }
        this.covered = end;
        this.newest = message;
        const skip = Math.max(0, message.frames - scroller.windowSteps);
        for (let step = skip; step < message.frames; step++) {
            this.paint(message, step);
        }
        redraw(this);
    }

    paint(message, step) {
        const {scroller} = this;
        const left = scroller.columnOf(message.firstFrame + step);
        const width = Math.max(1, Math.ceil(scroller.width / scroller.windowSteps));
        let sum = 0;
        for (let i = 0; i < message.channels; i++) {
            const top = Math.round(scroller.height * (1 - Math.min(1, sum)));
            sum += Math.max(0, message.payload[step * message.channels + i]);
            const next = Math.round(scroller.height * (1 - Math.min(1, sum)));
            scroller.paint(left, width, lineColor(i), next, top - next);
        }
    }

    fit() {
        const {width, height, ratio} = fitCanvas(this.canvas);
        this.scroller?.resize(Math.round((width - LEFT - 4) * ratio), Math.round((height - BOTTOM - 4) * ratio));
    }

    resized() {
        this.fit();
        redraw(this);
    }

    restyle() {
        this.makeLegend(this.values?.length ?? 0);
        redraw(this);
    }

    draw() {
        if (!this.scroller) {
            return;
        }
        const {context, width, height} = fitCanvas(this.canvas);
        const plotWidth = width - LEFT - 4;
        const plotHeight = height - BOTTOM - 4;
        context.clearRect(0, 0, width, height);
        context.imageSmoothingEnabled = false;
        context.fillStyle = color('--plot');
        context.fillRect(LEFT, 4, plotWidth, plotHeight);
        this.scroller.blit(context, LEFT, 4, plotWidth, plotHeight);
        context.font = '11px system-ui, sans-serif';
        context.fillStyle = color('--muted');
        context.textAlign = 'right';
        context.textBaseline = 'middle';
        for (const p of [0, 0.5, 1]) {
            context.fillText(String(p), LEFT - 6, Math.min(4 + plotHeight - 5, Math.max(9, 4 + plotHeight * (1 - p))));
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
        if (this.newest) {
            const {payload, channels, frames} = this.newest;
            this.values.forEach((value, i) => setText(value, fixed(payload[(frames - 1) * channels + i], 2)));
            this.countDrawn();
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
                    this.resubscribe();
                }
            )
        );
    }
}
