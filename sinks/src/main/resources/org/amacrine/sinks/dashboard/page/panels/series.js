// The newest steps of one value.

/**
 * A ring of values by step. NaN stands for a step that never came. With smoothing over n steps, what is kept is the mean
 * of the last n values, times a gain.
 */
export class Series {
    constructor(capacity, smoothing = 1, gain = 1) {
        this.values = new Float32Array(capacity);
        this.smoothing = smoothing;
        this.gain = gain;
        this.recent = new Float64Array(smoothing);
        this.clear();
    }

    clear() {
        this.first = 0;
        this.end = 0;
        this.restart();
    }

    restart() {
        this.recent.fill(0);
        this.sum = 0;
        this.seen = 0;
    }

    /** Takes every stride-th value of a block of steps, from the given offset; steps held already are passed over. */
    append(firstStep, steps, block, offset, stride) {
        const capacity = this.values.length;
        if (this.end === 0 || firstStep - this.end >= capacity || firstStep + steps < this.end - capacity) {
            this.clear();
            this.first = firstStep;
            this.end = firstStep;
        } else if (firstStep > this.end) {
            for (let step = this.end; step < firstStep; step++) {
                this.values[step % capacity] = NaN;
            }
            this.end = firstStep;
            this.restart();
        }
        for (let step = this.end; step < firstStep + steps; step++) {
            this.values[step % capacity] = this.smooth(block[offset + stride * (step - firstStep)]);
        }
        this.end = Math.max(this.end, firstStep + steps);
        this.first = Math.max(this.first, this.end - capacity);
    }

    smooth(x) {
        if (this.smoothing === 1) {
            return this.gain * x;
        }
        const place = this.seen % this.smoothing;
        this.sum += x - this.recent[place];
        this.recent[place] = x;
        this.seen++;
        return (this.gain * this.sum) / Math.min(this.seen, this.smoothing);
    }

    at(step) {
        return step >= this.first && step < this.end ? this.values[step % this.values.length] : NaN;
    }

    /**
     * Least and greatest of the steps from (inclusive) to (exclusive) into out[at] and out[at + 1], in the order in which
     * they came. null is a gap; undefined is no step in between, to be drawn across.
     */
    extremes(from, to, out, at) {
        let lo = Infinity;
        let hi = -Infinity;
        let loStep = -1;
        let hiStep = -1;
        for (let step = Math.max(from, this.first); step < Math.min(to, this.end); step++) {
            const x = this.values[step % this.values.length];
            if (x < lo) {
                lo = x;
                loStep = step;
            }
            if (x > hi) {
                hi = x;
                hiStep = step;
            }
        }
        if (loStep < 0) {
            out[at] = from >= to ? undefined : null;
            out[at + 1] = out[at];
        } else {
            out[at] = loStep <= hiStep ? lo : hi;
            out[at + 1] = loStep === hiStep ? undefined : loStep < hiStep ? hi : lo;
        }
    }
}
