// A signal's newest frame, as an image.

import {choice, h, numberInput, setText} from '../dom.js';
import {MAP_NAMES, colorMap, gradient} from '../colormaps.js';
import {fixed, short, whole, withUnit} from '../format.js';
import {RateMeter, redraw} from '../frames.js';
import {pixelValue} from '../protocol.js';
import {isSigned, isSpikes, mapFor, unitOf} from '../signals.js';
import {Panel} from './panel.js';
import {makeSurface} from './surface.js';

/** The scale grows within a tenth of a second and shrinks within two, so that it does not flicker. */
const GROW_MILLIS = 100;
const SHRINK_MILLIS = 2000;

/** Images that wait for a frame of the screen each; of more, the oldest is not drawn. */
const MOST_WAITING = 3;

export class ImagePanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.newest = null;
        this.waiting = [];
        this.rate = new RateMeter();
        this.frame = h('span', {title: 'Index of the frame'});
        this.drawn = h('span', {title: 'Frames drawn per second'});
        this.lo = h('span');
        this.hi = h('span');
        this.bar = h('div', {class: 'colorbar', role: 'img', 'aria-label': 'Colour bar'});
        this.foot.append(
            h('div', {class: 'scale'}, this.lo, this.bar, this.hi),
            h('div', {class: 'status'}, this.frame, this.account, this.drawn)
        );
        this.readout = h('output', {class: 'readout', hidden: true});
        this.body.append(this.readout);
        this.makeCanvas();
    }

    makeCanvas() {
        this.canvas?.remove();
        this.canvas = h('canvas', {testid: 'canvas', role: 'img', 'aria-label': `Image of ${this.spec.signal}`});
        this.canvas.addEventListener('pointermove', event => this.point(event));
        this.canvas.addEventListener('pointerleave', () => this.point(null));
        this.canvas.addEventListener('click', event => this.pick(event));
        this.canvas.addEventListener('webglcontextlost', () => {
            if (!this.disposed) {
                // a canvas that had WebGL has no 2-D context: take a new one
                this.surface.dispose();
                this.makeCanvas();
                redraw(this);
            }
        });
        this.surface = makeSurface(this.canvas);
        this.body.prepend(this.canvas);
    }

    requests() {
        const {format = 'u8', rate = 30, channel = 0, scale = 'eased', lo, hi} = this.options;
        const request = {signal: this.spec.signal, kind: 'image', rate, format};
        if (channel > 0) {
            request.channel = channel;
        }
        if (scale === 'fixed' && lo < hi) {
            request.scale = [lo, hi];
        }
        return [[request, message => this.receive(message)]];
    }

    /** Images that come in a burst are drawn one with each frame of the screen. */
    receive(message) {
        if (this.waiting.length === MOST_WAITING) {
            this.waiting.shift();
        }
        this.waiting.push(message);
        redraw(this);
    }

    clear() {
        this.eased = null;
        this.waiting = [];
    }

    draw(now) {
        const next = this.waiting.shift();
        const image = next ?? this.newest;
        if (!image) {
            return;
        }
        this.newest = image;
        const [lo, hi] = this.scale(image, now);
        const map = this.options.map ?? mapFor(this.signal);
        const range = hi > lo ? hi - lo : 1;
        const u8 = image.format === 0;
        this.surface.draw(
            image.payload,
            image.rows,
            image.columns,
            (u8 ? image.hi - image.lo : 1) / range,
            ((u8 ? image.lo : 0) - lo) / range,
            colorMap(map)
        );
        if (next) {
            this.drawnAt = now;
            this.countDrawn();
            this.rate.tick(now);
        }
        this.label(image, lo, hi, map, now);
        if (this.place) {
            this.read();
        }
        if (this.waiting.length > 0) {
            redraw(this);
        }
    }

    label(image, lo, hi, map, now) {
        if (now - (this.labelled ?? 0) < 200) {
            // numbers that change faster cannot be read
            return;
        }
        this.labelled = now;
        setText(this.frame, `frame ${whole(image.firstFrame)}`);
        setText(this.drawn, `${fixed(this.rate.rate, 0)} /s`);
        setText(this.lo, short(lo));
        setText(this.hi, withUnit(short(hi), unitOf(this.signal)));
        if (this.barMap !== map) {
            this.barMap = map;
            this.bar.style.background = gradient(map);
        }
    }

    tick(now) {
        if (this.newest && now - this.drawnAt > 1500) {
            setText(this.frame, `frame ${whole(this.newest.firstFrame)}`);
            setText(this.drawn, '0 /s');
        }
    }

    /** What the first and the last colour stand for. */
    scale(image, now) {
        const {scale = 'eased', lo, hi} = this.options;
        if (scale === 'fixed' && lo < hi) {
            return [lo, hi];
        }
        const most = Math.max(Math.abs(image.lo), Math.abs(image.hi));
        const own =
            this.signal && isSigned(this.signal)
                ? [-most, most]
                : this.signal && isSpikes(this.signal)
                  ? [Math.min(0, image.lo), image.hi]
                  : [image.lo, image.hi];
        if (scale === 'frame' || !this.eased) {
            this.eased = own;
        } else {
            const elapsed = now - this.easedAt;
            const toward = (from, to, grows) =>
                from + (to - from) * (1 - Math.exp(-elapsed / (grows ? GROW_MILLIS : SHRINK_MILLIS)));
            const [l, u] = this.eased;
            this.eased = [toward(l, own[0], own[0] < l), toward(u, own[1], own[1] > u)];
        }
        this.easedAt = now;
        return this.eased;
    }

    point(event) {
        this.place = event ? this.pixelAt(event) : null;
        this.readout.hidden = !this.place;
        if (this.place) {
            this.read();
        }
    }

    read() {
        const {row, column} = this.place;
        setText(
            this.readout,
            `row ${row}, column ${column}: ${withUnit(short(this.pixel(row, column)), unitOf(this.signal))}`
        );
    }

    pick(event) {
        const place = this.pixelAt(event);
        if (place) {
            this.context.addTrace(this.spec.signal, [this.options.channel ?? 0, place.row, place.column], this.spec);
        }
    }

    /** The pixel under the pointer; the image is centred in its canvas (object-fit: contain). */
    pixelAt(event) {
        const {clientWidth, clientHeight, width, height} = this.canvas;
        if (!this.newest) {
            return null;
        }
        const zoom = Math.min(clientWidth / width, clientHeight / height);
        const column = Math.floor((event.offsetX - (clientWidth - zoom * width) / 2) / zoom);
        const row = Math.floor((event.offsetY - (clientHeight - zoom * height) / 2) / zoom);
        return row >= 0 && row < height && column >= 0 && column < width ? {row, column} : null;
    }

    pixel(row, column) {
        return pixelValue(this.newest, row, column);
    }

    settings() {
        const {map = mapFor(this.signal), scale = 'eased', format = 'u8', rate = 30, channel = 0} = this.options;
        const set = (name, value) => {
            this.options[name] = value;
            this.changed();
        };
        const ask = (name, value) => {
            set(name, value);
            this.resubscribe();
        };
        const limits = h(
            'div',
            {class: 'limits', hidden: scale !== 'fixed'},
            numberInput('from', this.options.lo ?? '', value => ask('lo', value)),
            numberInput('to', this.options.hi ?? '', value => ask('hi', value))
        );
        const channels = this.signal?.shape[0] ?? 1;
        return h(
            'div',
            {class: 'settings'},
            choice(
                'Colours',
                MAP_NAMES.map(name => [name, name]),
                map,
                value => set('map', value)
            ),
            choice(
                'Scale',
                [
                    ['eased', 'automatic'],
                    ['frame', 'each frame'],
                    ['fixed', 'fixed'],
                ],
                scale,
                value => {
                    if (value === 'fixed' && !(this.options.lo < this.options.hi)) {
                        const [lo, hi] = this.eased ?? [0, 1];
                        [this.options.lo, this.options.hi] = [Number(short(lo)), Number(short(hi))];
                        limits
                            .querySelectorAll('input')
                            .forEach((input, i) => (input.value = [this.options.lo, this.options.hi][i]));
                    }
                    limits.hidden = value !== 'fixed';
                    ask('scale', value);
                }
            ),
            limits,
            choice(
                'Frames per second',
                [10, 20, 30, 60].map(n => [String(n), String(n)]),
                String(rate),
                value => ask('rate', Number(value))
            ),
            choice(
                'Precision',
                [
                    ['u8', '8 bits'],
                    ['f32', '32 bits'],
                ],
                format,
                value => ask('format', value)
            ),
            channels > 1
                ? numberInput('Channel', channel, value => ask('channel', value), {min: 0, max: channels - 1, step: 1})
                : null
        );
    }

    dispose() {
        super.dispose();
        this.disposed = true;
        this.surface.dispose();
    }
}
