// uPlot, set up as all panels use it.

import uPlot from '../vendor/uplot/uPlot.esm.js';
import {color} from '../theme.js';

const LEAST_Y_AXIS = 46;
const CHARACTER = 6.5;

export const bars = uPlot.paths.bars;

/**
 * A plot that fills an element, without legend. Takes xLabel and yLabel, which make a tick's text; xRange() and
 * yRange(lo, hi); lines as uPlot's series; hover(index), index null when the pointer is elsewhere.
 */
export function makePlot(place, data, {xLabel, yLabel, xRange, yRange, lines, hover}) {
    const axis = (size, gap, label) => ({
        size,
        gap,
        values: (_, ticks) => ticks.map(label),
        stroke: color('--muted'),
        grid: {stroke: color('--grid'), width: 1},
        ticks: {show: false},
        font: '11px system-ui, sans-serif',
    });
    const plot = new uPlot(
        {
            width: Math.max(50, place.clientWidth),
            height: Math.max(40, place.clientHeight),
            legend: {show: false},
            cursor: {show: Boolean(hover), y: false, drag: {x: false, y: false}, points: {show: false}},
            scales: {
                x: {time: false, range: () => xRange()},
                y: yRange ? {range: (_, lo, hi) => yRange(lo, hi)} : {},
            },
            axes: [axis(24, 5, xLabel), axis(roomForLabels, 4, yLabel)],
            series: [{}, ...lines.map(line => ({points: {show: false}, ...line}))],
            hooks: hover ? {setCursor: [self => hover(self.cursor.idx ?? null)]} : {},
        },
        data,
        place
    );
    plot.ctx.canvas.dataset.testid = 'canvas';
    return plot;
}

/** Width of the y axis: that of its longest label. */
function roomForLabels(_, labels) {
    const longest = Math.max(0, ...(labels ?? []).map(label => label.length));
    return Math.max(LEAST_Y_AXIS, 10 + CHARACTER * longest);
}

export function fitPlot(plot, place) {
    if (plot && place.clientWidth > 0) {
        plot.setSize({width: place.clientWidth, height: place.clientHeight});
    }
}
