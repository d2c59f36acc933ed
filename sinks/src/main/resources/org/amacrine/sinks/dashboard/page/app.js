// The dashboard: joins the two connections, the header, the panels and the drawer.

import {takeToken} from './connection.js';
import {Control} from './control.js';
import {find} from './dom.js';
import {Grid} from './grid.js';
import {Header} from './header.js';
import {Parameters} from './parameters.js';
import {Streams} from './streams.js';
import {startTheme} from './theme.js';

startTheme(find('theme'));

const token = takeToken();
let header = null;
const control = new Control(token);
const streams = new Streams(token, () => connectionChanged());
const grid = new Grid(control, streams);
const parameters = new Parameters(control);
header = new Header(control, streams, grid);

control.addEventListener('connection', () => connectionChanged());
control.addEventListener('hello', () => streams.retry());

function connectionChanged() {
    header?.connection();
    if (control.isOpen) {
        header?.explain('');
    } else {
        askWhy();
    }
}

/** WebSockets do not say why they were refused; a plain call does. */
async function askWhy() {
    try {
        const answer = await fetch(
            new URL('api/state', document.baseURI),
            token ? {headers: {Authorization: `Bearer ${token}`}} : {}
        );
        if (answer.status === 401) {
            header.explain(
                'This address needs a token: open the page as printed at the start, with ?token=… at the end.'
            );
        } else if (answer.status === 403) {
            header.explain(
                'The server does not know this address or this token: open the page as printed at the start.'
            );
        }
    } catch {
        header.explain(''); // not reachable at all
    }
}

/** For tests and notebooks. */
window.amacrine = {
    stats: () => streams.stats(),
    pixel: (signal, row, column) => grid.panel('image', signal)?.pixel(row, column) ?? NaN,
    image: signal => {
        const panel = grid.panel('image', signal);
        if (!panel?.newest) {
            return null;
        }
        const {firstFrame, rows, columns, lo, hi, run} = panel.newest;
        return {frame: firstFrame, rows, columns, lo, hi, run, renderer: panel.surface.renderer};
    },
    traces: signal => grid.panel('trace', signal)?.newest() ?? [],
    histogram: signal => grid.panel('histogram', signal)?.newest() ?? null,
    openParameters: open => parameters.toggle(open),
};
