// What all panels have in common.

import {h, setText} from '../dom.js';
import {millis, whole} from '../format.js';
import {redraw} from '../frames.js';
import {shortName} from '../signals.js';
import {onTheme} from '../theme.js';

/**
 * A panel's inside. The spec is what the layout keeps: {kind, signal, wide, tall, options}. The context has control,
 * streams, save(), and addTrace(signal, probe, near).
 *
 * A subclass gives requests() as pairs [request, frame handler], draw(now), and where needed title(), settings(), clear(),
 * tick(now), resized(), restyle(). What was shown and what was missed stands in account.
 */
export class Panel {
    constructor(context, spec) {
        this.context = context;
        this.spec = spec;
        spec.options ??= {};
        this.streams = [];
        this.shown = false;
        this.ends = new Map();
        this.message = h('p', {class: 'panel-message', hidden: true});
        this.body = h('div', {class: `panel-body ${spec.kind}-body`}, this.message);
        this.foot = h('div', {class: 'panel-foot'});
        this.age = h('span', {title: 'Age of the newest frame, from its capture to its message'});
        this.lost = h('span', {class: 'none', title: 'Messages that did not come'});
        this.account = h('span', {class: 'account', testid: 'account'}, this.age, this.lost);
        this.endTheme = onTheme(() => this.restyle());
        this.observer = new ResizeObserver(() => this.resized());
        this.observer.observe(this.body);
    }

    get options() {
        return this.spec.options;
    }

    get signal() {
        return this.context.control.signal(this.spec.signal);
    }

    /** Short; the full name of the signal is its tooltip. */
    title() {
        return shortName(this.spec.signal);
    }

    requests() {
        return [];
    }

    /** An element with the panel's settings, or null. */
    settings() {
        return null;
    }

    draw() {}

    /** Forgets what belongs to another run. */
    clear() {}

    /** About twice a second, also when nothing comes. */
    tick() {}

    resized() {
        redraw(this);
    }

    restyle() {
        redraw(this);
    }

    /** Subscribes while shown, and only then. */
    show(shown) {
        if (shown === this.shown) {
            return;
        }
        this.shown = shown;
        if (shown) {
            this.subscribe();
        } else {
            this.unsubscribe();
        }
    }

    subscribe() {
        if (this.run === undefined && this.requests !== Panel.prototype.requests) {
            this.say('No data yet.');
        }
        this.streams = this.requests().map(([request, frame]) => {
            return this.context.streams.subscribe(request, {
                frame: message => {
                    this.follow(request.signal, message);
                    this.say('');
                    this.tellAge(message.ageMillis);
                    frame(message);
                },
                failed: sentence => this.say(sentence),
            });
        });
    }

    /** Steps that begin again belong to another run, perhaps of another server; what was drawn is out of date then. */
    follow(signal, message) {
        const end = message.firstFrame + message.frames;
        if (message.run !== this.run || end < (this.ends.get(signal) ?? 0)) {
            this.run = message.run;
            this.ends.clear();
            this.clear();
        }
        this.ends.set(signal, end);
    }

    /** How old the newest frame was when it was sent, and how many messages did not come. */
    tellAge(ageMillis) {
        const now = performance.now();
        if (now - (this.toldAt ?? -Infinity) < 200) {
            // numbers that change faster cannot be read
            return;
        }
        this.toldAt = now;
        const dropped = this.streams.reduce((sum, stream) => sum + stream.dropped, 0);
        setText(this.age, millis(ageMillis));
        setText(this.lost, `${whole(dropped)} dropped`);
        this.lost.classList.toggle('none', dropped === 0);
    }

    unsubscribe() {
        this.streams.forEach(stream => this.context.streams.unsubscribe(stream));
        this.streams = [];
    }

    /** After a change of what is asked for. */
    resubscribe() {
        if (this.shown) {
            this.unsubscribe();
            this.say('');
            this.subscribe();
        }
    }

    changed() {
        this.context.save();
        redraw(this);
    }

    /** A sentence in place of the picture; empty for none. */
    say(sentence) {
        if (this.message.hidden !== !sentence) {
            this.message.hidden = !sentence;
        }
        setText(this.message, sentence);
    }

    countDrawn() {
        this.streams.forEach(stream => stream.drawn++);
    }

    dispose() {
        this.show(false);
        this.observer.disconnect();
        this.endTheme();
    }
}

/** Makes a canvas as fine as the screen; gives its context, scaled so that units are CSS pixels, and its size. */
export function fitCanvas(canvas) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return {context, width, height, ratio};
}
