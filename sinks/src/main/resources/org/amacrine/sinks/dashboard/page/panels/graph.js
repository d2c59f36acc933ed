// The pipeline: a box with a lamp for each stage, and on each edge how the data moves.

import {h, setText} from '../dom.js';
import {fixed, whole} from '../format.js';
import {redraw} from '../frames.js';
import {layered} from './layered.js';
import {Panel} from './panel.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const BOX = {width: 124, height: 50};
const MARGIN = 10;
/** How far signals that go back keep from the boxes. */
const LOOP_ASIDE = {rightward: 26, downward: 34};
const LABEL = {width: 92, height: 52};
/** A long pipeline may be drawn this much smaller before it turns downward. */
const LEAST_ZOOM = 0.84;
const NUMBERS = 'On each arrow: frames per second; chunks that wait, frames lost; age of the frames, p50 / p99.';

export class GraphPanel extends Panel {
    constructor(context, spec) {
        super(context, spec);
        this.svg = svg('svg', {role: 'img', 'aria-label': 'Stages of the pipeline', 'data-testid': 'canvas'});
        this.body.prepend(this.svg);
        this.note = h('div', {class: 'status note'});
        this.foot.append(this.note);
        this.metrics = () => redraw(this);
        this.hello = () => this.build();
        context.control.addEventListener('metrics', this.metrics);
        context.control.addEventListener('hello', this.hello);
        this.build();
    }

    title() {
        return 'pipeline';
    }

    build() {
        const stages = this.context.control.hello?.graph.stages ?? [];
        this.layout = layered(stages);
        this.arrange();
    }

    resized() {
        this.arrange();
    }

    /** Left to right where that fits, else top to bottom. */
    arrange() {
        const {layout} = this;
        if (!this.body.clientWidth) {
            return;
        }
        const across = layout.layers * BOX.width + (layout.layers - 1) * LABEL.width + 2 * MARGIN;
        const zoom = Math.min(1, this.body.clientWidth / across);
        const rightward = zoom >= LEAST_ZOOM;
        this.zoom = rightward ? zoom : 1;
        const clientWidth = this.body.clientWidth / this.zoom;
        const clientHeight = this.body.clientHeight / this.zoom;
        const layerStep = rightward
            ? Math.max(BOX.width + LABEL.width, (clientWidth - 2 * MARGIN - BOX.width) / Math.max(1, layout.layers - 1))
            : BOX.height + LABEL.height + 8;
        this.gap = layerStep - (rightward ? BOX.width : BOX.height);
        const placeStep = rightward
            ? Math.max(BOX.height + LABEL.height - 12, Math.min(150, (clientHeight - 2 * MARGIN) / layout.places))
            : Math.max(BOX.width + 16, Math.min(200, (clientWidth - 2 * MARGIN) / layout.places));
        const long = (layout.layers - 1) * layerStep + (rightward ? BOX.width : BOX.height) + 2 * MARGIN;
        const loops = layout.loops.length > 0 ? LOOP_ASIDE[rightward ? 'rightward' : 'downward'] : 0;
        const wide = (layout.places - 1) * placeStep + (rightward ? BOX.height : BOX.width) + 2 * (MARGIN + loops);
        this.body.style.minHeight = rightward ? '' : `${Math.ceil(long)}px`;
        const width = Math.max(clientWidth, rightward ? long : wide);
        const height = Math.max(clientHeight, rightward ? wide : long);
        const shift = rightward
            ? {x: (width - long) / 2, y: (height - wide) / 2}
            : {x: (width - wide) / 2, y: (height - long) / 2};
        for (const box of layout.boxes) {
            const along = MARGIN + box.layer * layerStep;
            const aside = MARGIN + loops + box.place * placeStep;
            box.x = shift.x + (rightward ? along : aside);
            box.y = shift.y + (rightward ? aside : along);
        }
        this.paint(width, height, rightward);
    }

    paint(width, height, rightward) {
        this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
        this.svg.setAttribute('width', Math.floor(width * this.zoom));
        this.svg.setAttribute('height', Math.floor(height * this.zoom));
        const arrow = svg(
            'marker',
            {id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto'},
            svg('path', {d: 'M0 1 L7 4 L0 7 z', class: 'arrow'})
        );
        this.labels = [];
        this.lamps = new Map();
        const edges = this.layout.edges.map(edge => this.edge(edge, rightward));
        const loops = this.layout.loops.map(loop => this.loop(loop, rightward));
        const boxes = this.layout.boxes.map(box => this.box(box));
        this.svg.replaceChildren(
            svg('defs', {}, arrow),
            ...edges.map(([line]) => line),
            ...loops,
            ...boxes,
            ...edges.map(([, label]) => label)
        );
        this.draw();
    }

    box({stage, x, y}) {
        const lamp = svg('circle', {class: 'lamp', cx: x + 14, cy: y + 17, r: 5});
        const why = svg('title', {});
        this.lamps.set(stage.name, {lamp, why});
        const kind = stage.kind && stage.kind !== stage.name ? stage.kind : stage.role;
        return svg(
            'g',
            {class: 'stage'},
            why,
            svg('rect', {x, y, width: BOX.width, height: BOX.height, rx: 6}),
            lamp,
            svg('text', {x: x + 26, y: y + 21, class: 'name'}, cut(stage.name, 12)),
            svg('text', {x: x + 12, y: y + 39, class: 'role'}, cut(kind, 18))
        );
    }

    edge({from, to}, rightward) {
        const line = svg('path', {class: 'edge', d: this.route(from, to, rightward), 'marker-end': 'url(#arrow)'});
        const spans = [svg('tspan', {}, ''), svg('tspan', {}, ''), svg('tspan', {}, '')];
        // The numbers belong to the stage that reads; with several edges into it they are shown on the shortest.
        const into = this.layout.edges.filter(edge => edge.to === to);
        const labelled = into.every(
            edge =>
                edge.from.layer < from.layer ||
                edge.from === from ||
                (edge.from.layer === from.layer && into.indexOf(edge) > into.findIndex(other => other.from === from))
        );
        const label = svg('text', {class: 'flow'}, ...spans);
        const at = rightward
            ? {x: to.x - LABEL.width / 2 - 4, y: to.y + BOX.height / 2}
            : {x: to.x + BOX.width / 2 + 8, y: to.y - LABEL.height / 2 - 4};
        label.setAttribute('text-anchor', rightward ? 'middle' : 'start');
        spans.forEach((span, i) => {
            span.setAttribute('x', at.x);
            span.setAttribute('y', at.y + (rightward ? [-6, 14, 27] : [-9, 4, 17])[i]);
        });
        if (labelled) {
            this.labels.push({stage: to.stage.name, spans});
        }
        return [line, label];
    }

    /** What goes back: below the boxes, or beside them downward, from where it ends to where it begins again. */
    loop({from, to, input, delayFrames}, rightward) {
        const aside = box => (rightward ? box.y + BOX.height : box.x + BOX.width);
        const along = (box, part) => (rightward ? box.x + part * BOX.width : box.y + part * BOX.height);
        const point = (at, across) => (rightward ? `${at} ${across}` : `${across} ${at}`);
        const far = Math.max(aside(from), aside(to)) + LOOP_ASIDE[rightward ? 'rightward' : 'downward'];
        const start = along(from, 0.7);
        const end = along(to, 0.3);
        const d =
            `M${point(start, aside(from))} C${point(start, far)} ${point(start, far)} ${point((start + end) / 2, far)}` +
            ` S${point(end, far)} ${point(end, aside(to))}`;
        return svg(
            'path',
            {class: 'edge loop', d, 'marker-end': 'url(#arrow)'},
            svg('title', {}, `back to ${input}, ${delayFrames} frames later`)
        );
    }

    /** A curve that ends straight, so that its numbers have a line to stand on. Computed along and across the flow. */
    route(from, to, rightward) {
        const point = (along, across) => (rightward ? `${along} ${across}` : `${across} ${along}`);
        const middle = box => (rightward ? box.y + BOX.height / 2 : box.x + BOX.width / 2);
        const start = rightward ? from.x + BOX.width : from.y + BOX.height;
        const end = rightward ? to.x : to.y;
        const straight = end - Math.min(rightward ? LABEL.width : LABEL.height, 0.6 * this.gap);
        let path = `M${point(start, middle(from))}`;
        let at = start;
        let across = middle(from);
        if (to.layer - from.layer > 1) {
            // around the boxes in between
            const aside = this.aside(from, to, rightward);
            const turn = 0.3 * this.gap;
            path += ` C${point(start + turn, across)} ${point(start + turn, aside)} ${point(start + 2 * turn, aside)}`;
            at = end - this.gap;
            across = aside;
            path += ` L${point(at, across)}`;
        }
        const bend = (straight - at) / 2;
        const ends = [point(at + bend, across), point(straight - bend, middle(to)), point(straight, middle(to))];
        return `${path} C${ends.join(' ')} L${point(end, middle(to))}`;
    }

    /** Where an edge that passes layers runs: beyond the boxes in between, on the side of where it goes. */
    aside(from, to, rightward) {
        const between = this.layout.boxes.filter(box => box.layer > from.layer && box.layer < to.layer);
        const starts = between.map(box => (rightward ? box.y : box.x));
        const before = to.place < from.place || (to.place === from.place && between.every(box => box.place > to.place));
        // Downward, numbers stand to the right of the middle of a box.
        const room = rightward ? BOX.height + 12 : BOX.width / 2 + LABEL.width + 12;
        return before ? Math.min(...starts) - 12 : Math.max(...starts) + room;
    }

    draw() {
        const metrics = this.context.control.metrics;
        const stages = new Map(metrics?.stages.map(stage => [stage.name, stage]) ?? []);
        for (const [name, {lamp, why}] of this.lamps ?? []) {
            const stage = stages.get(name);
            lamp.setAttribute('data-lamp', stage?.lamp ?? 'off');
            const work = stage?.workMillis
                ? `work ${number(stage.workMillis.p50)} / ${number(stage.workMillis.p99)} ms (p50 / p99)`
                : '';
            setText(
                why,
                [
                    name,
                    stage?.why || (stage?.lamp === 'green' ? 'within its budget' : ''),
                    work,
                    Number.isFinite(stage?.busy) ? `busy ${fixed(100 * stage.busy, 0)} %` : '',
                ]
                    .filter(Boolean)
                    .join('\n')
            );
        }
        const strained = [...stages.values()]
            .filter(stage => stage.why)
            .map(stage => `${stage.name}: ${stage.why}`)
            .join('; ');
        setText(this.note, strained || NUMBERS);
        this.note.title = strained ? `${strained}\n${NUMBERS}` : '';
        for (const {stage: name, spans} of this.labels ?? []) {
            const stage = stages.get(name);
            setText(spans[0], stage ? `${whole(stage.framesPerSecond)} /s` : '');
            setText(spans[1], stage ? `queue ${stage.queue}, lost ${stage.dropped}` : '');
            setText(
                spans[2],
                stage?.ageMillis ? `${number(stage.ageMillis.p50)} / ${number(stage.ageMillis.p99)} ms` : ''
            );
        }
    }

    dispose() {
        super.dispose();
        this.context.control.removeEventListener('metrics', this.metrics);
        this.context.control.removeEventListener('hello', this.hello);
    }
}

function number(x) {
    return Number.isFinite(x) ? (x < 10 ? x.toFixed(1) : x.toFixed(0)) : '–';
}

function cut(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function svg(tag, attributes, ...children) {
    const element = document.createElementNS(NAMESPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
}
