// The panels on the page: added, removed, resized, moved; subscribed only while they can be seen.

import {find, h, iconButton, reveal, setText} from './dom.js';
import {defaultLayout, forgetLayout, loadLayout, saveLayout} from './layout.js';
import {makeMovable} from './moving.js';
import {GraphPanel} from './panels/graph.js';
import {HistogramPanel} from './panels/histogram.js';
import {ImagePanel} from './panels/image.js';
import {RasterPanel} from './panels/raster.js';
import {RibbonPanel} from './panels/ribbon.js';
import {TracePanel} from './panels/trace.js';

const KINDS = {
    image: ImagePanel,
    raster: RasterPanel,
    trace: TracePanel,
    histogram: HistogramPanel,
    ribbon: RibbonPanel,
    graph: GraphPanel,
};

/** Kinds that have a use for width. */
const LONG = new Set(['raster', 'trace', 'ribbon', 'graph']);

/** Entries are {spec, panel, element, inView}, in the order of the page. */
export class Grid {
    constructor(control, streams) {
        this.control = control;
        this.place = find('panels');
        this.entries = [];
        this.pipeline = null;
        this.untouched = false;
        this.context = {
            control,
            streams,
            save: () => this.save(),
            addTrace: (signal, probe, near) => this.addTrace(signal, probe, near),
        };
        this.watch = new IntersectionObserver(
            seen =>
                seen.forEach(({target, isIntersecting}) => {
                    const entry = this.entries.find(other => other.element === target);
                    if (entry) {
                        entry.inView = isIntersecting;
                        this.showOrHide(entry);
                    }
                }),
            {rootMargin: '100px'}
        );
        document.addEventListener('visibilitychange', () => this.entries.forEach(entry => this.showOrHide(entry)));
        control.addEventListener('hello', () => this.hello());
        control.addEventListener('metrics', () => this.entries.forEach(entry => entry.panel.tick(performance.now())));
    }

    hello() {
        const {pipeline, signals, run} = this.control.hello;
        const kept = loadLayout(pipeline);
        if (pipeline !== this.pipeline || (this.untouched && JSON.stringify(signals) !== this.signals)) {
            this.pipeline = pipeline;
            this.untouched = kept === null; // follows the signals until a person arranges it
            this.fill(kept ?? defaultLayout(signals));
        } else if (run !== this.run || JSON.stringify(signals) !== this.signals) {
            // Shapes may have changed, so ask anew; panels draw on with what they have.
            this.entries.forEach(entry => entry.panel.resubscribe());
        }
        this.run = run;
        this.signals = JSON.stringify(signals);
        this.entries.forEach(entry => this.title(entry));
    }

    fill(specs) {
        this.clear();
        specs.filter(spec => KINDS[spec.kind]).forEach(spec => this.append(spec));
    }

    reset() {
        forgetLayout(this.pipeline);
        this.untouched = true;
        this.fill(defaultLayout(this.control.hello?.signals ?? []));
    }

    clear() {
        this.entries.forEach(entry => this.drop(entry));
        this.entries = [];
    }

    /** Adds a panel, at the end or after another, and shows it. */
    add(kind, signal, options = {}, after = null) {
        const entry = this.append({kind, signal, wide: LONG.has(kind), tall: false, options}, after);
        this.save();
        reveal(entry.element);
        return entry;
    }

    append(spec, after = null) {
        const panel = new KINDS[spec.kind](this.context, spec);
        const entry = {spec, panel, element: null, inView: false};
        entry.element = this.frame(entry);
        panel.onTitle = () => this.title(entry);
        const at = after ? this.entries.indexOf(after) + 1 : this.entries.length;
        this.place.insertBefore(entry.element, this.entries[at]?.element ?? null);
        this.entries.splice(at, 0, entry);
        this.title(entry);
        this.watch.observe(entry.element);
        return entry;
    }

    frame(entry) {
        const {spec, panel} = entry;
        const toggle = (side, label) =>
            iconButton(
                side,
                label,
                event => {
                    spec[side] = !spec[side];
                    event.currentTarget.setAttribute('aria-pressed', String(spec[side]));
                    entry.element.classList.toggle(side, spec[side]);
                    this.save();
                },
                {'aria-pressed': String(Boolean(spec[side]))}
            );
        entry.heading = h('h2');
        const settings = h('div', {class: 'panel-settings', hidden: true});
        const options = iconButton(
            'options',
            'Settings',
            () => {
                settings.hidden = !settings.hidden;
                options.setAttribute('aria-expanded', String(!settings.hidden));
                settings.replaceChildren(
                    ...(settings.hidden
                        ? []
                        : [panel.settings() ?? h('p', {class: 'hint', text: 'Nothing to set here.'})])
                );
            },
            {'aria-expanded': 'false'}
        );
        const handle = iconButton('handle', 'Move: drag, or use the arrow keys', () => {}, {
            class: 'icon-button handle',
        });
        const bar = h(
            'header',
            {class: 'panel-bar'},
            handle,
            entry.heading,
            spec.kind === 'image' ? null : panel.account,
            spec.kind === 'graph' || spec.kind === 'histogram' ? null : options,
            toggle('wide', 'Two columns wide'),
            toggle('tall', 'Two rows tall'),
            iconButton('close', 'Remove', () => this.remove(entry))
        );
        const element = h(
            'section',
            {
                class: ['panel', spec.wide && 'wide', spec.tall && 'tall', LONG.has(spec.kind) && 'long']
                    .filter(Boolean)
                    .join(' '),
                testid: `panel-${spec.signal}-${spec.kind}`,
            },
            bar,
            panel.body,
            panel.foot,
            settings
        );
        element.addEventListener('keydown', event => {
            if (event.key === 'Escape' && !settings.hidden) {
                options.click();
                options.focus();
            }
        });
        makeMovable(this, entry, element, bar, handle);
        return element;
    }

    title(entry) {
        const title = entry.panel.title();
        setText(entry.heading, title);
        entry.heading.title = `${entry.spec.signal}, ${entry.spec.kind}`;
        entry.element.setAttribute('aria-label', title);
    }

    remove(entry) {
        const at = this.entries.indexOf(entry);
        this.entries.splice(at, 1);
        this.drop(entry);
        this.save();
        (this.entries[Math.min(at, this.entries.length - 1)]?.element.querySelector('.handle') ?? this.place).focus();
    }

    drop(entry) {
        this.watch.unobserve(entry.element);
        entry.panel.dispose();
        entry.element.remove();
    }

    /** Puts an entry at another place in the order. */
    move(entry, to) {
        const from = this.entries.indexOf(entry);
        const at = Math.max(0, Math.min(this.entries.length - 1, to));
        if (at !== from) {
            this.entries.splice(from, 1);
            this.entries.splice(at, 0, entry);
            this.place.insertBefore(entry.element, this.entries[at + 1]?.element ?? null);
        }
    }

    /** Adds a line to the trace panel of a signal; makes one, beside the image, where there is none. */
    addTrace(signal, probe, near) {
        const entry = this.entries.find(
            ({spec, panel}) => spec.kind === 'trace' && panel.options.lines && panel.has(signal)
        );
        if (entry) {
            entry.panel.add(signal, probe);
            reveal(entry.element);
        } else {
            this.add('trace', signal, {lines: [{signal, probe}]}, this.entries.find(({spec}) => spec === near) ?? null);
        }
    }

    /** Images rest while the page is hidden; series go on, so that traces have no gap. */
    showOrHide(entry) {
        const image = entry.spec.kind === 'image' || entry.spec.kind === 'histogram';
        entry.panel.show(entry.inView && !(image && document.hidden));
    }

    save() {
        this.untouched = false;
        saveLayout(
            this.pipeline,
            this.entries.map(entry => entry.spec)
        );
    }

    /** The first panel of a kind and a signal, or null. */
    panel(kind, signal) {
        return this.entries.find(({spec}) => spec.kind === kind && spec.signal === signal)?.panel ?? null;
    }
}
