// Drawing: whatever asks for it is drawn once with the next animation frame.

const dirty = new Set();
let requested = false;

/** Target has draw(now), now in milliseconds. */
export function redraw(target) {
    dirty.add(target);
    if (!requested) {
        requested = true;
        requestAnimationFrame(run);
    }
}

function run(now) {
    requested = false;
    const targets = [...dirty];
    dirty.clear();
    targets.forEach(target => target.draw(now));
}

/** Events per second, over the last second or so. */
export class RateMeter {
    constructor() {
        this.count = 0;
        this.since = 0;
        this.rate = NaN;
    }

    /** Counts one event; gives the rate, NaN during the first second. */
    tick(now) {
        if (this.since === 0 || now - this.since > 3000) {
            this.since = now;
            this.count = 0;
        } else if (++this.count && now - this.since >= 1000) {
            this.rate = (1000 * this.count) / (now - this.since);
            this.since = now;
            this.count = 0;
        }
        return this.rate;
    }
}
