// The spikes of a row of cells over the last two seconds; ON and OFF cells in bands of their own.

import {choice, h, numberInput, setText} from '../dom.js';
import {whole} from '../format.js';
import {redraw} from '../frames.js';
import {isOff, partnerOf, shortName} from '../signals.js';
import {color} from '../theme.js';
import {Panel, fitCanvas} from './panel.js';
import {Scroller} from './scroller.js';

const WINDOW_SECONDS = 2;
const LEFT = 34;
const BOTTOM = 18;
const BETWEEN = 6;

export class RasterPanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.canvas = h('canvas', {testid: 'canvas', role: 'img', 'aria-label': `Spikes of ${spec.signal}`});
        this.body.prepend(this.canvas);
        this.bands = [];
        this.counter = h('span', {title: 'Spikes per second of a cell, over the window'});
        this.rowPlace = h('span', {class: 'row-choice'});
        this.foot.append(h('div', {class: 'status'}, this.rowPlace, this.counter));
    }

    title() {
        const names = this.bands.length > 1 || this.names().length > 1 ? ', ON and OFF' : '';
        return `raster ${shortName(this.spec.signal).replace(names ? /_(ON|OFF)$/ : /$^/, '')}${names}`;
    }

    names() {
        const signal = this.signal;
        const partner =
            signal && this.options.partner !== false ? partnerOf(signal, this.context.control.hello.signals) : null;
        const names = partner ? [signal.name, partner.name] : [this.spec.signal];
        return names.sort((a, b) => isOff(a) - isOff(b)); // ON above OFF
    }

    row() {
        const rows = this.signal?.shape[1] ?? 1;
        return Math.min(this.options.row ?? Math.floor(rows / 2), rows - 1);
    }

    requests() {
        if (!this.signal) {
            return [[{signal: this.spec.signal, kind: 'events', row: 0}, () => {}]]; // the server says what is wrong
        }
        const [channels, rows, columns] = this.signal.shape;
        const rate = this.signal.stepsPerSecond;
        this.bands = this.names().map(name => ({
            name,
            scroller: new Scroller(WINDOW_SECONDS * rate),
            covered: -1,
            cells: columns,
        }));
        this.rowPlace.replaceChildren(
            numberInput('row', this.row(), row => this.choose('row', row), {min: 0, max: rows - 1, step: 1}),
            h('span', {text: `of ${rows}, ${whole(columns)} cells`})
        );
        if (channels > 1) {
            this.rowPlace.append(
                numberInput('channel', this.options.channel ?? 0, channel => this.choose('channel', channel), {
                    min: 0,
                    max: channels - 1,
                    step: 1,
                })
            );
        }
        this.fit();
        return this.bands.map(band => [
            {
                signal: band.name,
                kind: 'events',
                channel: this.options.channel ?? 0,
                row: this.row(),
                column: 0,
                cells: columns,
            },
            message => this.receive(band, message),
        ]);
    }

    choose(name, value) {
        this.options[name] = Math.max(0, Math.round(value));
        this.changed();
        this.resubscribe();
    }

    clear() {
        for (const band of this.bands) {
            band.scroller.clear();
            band.covered = -1;
        }
    }

    receive(band, message) {
        const {scroller} = band;
        const end = message.firstFrame + message.frames;
        const missing = band.covered >= 0 && message.firstFrame > band.covered;
        this.bands.forEach(other => other.scroller.advance(end));
        if (missing) {
            scroller.fill(band.covered, message.firstFrame, color('--gap'));
        }
        band.covered = end;
        band.cells = message.columns || band.cells;
        const rate = this.signal?.stepsPerSecond ?? 1000;
        const share = Math.min(1, message.frames / rate); // eased over about a second
        const hertz = ((message.count / band.cells) * rate) / Math.max(1, message.frames);
        band.hertz = (band.hertz ?? hertz) + share * (hertz - (band.hertz ?? hertz));
        const events = message.payload;
        const height = scroller.height;
        const mark = Math.max(this.ratio, height / band.cells);
        const width = Math.max(this.ratio * 1.25, scroller.width / scroller.windowSteps);
        scroller.context.fillStyle = color(isOff(band.name) ? '--off' : '--on');
        for (let i = 0; i < events.length; i += 2) {
            const y = Math.floor((events[i + 1] * (height - mark)) / Math.max(1, band.cells - 1));
            scroller.context.fillRect(scroller.columnOf(message.firstFrame + events[i]), y, width, mark);
        }
        if (end === scroller.newest) {
            // marks are wider than a step and reach into what comes next
            scroller.paint(scroller.columnOf(end), Math.ceil(width), null, 0, height);
        }
        redraw(this);
    }

    /** Fits the canvas and the bands to the room there is; gives what fitCanvas gives. */
    fit() {
        const fitted = fitCanvas(this.canvas);
        const {width, height, ratio} = fitted;
        this.ratio = ratio;
        const count = Math.max(1, this.bands.length);
        this.bandHeight = (height - BOTTOM - 4 - (count - 1) * BETWEEN) / count;
        this.bands.forEach(band =>
            band.scroller.resize(Math.round((width - LEFT - 4) * ratio), Math.round(this.bandHeight * ratio))
        );
        return fitted;
    }

    resized() {
        this.fit();
        redraw(this);
    }

    draw() {
        if (!this.bands.length) {
            return;
        }
        const {context, width, height} = this.fit();
        context.clearRect(0, 0, width, height);
        context.font = '11px system-ui, sans-serif';
        context.imageSmoothingEnabled = false;
        const plotWidth = width - LEFT - 4;
        // Up to where all bands have come, unless one is far behind.
        const newest = Math.max(...this.bands.map(band => band.scroller.newest));
        const shown = Math.max(
            Math.min(...this.bands.map(band => band.covered)),
            newest - this.bands[0].scroller.windowSteps / 4,
            0
        );
        this.bands.forEach((band, i) => {
            const top = 4 + i * (this.bandHeight + BETWEEN);
            context.fillStyle = color('--plot');
            context.fillRect(LEFT, top, plotWidth, this.bandHeight);
            band.scroller.blit(context, LEFT, top, plotWidth, this.bandHeight, shown);
            context.fillStyle = color(isOff(band.name) ? '--off' : '--on');
            context.textAlign = 'right';
            context.textBaseline = 'middle';
            const label = /_(ON|OFF)$/.exec(band.name)?.[1] ?? 'cells';
            context.fillText(label, LEFT - 6, top + this.bandHeight / 2);
        });
        context.fillStyle = color('--muted');
        context.textBaseline = 'bottom';
        for (let s = 0; s <= WINDOW_SECONDS; s += 0.5) {
            context.textAlign = s === 0 ? 'left' : s === WINDOW_SECONDS ? 'right' : 'center';
            context.fillText(
                s === WINDOW_SECONDS ? 'now' : `−${WINDOW_SECONDS - s} s`,
                LEFT + (plotWidth * s) / WINDOW_SECONDS,
                height - 1
            );
        }
        setText(
            this.counter,
            this.bands
                .map(band => `${/_(ON|OFF)$/.exec(band.name)?.[1] ?? ''} ${(band.hertz ?? 0).toFixed(1)} Hz`)
                .join('   ')
        );
        this.countDrawn();
    }

    settings() {
        const signal = this.signal;
        if (!signal || !partnerOf(signal, this.context.control.hello.signals)) {
            return null;
        }
        return h(
            'div',
            {class: 'settings'},
            choice(
                'Cells',
                [
                    ['both', 'ON and OFF'],
                    ['one', shortName(signal.name)],
                ],
                this.options.partner === false ? 'one' : 'both',
                value => {
                    this.options.partner = value === 'both';
                    this.changed();
                    this.resubscribe();
                }
            )
        );
    }
}
